"""What a release text claims, and whether any evidence stands behind it."""
