"""Files, engines and databases behind the ports."""
