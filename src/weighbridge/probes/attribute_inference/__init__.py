"""Whether somebody who knows the rest of a record can complete it by asking the model."""
