"""Whether members and non-members can be told apart without the model."""
