"""What it costs somebody else to come by the like."""
