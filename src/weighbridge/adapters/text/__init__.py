"""Documents from files, as a stream."""
