"""Whether a classifier tells who was among its training records."""
