"""Keys of the people who sign."""
