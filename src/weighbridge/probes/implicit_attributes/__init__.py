"""Whether something sensitive can be told from what is released although it is not said."""
