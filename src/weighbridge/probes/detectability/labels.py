"""Labels that may be shown: short, printable, and none that could be a person's or a key."""

from __future__ import annotations

import re

_LONGEST = 40  # characters of a label; a longer one is none
# An address; seven digits or more but for what parts them: a number of a telephone, a card or a person; and sixteen
# letters and digits, both, in a row: a key. How many is ours.
_SECRET = re.compile(r"\S@\S|(?:\d[ .()/-]*){7}|(?=[A-Za-z+/]*\d)(?=[\d+/]*[A-Za-z])[A-Za-z0-9+/]{16,}")


def is_label(value: str) -> bool:
    """Whether a value is one that may be shown; an empty one may."""
    return len(value) <= _LONGEST and (not value or value.isprintable()) and not _SECRET.search(value)
