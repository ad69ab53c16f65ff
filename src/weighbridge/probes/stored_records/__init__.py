"""Whether training data is kept inside the released files outright."""
