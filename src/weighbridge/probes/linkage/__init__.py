"""What two tables tell together that neither tells alone."""
