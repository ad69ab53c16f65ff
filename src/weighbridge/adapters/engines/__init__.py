"""Where a fold runs: in this process, in worker processes, or on Spark."""
