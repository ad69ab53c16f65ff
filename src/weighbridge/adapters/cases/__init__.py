"""Cases: their files, grown from a few lines each."""
