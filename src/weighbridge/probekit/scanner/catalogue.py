"""All patterns there are, by their slugs: what a count that comes out of a state stands for."""

from __future__ import annotations

import functools

from weighbridge.probekit.scanner import digits, people, places, tokens
from weighbridge.probekit.scanner.kinds import Pattern
from weighbridge.probekit.scanner.officials import checked


@functools.cache
def patterns() -> dict[str, Pattern]:
    """Every pattern of the scanner."""
    made = [value for module in (tokens, digits, places, people) for value in vars(module).values()]
    found = [value for value in made if isinstance(value, Pattern)]
    for entry in checked():
        found += [entry.spoken, entry.alone, entry.dated, entry.by_region, entry.example]
    return {pattern.slug: pattern for pattern in found}
