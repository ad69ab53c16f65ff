"""Whether text of this model can be told from what people write, by a pool of detectors that is attacked."""
