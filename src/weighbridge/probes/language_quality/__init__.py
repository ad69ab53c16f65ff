"""How well the model does in each language."""
