"""Quote: keep what was printed, what was meant, and whether a correction was asked for.

Outlet and words lie in the erasable store; the chain holds whether it was right and how the correction stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.canon import Digest, Plain
from weighbridge.core.errors import Unusable
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.wording import _

_MOST_CHARACTERS = 20_000


class Correction(StrEnum):
    """How it stands with the correction of a quotation."""

    NOT_NEEDED = "not-needed"  # it was right
    NOT_ASKED = "not-asked"
    ASKED = "asked"
    MADE = "made"
    REFUSED = "refused"
    NOTED_PUBLICLY = "noted-publicly"  # it was said publicly that it is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What was printed; `meant` is empty where it is right."""

    outlet: str
    printed: str
    meant: str = ""
    correction: Correction = Correction.NOT_NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One quotation as the chain has it."""

    number: int  # of its entry
    at: str
    correction: Correction
    outlet: Digest
    printed: Digest
    meant: Digest | None

    @property
    def is_wrong(self) -> bool:
        """Whether something else was meant."""
        return self.meant is not None

    @property
    def waits(self) -> bool:
        """Whether nobody has asked for a correction yet, or said publicly that it is wrong."""
        return self.is_wrong and self.correction is Correction.NOT_ASKED


def note_quotation(name: str, quotation: Quotation, ledger: Ledger) -> Entry:
    """Seal a quotation in the chain of a candidate.

    Raises
    ------
    Unusable
        For one without outlet or words, or with more words than a quotation has.
    """
    for key, text in (("outlet", quotation.outlet), ("printed", quotation.printed)):
        if not text.strip():
            raise _unusable(_("{key} is empty").format(key=key))
    if max(map(len, (quotation.outlet, quotation.printed, quotation.meant))) > _MOST_CHARACTERS:
        raise _unusable(_("a text has more than {n} characters").format(n=_MOST_CHARACTERS))
    if bool(quotation.meant.strip()) == (quotation.correction is Correction.NOT_NEEDED):
        raise _unusable(_("a wrong quotation says what was meant and how the correction stands; a right one neither"))
    texts = {"outlet": quotation.outlet, "printed": quotation.printed, "meant": quotation.meant}
    kept: dict[str, Plain] = {key: ledger.commit(name, text) if text else None for key, text in texts.items()}
    return ledger.append(name, Kind.QUOTATION, {**kept, "correction": quotation.correction.value, "about": None})


def note_correction(name: str, number: int, correction: Correction, ledger: Ledger) -> Entry:
    """Say how it stands with the correction of an earlier quotation, by the number of its entry."""
    if number not in {quoted.number for quoted in quotations(name, ledger) if quoted.is_wrong}:
        raise _unusable(_("there is no wrong quotation with the number {n}").format(n=number))
    return ledger.append(name, Kind.QUOTATION, {"about": number, "correction": correction.value})


def quotations(name: str, ledger: Ledger) -> tuple[Quoted, ...]:
    """All quotations, each with how its correction stands now."""
    entries = [e for e in ledger.entries(name) if e.kind is Kind.QUOTATION and isinstance(e.body, dict)]
    latest = {e.body["about"]: str(e.body["correction"]) for e in entries if isinstance(e.body, dict)}
    return tuple(_quoted(e, e.body, latest) for e in entries if isinstance(e.body, dict) and e.body["about"] is None)


def _quoted(entry: Entry, body: dict[str, Plain], latest: dict[Plain, str]) -> Quoted:
    meant = body["meant"]
    return Quoted(
        number=entry.number, at=entry.at, correction=Correction(latest.get(entry.number, str(body["correction"]))),
        outlet=Digest(str(body["outlet"])), printed=Digest(str(body["printed"])),
        meant=None if meant is None else Digest(str(meant)),
    )  # fmt: skip


def _unusable(why: str) -> Unusable:
    return Unusable(
        _("cannot keep this quotation"),
        why,
        _("weighbridge press quoted DIR --outlet NAME --printed TEXT [--meant TEXT]"),
    )
