"""Arrays in, numbers out; none of our nouns. numpy and scipy only."""
