"""Whether a language model gives its training text back, word for word."""
