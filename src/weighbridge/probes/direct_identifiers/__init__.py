"""The probe `direct-identifiers`."""
