"""What becomes of public data in a new place."""
