"""Models: causal language models and classifiers, opened without running any code of theirs."""
