"""What many outputs of a model tell together that none tells alone."""
