"""Where people gather, and whether it stands out."""
