"""How well a classifier serves another use than the stated one."""
