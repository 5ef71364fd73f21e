"""What a session tells the room: outputs only, never on the safety path, no control comes in."""
