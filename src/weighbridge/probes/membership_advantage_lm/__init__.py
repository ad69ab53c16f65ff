"""Whether it can be found out from a language model which documents it was trained on."""
