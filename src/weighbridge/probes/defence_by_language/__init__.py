"""Where what the model writes can be told from what people write: language by language, and where nobody looked."""
