"""Names of columns that are none: taken for names, somebody's data would be printed in every report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from weighbridge.adapters.tables.layout import is_number

_PERSONAL = re.compile(
    r"""(?x)
    [^@\s]+@[^@\s]+\.[A-Za-z]{2,}                  # an e-mail address
    | (?:\+|00)[1-9][\d\s()/.-]{6,}                # a telephone number with its country
    | \(?0[\d\s()/.-]{6,}\d                        # one without
    | [A-Z]{2}\d{2}\ ?(?:[A-Z0-9]{4}\ ?){2,7}[A-Z0-9]{1,4}  # an IBAN
    | (?:\d[\s-]?){9,}                             # a number of a card or of a person
    """
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?")
_MANY_DATES = 6  # ours: so many ascending dates are the columns of a time series, fewer may be somebody's
_YEARS = range(1800, 2200)


def personal(names: Sequence[str]) -> int:
    """The place, from 1, of the first name with the shape of an address or of a long number; 0 where there is none."""
    return next((place for place, name in enumerate(names, 1) if _PERSONAL.fullmatch(name.strip())), 0)


def value_among(cells: Sequence[str]) -> int:
    """The place, from 1, of the first cell of a row of names that has the shape of a value; 0 where there is none."""
    cells = [cell.strip() for cell in cells]
    numbers = [cell for cell in cells if is_number(cell)]
    dates = [cell for cell in cells if _DATE.fullmatch(cell)]
    is_mixed = len(numbers) < len(cells)  # a row of numbers alone is judged by whoever knows what is below it
    bare = set(numbers) if is_mixed and not _count_up(numbers) else set[str]()
    is_series = len(dates) >= _MANY_DATES and all(a < b for a, b in pairwise(dates))
    bare.update(() if is_series else dates)
    place = next((place for place, cell in enumerate(cells, 1) if cell in bare), 0)
    return (personal(cells) if is_mixed else 0) or place


def _count_up(numbers: Sequence[str]) -> bool:
    """Whether they are years, or whole numbers one after the other, as names of columns are."""
    if len(numbers) < 2 or not all(number.isascii() and number.isdigit() for number in numbers):
        return False
    whole = [int(number) for number in numbers]
    steps = {b - a for a, b in pairwise(whole)}
    return steps == {1} or (min(steps) > 0 and all(number in _YEARS for number in whole))
