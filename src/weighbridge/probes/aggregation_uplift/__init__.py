"""How much more the whole tells than its parts."""
