"""Which languages and scripts there are, against those that are claimed."""
