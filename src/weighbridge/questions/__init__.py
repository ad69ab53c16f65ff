"""The questions people answer, one folder each: data, found like probes."""
