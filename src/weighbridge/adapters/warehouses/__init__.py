"""Tables that are counted where they lie: aggregates are asked for, and no row leaves."""
