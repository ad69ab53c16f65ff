"""Which columns together make people unique."""
