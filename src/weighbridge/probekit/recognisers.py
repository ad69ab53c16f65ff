"""Recognisers of the user's own, such as Presidio or a model for names: loaded by name, and only where one is named.

A package offers one under the entry-point group `weighbridge.recognisers`; what it names is called without arguments
and gives a `Recogniser`. It runs in our process, with the rights that we have: name only what you trust.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier

GROUP = "weighbridge.recognisers"

# Labels of Presidio, spaCy and GLiNER for what we have a word for; every other label counts as `other`.
_KINDS = {
    "email_address": Kind.EMAIL, "email": Kind.EMAIL, "phone_number": Kind.PHONE, "phone": Kind.PHONE,
    "iban_code": Kind.IBAN, "iban": Kind.IBAN, "credit_card": Kind.CARD, "us_ssn": Kind.NATIONAL_ID,
    "ip_address": Kind.IP, "url": Kind.LINK, "location": Kind.ADDRESS, "address": Kind.ADDRESS,
    "street_address": Kind.ADDRESS, "person": Kind.NAME, "per": Kind.NAME, "name": Kind.NAME,
}  # fmt: skip


@runtime_checkable
class Recogniser(Protocol):
    """What finds identifiers in texts."""

    def find(self, texts: Sequence[str]) -> Iterable[Iterable[tuple[int, int, str]]]:
        """For each text the (start, end, label) of what was found, in characters, in any order."""
        ...


@functools.cache
def load(name: str) -> Recogniser:
    """The recogniser of that name.

    Raises
    ------
    Silent
        Where no package offers it, several do, or it cannot be made.
    """
    found = tuple(entry_points(group=GROUP, name=name))
    if len(found) != 1:
        offered = ", ".join(sorted({point.name for point in entry_points(group=GROUP)})) or "none"
        not_measured(
            phrase(
                "{n} installed packages offer a recogniser called {name}; there are: {offered}",
                n=len(found),
                name=name,
                offered=offered,
            ),
            phrase('install its package, or leave it out: --set direct-identifiers.recogniser=""'),
        )
    try:
        made = found[0].load()()
    except Exception as error:  # noqa: BLE001  the user's own code may raise anything, and its message may quote data
        not_measured(
            phrase("the recogniser {name} cannot be made: {kind}", name=name, kind=type(error).__name__),
            phrase('mend it, or leave it out: --set direct-identifiers.recogniser=""'),
        )
    if not isinstance(made, Recogniser):
        not_measured(
            phrase("the recogniser {name} has no method find(texts)", name=name),
            phrase('mend it, or leave it out: --set direct-identifiers.recogniser=""'),
        )
    return made


def pattern_of(label: str) -> Pattern:
    """The pattern under which a label of a recogniser is counted."""
    kind = _KINDS.get(label.strip().casefold().replace("-", "_").replace(" ", "_"), Kind.OTHER)
    return Pattern(slug=f"own-{kind.value}", kind=kind, tier=Tier.OWN)


def found_by(recogniser: Recogniser, texts: Sequence[str]) -> list[list[tuple[int, int, Pattern]]] | None:
    """What it finds in each text; None where it breaks its word, or breaks."""
    try:
        told = [[(int(s), int(e), str(label)) for s, e, label in spans] for spans in recogniser.find(list(texts))]
    except Exception:  # noqa: BLE001  the user's own code may raise anything; that it failed is counted and said
        return None
    if len(told) != len(texts):
        return None
    if any(not 0 <= s < e <= len(text) for spans, text in zip(told, texts, strict=True) for s, e, _ in spans):
        return None
    return [[(s, e, pattern_of(label)) for s, e, label in spans] for spans in told]
