"""Precedents: found by their words, and taken from the copies that users have of other collections."""
