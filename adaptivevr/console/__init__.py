"""What the clinician sees and the sockets that carry it; holds no state of its own but records."""
