"""What is ordinary for one person: features become a baseline."""
