"""How much better than chance a model guesses secrets of its training text."""
