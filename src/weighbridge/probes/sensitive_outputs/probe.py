"""Whether an output names something that can hurt people: by the names of classes, fields and tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from weighbridge.core.candidate import Role, Subject
from weighbridge.core.evidence import Measured, Outcome, Quantity
from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.sensitive_outputs import notes
from weighbridge.probes.sensitive_outputs.generated import Written, written
from weighbridge.probes.sensitive_outputs.lexicon import Category
from weighbridge.probes.sensitive_outputs.recognition import Told, recognise
from weighbridge.probes.sensitive_outputs.sources import Gathered, gather

# What serves whoever looks for somebody: where they are, and what others persecute them for.
FINDING = (
    Category.ADDRESS, Category.COORDINATES, Category.ETHNICITY, Category.RELIGION, Category.SEXUALITY,
    Category.POLITICS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    written_tokens: int = 48


@dataclass(slots=True, kw_only=True)
class _Sum:
    """Names over all groups; each counts once, in every category that it tells."""

    sure: dict[Category, dict[str, None]] = field(default_factory=lambda: {c: {} for c in Category})
    doubtful: dict[Category, dict[str, None]] = field(default_factory=lambda: {c: {} for c in Category})
    hidden: dict[str, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)

    def add(self, names: Sequence[str], told: Told, *, is_seen: bool, is_settled: bool) -> None:
        """Take in a group.

        Parameters
        ----------
        is_seen : whether these names come out, or only stand in the training text
        is_settled : whether something else says what names stand for that say nothing themselves
        """
        self.names |= dict.fromkeys(names)
        self.hidden |= {} if is_settled else dict.fromkeys(told.hidden)
        self.unread |= dict.fromkeys(told.unread)
        for category, held in told.sure.items():
            (self.sure if is_seen else self.doubtful)[category] |= dict.fromkeys(held)
        for category, held in told.doubtful.items():
            self.doubtful[category] |= dict.fromkeys(held)

    def open(self, category: Category) -> tuple[str, ...]:
        """Names that may tell it, and do not surely."""
        return tuple(name for name in self.doubtful[category] if name not in self.sure[category])


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Gather the names of all outputs, and look them up.

    Notes
    -----
    Counts are exact over the names that were found. A name that says nothing (`LABEL_0`) may stand for anything, and is
    in the upper end of every kind; so is one in a script without a lexicon, and a file that could not be read.
    """
    bench.progress(0, 1, "part")
    found = gather(bench)
    text = written(bench, tokens=settings.written_tokens)
    total = _total(found, text)
    is_lm = Subject.CAUSAL_LM in bench.candidate.subjects
    is_named = bool(found.groups or text.format) or any(total.sure.values())
    is_free = not is_named and text.is_whole and text.n_documents > 0
    if not is_free and not is_named:  # what a model wrote, asked a few times, clears nothing
        notes.nothing_named(found.silent, is_lm=is_lm)
    if text.n_documents and not text.is_whole:
        found.unread.append(Role.TRAIN_DATA.value)
    said = [*found.said, *text.said, *_said(total), *notes.unread(found.unread)]
    if is_free:
        said.append(notes.free_text(text.n_documents, text.n_texts))
    n, n_of = (text.n_documents, "document") if is_free else (len(total.names), "name")
    return Measured(quantities=tuple(_quantities(total, len(found.unread), n, n_of)), notes=tuple(said))


def _total(found: Gathered, text: Written) -> _Sum:
    total = _Sum()
    is_settled = any(group.source == "the declared target" for group in found.groups)
    for group in found.groups:
        told = recognise(group.names)
        total.add(group.names, told, is_seen=True, is_settled=is_settled or not group.are_classes)
    for names, is_seen in ((text.generated, True), (text.format, False), (text.once, False)):
        if names:
            total.add(names, recognise(names), is_seen=is_seen, is_settled=True)
    return total


def _said(total: _Sum) -> Iterator[Phrase]:
    for category in Category:
        if total.sure[category]:
            yield notes.surely(category.value, tuple(total.sure[category]))
        if total.open(category):
            yield notes.perhaps(category.value, total.open(category))
    if total.hidden:
        yield notes.hidden(tuple(total.hidden))
    if total.unread:
        yield notes.foreign(tuple(total.unread))


def _quantities(total: _Sum, n_unread: int, n: int, n_of: str) -> Iterator[Quantity]:
    more = len(total.hidden | total.unread) + n_unread
    sure = {name for held in total.sure.values() for name in held}
    may = {name for category in Category for name in total.open(category)} | set(total.hidden | total.unread)
    yield _count("sensitive-output-fields", len(sure), len(may - sure) + n_unread, n, n_of)
    for category in Category:
        value, extra = len(total.sure[category]), len(total.open(category)) + more
        yield _count("sensitive-output-fields", value, extra, n, n_of, category=category.value)
    finding = {name for category in FINDING for name in total.sure[category]}
    yield _count("finding-output-fields", len(finding), 0, n, n_of)
    yield _count("outputs-read", len(total.names), n_unread, len(total.names), "name")


def _count(metric: str, value: int, more: int, n: int, n_of: str, *, category: str = "") -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value, high=value + more, confidence=1.0, unit="count", n=n, n_of=n_of,
        by=(("category", category),) if category else (),
    )  # fmt: skip


PROBE = Probe(settings=Settings, measure=measure)
