"""Which languages it serves that few others do."""
