"""How many people a few points of their trace single out."""
