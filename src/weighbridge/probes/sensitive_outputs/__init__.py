"""Whether an output names something that can hurt people."""
