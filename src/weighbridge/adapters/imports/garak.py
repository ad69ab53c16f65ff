"""A report of garak (report.jsonl): how often each detector saw a hit in what a model answered to each probe.

Only the rows that hold counts are read. Rows of attempts hold prompts and outputs: nothing is taken from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from weighbridge.adapters.imports.reading import (
    NoReport,
    Table,
    as_count,
    count,
    hits_of,
    named,
    opened,
    parsed,
    share,
    table,
    text,
)
from weighbridge.app.import_report import Report
from weighbridge.core.canon import Digest
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected, largest

TOOL, READER = "garak", 1
VERSIONS = ("0.17.0", "0.17.1")  # those whose reports were made and read; another may mean other things by its words
CONFIDENCE = 0.95
MOST_BYTES = 512 << 20  # ours: a run of all probes writes some hundred megabytes
MOST_LINE = 32 << 20
_MOST_PAIRS = 5000  # garak has some thousand pairs of probe and detector
_SETUP, _INIT, _EVAL, _END = "start_run setup", "init", "eval", "completion"
_PASSED_OVER = frozenset({"attempt", "plugin_cache", "probe_summary", "payload_init", "digest", "tree_data"})
_EVERY = "n"  # garak's word for: as many tries as each prompt had


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """What one detector saw in the answers to one probe."""

    probe: str
    detector: str
    hits: int
    outputs: int  # that were judged
    unjudged: int
    prompts: tuple[int, int] | None  # prompts with a hit, and all; None where the file does not hold it

    @property
    def by(self) -> tuple[tuple[str, str], ...]:
        return (("detector", self.detector), ("probe", self.probe))


@dataclass(slots=True)
class _Run:
    """A run as its rows come."""

    setup: Table | None = None
    run: str = ""
    ended: bool = False
    tallies: list[_Tally] = field(default_factory=list)

    def take(self, row: Table) -> None:
        """One row."""
        kind = text(row, "entry_type")
        if self.ended and kind in (_SETUP, _INIT, _EVAL, _END):
            raise NoReport("something follows after the end of the run: a file holds one run")
        if kind in _PASSED_OVER:
            return
        steps: dict[str, Callable[[Table], None]] = {
            _SETUP: self._set_up, _INIT: self._begin, _EVAL: self._evaluate, _END: self._end
        }  # fmt: skip
        if kind not in steps:
            raise NoReport("it has a row of a kind that is not known")
        steps[kind](row)

    def _set_up(self, row: Table) -> None:
        if self.setup is not None:
            raise NoReport("it has more than one setup: a file holds one run")
        _known(text(row, "_config.version"))
        self.setup = row

    def _begin(self, row: Table) -> None:
        if self.setup is None or self.run:
            raise NoReport("a run begins without a setup, or twice")
        if text(row, "garak_version") != text(self.setup, "_config.version"):
            raise NoReport("its setup and its run are of two versions")
        self.run = text(row, "run")

    def _evaluate(self, row: Table) -> None:
        if not self.run:
            raise NoReport("it has a result before the run begins")
        self.tallies.append(_tally(row))
        if len(self.tallies) > _MOST_PAIRS:
            raise NoReport(f"it has more than {_MOST_PAIRS} results")

    def _end(self, row: Table) -> None:
        if text(row, "run") != self.run:
            raise NoReport("the run that ends is not the one that began")
        self.ended = True


def read_garak(path: Path) -> Report:
    """What a garak run counted, with intervals made anew.

    Raises
    ------
    NoReport
        For a file that is no whole report of a run of a known version.
    Outside
        For what cannot be read.
    """
    run, digest, number, read = _Run(), hashlib.sha256(), 0, 0
    with opened(path, MOST_BYTES) as stream:
        while line := stream.readline(MOST_LINE + 1):
            number += 1
            if len(line) > MOST_LINE:
                raise NoReport(f"line {number} is longer than {MOST_LINE >> 20} MiB")
            if (read := read + len(line)) > MOST_BYTES:  # it grows while it is read
                raise NoReport(f"it is larger than {MOST_BYTES >> 20} MiB")
            digest.update(line)
            if line.strip():
                run.take(parsed(line, f"line {number}"))
    if run.setup is None:
        raise NoReport("it holds no setup of a garak run")
    if not run.ended:
        raise NoReport("the run did not end, or the end of the file is missing")
    return _report(run, Digest(f"sha256:{digest.hexdigest()}"))


def _known(version: str) -> None:
    if version not in VERSIONS:
        known = ", ".join(VERSIONS)
        raise NoReport(f"it is of a version whose reports were never read here; known: {known}")


def _tally(row: Table) -> _Tally:
    passed, failed, unjudged = count(row, "passed"), count(row, "fails"), count(row, "nones")
    outputs = count(row, "total_evaluated")
    if passed + failed != outputs or outputs + unjudged != count(row, "total_processed"):
        raise NoReport("its counts contradict each other")
    made = _Tally(
        probe=named(row, "probe"), detector=named(row, "detector"), hits=failed, outputs=outputs, unjudged=unjudged,
        prompts=_prompts(row, outputs),
    )  # fmt: skip
    hit, prompts = made.prompts or (min(1, failed), outputs)
    if not min(1, failed) <= hit <= failed or prompts > outputs:
        raise NoReport("its counts contradict each other")
    return made


def _prompts(row: Table, outputs: int) -> tuple[int, int] | None:
    """Prompts of which at least one answer was a hit, and all of them; None where the file does not tell.

    garak tells the share of prompts with a hit among k answers. That is what is wanted where k is the number of answers
    that each prompt had: under "n", or under a k that, times the prompts, gives all answers.
    """
    if "hit_at_k" not in row:
        return None
    for key, told in table(row, "hit_at_k").items():
        if not isinstance(told, dict) or not (key == _EVERY or (key.isascii() and key.isdigit() and len(key) < 7)):
            raise NoReport("hit_at_k should hold tables under numbers")
        prompts = count(told, "prompts")
        if prompts and (key == _EVERY or as_count(int(key), "hit_at_k") * prompts == outputs):
            return hits_of(share(told, "score"), prompts, "hit_at_k"), prompts
    return None


def _report(run: _Run, file: Digest) -> Report:
    judged = [tally for tally in run.tallies if tally.outputs]
    if len({tally.by for tally in run.tallies}) < len(run.tallies):
        raise NoReport("one detector has two results for one probe")
    if not judged:
        raise NoReport("no answer was judged in this run: it holds no result")
    by_prompt = [tally for tally in judged if tally.prompts]
    quantities = _shares("hit-share", [(t.by, t.hits, t.outputs) for t in judged], "answer")
    told = _shares("prompt-hit-share", [(t.by, *t.prompts) for t in by_prompt if t.prompts], "prompt")
    quantities += told if len(by_prompt) == len(judged) else told[1:]  # the highest of some is not that of all
    setup = run.setup or {}
    return Report(
        tool=TOOL, tool_version=text(setup, "_config.version"), reader=READER, file=file, quantities=quantities,
        notes=tuple(_notes(run, judged, by_prompt)),
    )  # fmt: skip


def _shares(metric: str, counts: list[tuple[tuple[tuple[str, str], ...], int, int]], n_of: str) -> tuple[Quantity, ...]:
    """The highest share of all pairs, then that of each; all intervals hold together."""
    if not counts:
        return ()
    each = corrected(CONFIDENCE, len(counts))
    intervals = [(by, clopper_pearson(hits, n, confidence=each), n) for by, hits, n in counts]
    worst = largest(interval for _by, interval, _n in intervals)
    of_worst = min(n for _by, interval, n in intervals if interval.value == worst.value)
    return (
        _share(f"highest-{metric}", worst, CONFIDENCE, (), n=of_worst, n_of=n_of),
        *(_share(metric, interval, each, by, n=n, n_of=n_of) for by, interval, n in intervals),
    )


def _share(
    metric: str, interval: Interval, confidence: float, by: tuple[tuple[str, str], ...], *, n: int, n_of: str
) -> Quantity:
    return Quantity(
        metric=metric, value=interval.value, low=interval.low, high=interval.high, confidence=confidence, unit="1",
        n=n, n_of=n_of, by=by, basis=Basis.TESTIFIED,
    )  # fmt: skip


def _notes(run: _Run, judged: list[_Tally], by_prompt: list[_Tally]) -> list[Phrase]:
    made = [
        phrase(
            "All intervals were made anew from the counts in the file, and hold together; garak's own are not used. "
            "Results compared: {n}.", n=len(judged),
        )
    ]  # fmt: skip
    if missing := len(judged) - len(by_prompt):
        made.append(
            phrase(
                "Of {n} results the file does not say how many prompts got a hit, so nothing is said about other "
                "prompts than these.", n=missing,
            )
        )  # fmt: skip
    if unjudged := sum(tally.unjudged for tally in run.tallies):
        made.append(phrase("Answers that a detector could not judge are left out: {n}.", n=unjudged))
    if unasked := _without_result(run):
        made.append(phrase("Probes that the run named and that have no result: {n}.", n=unasked))
    if any(tally.probe.startswith("test.") for tally in judged):
        made.append(phrase("Probes whose names begin with test. try garak itself out: they show nothing of the model."))
    return made


def _without_result(run: _Run) -> int:
    named_there = (run.setup or {}).get("transient.active_probes")
    asked = {str(name).removeprefix("probes.") for name in named_there} if isinstance(named_there, list) else set()
    return len(asked - {tally.probe for tally in run.tallies if tally.outputs})
