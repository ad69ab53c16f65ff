"""What stands in pictures, sound and film beside pixels and sound."""
