"""What text in each language costs in tokens, against English."""
