"""The probes, one folder each; nothing here lists them."""
