"""Reports of other tools, read as evidence: a card and a reader for each tool."""
