"""Direct identifiers in text: where something may stand, confirmed there, checked by digits and libraries, in tiers."""
