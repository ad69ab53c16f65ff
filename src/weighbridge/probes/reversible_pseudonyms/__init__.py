"""Pseudonyms that can be turned back."""
