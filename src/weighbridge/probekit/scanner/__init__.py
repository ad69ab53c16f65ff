"""Direct identifiers in text: triggers, confirmed in a window, checked by check digits and libraries, sorted in tiers."""
