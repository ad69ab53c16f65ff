"""Cells of few people, shown or derived."""
