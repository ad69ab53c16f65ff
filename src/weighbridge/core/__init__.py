"""The nouns of Weighbridge, their ports, errors and canonical form. Standard library only."""
