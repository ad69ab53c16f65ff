"""Candidate files: read, drafted, written."""
