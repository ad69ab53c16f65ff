"""Can text of this model be told from what people write, and by a pool of detectors that is attacked?"""
