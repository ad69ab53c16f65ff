"""What came of the attack, as numbers: columns, shares, and the time that all of it would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.proportions import Interval, clopper_pearson
from weighbridge.probes.reversible_pseudonyms.attack import Attempt, Trial
from weighbridge.probes.reversible_pseudonyms.codings import ENCODED
from weighbridge.probes.reversible_pseudonyms.infile import IN_FILE
from weighbridge.probes.reversible_pseudonyms.recipes import seconds
from weighbridge.probes.reversible_pseudonyms.spaces import NUMBERS
from weighbridge.probes.reversible_pseudonyms.tokens import Tokens

ENUMERATED = "enumerated"
HOW = (ENUMERATED, IN_FILE, ENCODED)
_TELLING = 3.0  # expected hits, from which none at all has a chance below one in twenty


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was found. `only_people` are the tables known to be about people."""

    hashes: Sequence[Tokens]
    coded: Mapping[str, Mapping[str, str]]  # by table, the columns that are another writing
    attempts: Sequence[Attempt]
    only_people: frozenset[str]

    @property
    def trials(self) -> list[Trial]:
        """What gave tokens back, the trial with most first."""
        every = [t for a in self.attempts for t in a.trials]
        return sorted(every, key=lambda t: (-t.hits, t.says, t.tokens.table.label, t.tokens.column, t.recipe.name))

    def counts(self, trial: Trial) -> bool:
        """Whether it speaks of people: numbers and words that come back in a table of who knows what need not."""
        named = trial.kind not in (NUMBERS, IN_FILE)
        return named or trial.tokens.table.label in self.only_people

    def of(self, tokens: Tokens) -> list[Trial]:
        """The trials that gave this column's tokens back, and count."""
        return [t for t in self.trials if t.tokens is tokens and self.counts(t)]

    def is_unsure(self, tokens: Tokens) -> bool:
        """Whether nothing came back of a column about people, and of some kind too little was tried to tell by that."""
        if self.of(tokens) or tokens.table.label not in self.only_people:
            return False
        kinds = [a for a in self.attempts if a.kind != IN_FILE]
        return any(tokens.n * min(1.0, a.tried / max(1, a.size)) < min(_TELLING, tokens.n) for a in kinds)


def quantities(found: Found) -> tuple[Quantity, ...]:
    """Counted columns, the worst column's shares, the time for all of it, and the control."""
    coded = sum(len(columns) for columns in found.coded.values())
    n = len(found.hashes) + coded
    reversed_ = [t for t in found.hashes if found.of(t)]
    unsure = sum(found.is_unsure(t) for t in found.hashes)
    how = {
        ENUMERATED: sum(any(t.kind != IN_FILE for t in found.of(c)) for c in reversed_),
        IN_FILE: sum(any(t.kind == IN_FILE for t in found.of(c)) for c in reversed_),
        ENCODED: coded,
    }
    made = [
        _columns("pseudonym-columns", n, n),
        _columns("reversed-columns", len(reversed_) + coded, n, more=unsure),
        *(
            _columns("reversed-columns", how[value], n, (("how", value),), more=unsure if value == ENUMERATED else 0)
            for value in HOW
        ),
        _columns("unreversed-columns", sum(not found.of(t) for t in found.hashes), n),
        *_control(found),
    ]
    return (*made, *_shares(found), *_time(found))


def _columns(metric: str, value: int, n: int, by: tuple[tuple[str, str], ...] = (), *, more: int = 0) -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value, high=value + more, confidence=0.95 if more else 1.0, unit="count", n=n,
        n_of="column", by=by,
    )  # fmt: skip


def _control(found: Found) -> Iterator[Quantity]:
    planted = sum(a.planted for a in found.attempts)
    if planted:
        share = clopper_pearson(sum(a.planted_found for a in found.attempts), planted)
        yield _share("planted-found", share, planted, "hash", confidence=0.95)
    elif any(found.coded.values()):  # another writing is read, not attacked: it was found or it is none
        yield _share("planted-found", Interval(1.0, 1.0, 1.0), 1, "writing", confidence=1.0)


def _share(
    metric: str, share: Interval, n: int, n_of: str, *, confidence: float, basis: Basis = Basis.MEASURED
) -> Quantity:
    return Quantity(
        metric=metric, value=share.value, low=share.low, high=share.high, confidence=confidence, unit="1", n=n,
        n_of=n_of, basis=basis,
    )  # fmt: skip


def _shares(found: Found) -> Iterator[Quantity]:
    if any(found.coded.values()):
        yield _share("reversed-share", Interval(1.0, 1.0, 1.0), 1, "column", confidence=1.0)
        yield _share("reversible-share", Interval(1.0, 1.0, 1.0), 1, "column", confidence=1.0)
        return
    tokens = [t for t in found.hashes if t.n]
    if not tokens:
        return
    worst = max(tokens, key=lambda t: (_came_back(found, t) / t.n, t.n))
    hits = _came_back(found, worst)
    share = Interval(*(hits / worst.n,) * 3) if worst.is_all else clopper_pearson(hits, worst.n)
    yield _share("reversed-share", share, worst.n, "pseudonym", confidence=1.0 if worst.is_all else 0.95)
    reach = max((_reach(t) for t in found.of(worst)), key=lambda i: (i.low, i.value), default=Interval(0.0, 0.0, 1.0))
    low, value = max(reach.low, share.low), max(reach.value, share.value)
    yield _share(
        "reversible-share", Interval(value, low, 1.0), worst.n, "pseudonym", confidence=0.95, basis=Basis.MODELLED
    )


def _came_back(found: Found, tokens: Tokens) -> int:
    return int(tokens.found.sum()) if found.of(tokens) else 0


def _reach(trial: Trial) -> Interval:
    """The share of a column's tokens that trying all of a kind would give back, from the part of it that was tried."""
    share = clopper_pearson(min(trial.hits, trial.tokens.n), trial.tokens.n)
    return Interval(*(min(1.0, end / trial.part) for end in (share.value, share.low, share.high)))


def _time(found: Found) -> Iterator[Quantity]:
    """For the column that is slowest to turn back, by the quickest of the kinds that gave something back."""
    slowest = [min(seconds(t.size, t.recipe).tolist() for t in found.of(c)) for c in found.hashes if found.of(c)]
    if not slowest:
        return
    card, core = max(slowest, key=lambda s: s[1])
    low, high = min(card, core), max(card, core)
    yield Quantity(
        metric="seconds-to-reverse", value=high, low=low, high=high, confidence=0.95, unit="s", n=len(slowest),
        n_of="column", basis=Basis.MODELLED,
    )  # fmt: skip
