"""Whether the model leans on what is true of English: strict word order, standard spelling, the word as the unit."""
