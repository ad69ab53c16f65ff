"""One verb per file: what Weighbridge does, over ports."""
