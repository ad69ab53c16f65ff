"""Tables from files: read as a stream, unpacked once, counted by DuckDB."""
