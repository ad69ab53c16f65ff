"""What a probe may touch: the ports of its bench, a bench for tests, and the known weights it is checked with."""
