"""Policies: parsed, applied to evidence, and added up. Standard library only; no time, no randomness."""
