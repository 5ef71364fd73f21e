"""What can be seen: an intensity becomes a scene frame, and renderers show it."""
