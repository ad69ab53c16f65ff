"""History as judge: what the tool would have said of past releases on their day, against what came of them.

The releases are drawn by seed from a list that was stated before (`history/frame.toml`), after the policy was frozen:
half of them such that public trouble followed within three years, half not. Each is judged from a sheet of what could
be known on its day (`history/evidence`), by

- the tool's advice, read in two ways. *Ceiling*: it may go where no breached rule forbids the rung it was released at.
  *Cleared*: it may go where no open rule forbids that rung either; silence never clears;
- *always open* and *always closed*: whatever was released may go, or may not;
- *checklist only*: six items of a checklist, ticked from the same sheet. *Lenient*: it may go unless an item is
  answered no. *Strict*: it may go only with every item ticked.

A *false block*: it may not go, and no trouble is on record. A *false pass*: it may go, and trouble followed. That
something "beats" another is said only where an exact paired test (McNemar), corrected for all comparisons made here
(Holm), says so. What came of the releases is read after all have been judged.

    python benchmarks/replay.py [--cases]         judge and score; --cases names each release
    python benchmarks/replay.py --without FACT    the same with a fact of the codebook left out of every sheet
    python benchmarks/replay.py --then            the same without what rests on a source written after the release
    python benchmarks/replay.py draw              draw, once, under the policy as it is now

The last line is `cases N advice-ceiling FALSE-BLOCKS/N FALSE-PASSES/N advice-cleared ... policy current|older`.
Exits with 2 where a file cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from past_releases import Draw, Frame, Outcome, Release, digest_of_file, draw, read_draw, read_frame, read_outcomes
from release_sheets import MAIN, TRIAGE, Codebook, Sheet, case_of, read_codebook, read_sheets, ticks
from weighbridge.catalogue import load_policy
from weighbridge.core.errors import Faulty, Unusable, nearest_hint
from weighbridge.core.rungs import Rung
from weighbridge.maths.pairs import holm, mcnemar
from weighbridge.maths.proportions import Interval, clopper_pearson
from weighbridge.policy.rules import Policy
from weighbridge.replaying import judge_case

FOLDER = Path(__file__).parent / "history"
LEVEL = 0.05  # of all comparisons together; ours, by custom
ADVICE = ("advice, ceiling", "advice, cleared")
OTHERS = ("always open", "always closed", "checklist, lenient", "checklist, strict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One release as every judge saw it: whether it may go at the rung it was released at."""

    release: Release
    may_go: Mapping[str, bool]
    limits: tuple[str, ...]  # breached rules that forbid that rung
    unsettled: int  # open rules that keep it from being cleared
    unticked: tuple[str, ...]  # items of the checklist that were answered no


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often one judge was wrong, in each of the two ways."""

    false_blocks: int
    uneventful: int
    false_passes: int
    eventful: int

    def intervals(self) -> tuple[Interval | None, Interval | None]:
        """Of false blocks and of false passes, at 95 % each; None where there was nothing to be wrong about."""
        blocks = clopper_pearson(self.false_blocks, self.uneventful) if self.uneventful else None
        return blocks, clopper_pearson(self.false_passes, self.eventful) if self.eventful else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two judges on the same releases."""

    advice: str
    other: str
    only_advice_wrong: int
    only_other_wrong: int
    p: float  # corrected

    @property
    def says(self) -> str:
        """Who beats whom, if anybody."""
        if self.p > LEVEL:
            return "not told apart"
        return "beats it" if self.only_advice_wrong < self.only_other_wrong else "is beaten by it"


def judge(sheet: Sheet, release: Release, codebook: Codebook, policy: Policy) -> Judged:
    """What each judge says of one release. Nothing here knows what came of it."""
    weighing = judge_case(case_of(sheet, release, codebook), policy)
    standing = next(s for s in weighing.recommendation.components if s.component.value == MAIN[release.kind])
    ticked = ticks(sheet, codebook)
    return Judged(
        release=release,
        may_go={
            "advice, ceiling": release.form in standing.ceiling,
            "advice, cleared": release.form in standing.cleared,
            "always open": True,
            "always closed": release.form is Rung.WITHHELD,
            "checklist, lenient": False not in ticked.values(),
            "checklist, strict": all(tick is True for tick in ticked.values()),
        },
        limits=standing.limits,
        unsettled=len(standing.open),
        unticked=tuple(item for item, tick in ticked.items() if tick is False),
    )


def judge_all(
    folder: Path, policy: Policy, without: Sequence[str] = (), *, then: bool = False
) -> tuple[Draw, Frame, dict[str, Sheet], tuple[Judged, ...]]:
    """Every drawn release, judged; no outcome is read for it.

    Parameters
    ----------
    without : facts that are left out of every sheet, as if nobody had told them
    then : so is what rests on a source written after the release
    """
    frame, codebook = read_frame(folder), read_codebook(folder)
    drawn = read_draw(folder, frame)
    told = read_sheets(folder, drawn.drawn, frame, codebook)
    sheets = {slug: sheet.without(without, later=then) for slug, sheet in told.items()}
    by_slug = {release.slug: release for release in frame.release}
    judged = tuple(judge(sheets[slug], by_slug[slug], codebook, policy) for slug in drawn.drawn)
    return drawn, frame, sheets, judged


def wrong(judged: Judged, judge_name: str, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether a judge was wrong about a release: it let trouble go, or kept back what none came of."""
    return judged.may_go[judge_name] is outcomes[judged.release.slug].eventful


def tally(judged: Iterable[Judged], judge_name: str, outcomes: Mapping[str, Outcome]) -> Tally:
    """Both ways of being wrong, counted."""
    ways = [(outcomes[j.release.slug].eventful, j.may_go[judge_name]) for j in judged]
    return Tally(
        false_blocks=ways.count((False, False)),
        uneventful=sum(not eventful for eventful, _go in ways),
        false_passes=ways.count((True, True)),
        eventful=sum(eventful for eventful, _go in ways),
    )


def pairs(judged: Sequence[Judged], outcomes: Mapping[str, Outcome]) -> tuple[Paired, ...]:
    """Each reading of the advice against each of the others, by an exact paired test; corrected over all of them."""
    made: list[tuple[str, str, int, int]] = []
    for advice, other in product(ADVICE, OTHERS):
        both = [(wrong(j, advice, outcomes), wrong(j, other, outcomes)) for j in judged]
        made.append((advice, other, both.count((True, False)), both.count((False, True))))
    corrected = holm([mcnemar(first, second) for _advice, _other, first, second in made])
    return tuple(
        Paired(advice=a, other=o, only_advice_wrong=first, only_other_wrong=second, p=p)
        for (a, o, first, second), p in zip(made, corrected, strict=True)
    )


def report(
    drawn: Draw,
    sheets: Mapping[str, Sheet],
    judged: Sequence[Judged],
    outcomes: Mapping[str, Outcome],
    policy: Policy,
    *,
    cases: bool = False,
) -> Iterator[str]:
    """What came out, its limits first."""
    yield _limits(judged, outcomes)
    yield _frozen(drawn, policy)
    yield ""
    yield f"{'':20}  {'false blocks':>22}  {'false passes':>22}"
    yield from _table(judged, outcomes)
    unknown = [j for j in judged if not j.release.precedent]
    yield f"\nOf these, {len(unknown)} that were not on the shelf which the writers of the policy knew:"
    yield from _table(unknown, outcomes)
    yield "\nPaired, both ways of being wrong counted alike (p corrected for all comparisons):"
    for pair in pairs(judged, outcomes):
        only = f"{pair.only_advice_wrong} only the advice wrong, {pair.only_other_wrong} only the other"
        yield f"  {pair.advice} against {pair.other}: {pair.says} ({only}; p {pair.p:.3f})"
    yield ""
    yield _written(sheets, outcomes)
    if cases:
        yield ""
        yield from (_case_line(j, outcomes[j.release.slug]) for j in judged)
    yield _last(drawn, judged, outcomes, policy)


def _limits(judged: Sequence[Judged], outcomes: Mapping[str, Outcome]) -> str:
    held = [i for name in (*ADVICE, *OTHERS) for i in tally(judged, name, outcomes).intervals() if i]
    widest = max((i.high - i.low for i in held), default=1.0)
    return (
        f"Limits: {len(judged)} past releases, of which half were taken because trouble followed; what was known then "
        "was written down by one who knew how each ended, from what is still to be read, and no file of them was "
        f"measured. An interval below spans up to {100 * widest:.0f} points. None of this foretells the next release."
    )


def _frozen(drawn: Draw, policy: Policy) -> str:
    if drawn.policy_digest == policy.digest:
        return f"Drawn on {drawn.on} under this very policy ({policy.digest[:23]})."
    return (
        f"Drawn under an older policy ({drawn.policy_digest[:23]}, on {drawn.on}) than is judged here "
        f"({policy.digest[:23]}): whoever changed it may have known what was drawn."
    )


def _table(judged: Sequence[Judged], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    for name in (*ADVICE, *OTHERS):
        counts = tally(judged, name, outcomes)
        blocks, passes = counts.intervals()
        left = _share(counts.false_blocks, counts.uneventful, blocks)
        yield f"  {name:18}  {left:>22}  {_share(counts.false_passes, counts.eventful, passes):>22}"


def _share(hits: int, n: int, interval: Interval | None) -> str:
    if interval is None:
        return "none to be wrong about"
    return f"{hits}/{n} ({100 * interval.low:.0f} to {100 * interval.high:.0f} %)"


def _written(sheets: Mapping[str, Sheet], outcomes: Mapping[str, Outcome]) -> str:
    evidence = [e for sheet in sheets.values() for e in sheet.evidence]
    later, seen = sum(e.later for e in evidence), sum(e.looked_up for e in evidence)
    told = [outcomes[slug].looked_up for slug in sheets]
    return (
        f"Of {len(evidence)} pieces of evidence {later} rest on a source written after the release, and {seen} were "
        f"looked up for this; the others are cited from memory. Of {len(told)} outcomes {sum(told)} were looked up."
    )


def _case_line(judged: Judged, outcome: Outcome) -> str:
    ways = ", ".join(name for name in ADVICE if wrong(judged, name, {judged.release.slug: outcome}))
    limits = ", ".join(judged.limits) or "no limit"
    told = f"{outcome.on} {outcome.what}" if outcome.eventful else "nothing found"
    return (
        f"  {judged.release.slug} ({judged.release.released}, {judged.release.form.value}): {limits}; "
        f"{judged.unsettled} open; unticked: {' '.join(judged.unticked) or 'none'}. Then: {told}. "
        f"Wrong: {ways or 'neither reading'}"
    )


def _last(drawn: Draw, judged: Sequence[Judged], outcomes: Mapping[str, Outcome], policy: Policy) -> str:
    parts = [f"cases {len(judged)}"]
    for name in (*ADVICE, *OTHERS):
        counts = tally(judged, name, outcomes)
        slug = name.replace(", ", "-").replace(" ", "-")
        parts.append(f"{slug} {counts.false_blocks}/{counts.uneventful} {counts.false_passes}/{counts.eventful}")
    return " ".join([*parts, "policy", "current" if drawn.policy_digest == policy.digest else "older"])


def draw_once(folder: Path, policy: Policy) -> Draw:
    """Draw and write down what was drawn, from which bytes and under which policy.

    Raises
    ------
    Unusable
        Where there was a draw: to draw again until it suits is what the seed is there to prevent.
    """
    path = folder / "draw.toml"
    if path.exists():
        raise Unusable("cannot draw", f"{path.name} holds a draw already", "python benchmarks/replay.py")
    frame = read_frame(folder)
    read_codebook(folder)
    made = Draw(
        on=datetime.now(tz=UTC).date().isoformat(), policy=f"{policy.name} {policy.version}",
        policy_digest=policy.digest, frame=digest_of_file(folder / "frame.toml"),
        codebook=digest_of_file(folder / "codebook.toml"), drawn=draw(frame, read_outcomes(folder, frame)),
    )  # fmt: skip
    fields = [(key, getattr(made, key)) for key in ("on", "policy", "policy_digest", "frame", "codebook")]
    lines = ["# Written by benchmarks/replay.py draw. Nothing in it is to be changed by hand."]
    lines += [f'{key} = "{value}"' for key, value in fields]
    lines += ["drawn = [", *(f'  "{slug}",' for slug in made.drawn), "]"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def _scored(folder: Path, policy: Policy, asked: argparse.Namespace) -> tuple[str, ...]:
    without: list[str] = asked.without
    known = [fact.slug for fact in read_codebook(folder).fact if fact.slug not in TRIAGE]
    if lost := sorted(set(without) - set(known)):
        raise Unusable(f"cannot leave out {lost[0]}", nearest_hint(lost[0], known), "python benchmarks/replay.py")
    drawn, frame, sheets, judged = judge_all(folder, policy, without, then=asked.then)
    outcomes = read_outcomes(folder, frame)
    if draw(frame, outcomes) != drawn.drawn:
        why = "what came of them, or the seed, has changed since: the same seed draws others"
        raise Unusable("cannot score what was drawn", why, "git log -p benchmarks/history")
    lines = list(report(drawn, sheets, judged, outcomes, policy, cases=asked.cases))
    if asked.then:
        lines.insert(1, "Left out of every sheet: what rests on a source written after the release.")
    if without:
        lines.insert(1, f"Left out of every sheet, as if nobody had told: {', '.join(without)}.")
    return tuple(lines)


def main(argv: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Judge, score and print; or draw."""
    parser = argparse.ArgumentParser(description="The tool's advice on past releases against what came of them.")
    parser.add_argument("act", nargs="?", choices=["draw"], help="draw, once; left out: judge and score")
    parser.add_argument("--cases", action="store_true", help="name each release and what limits it")
    parser.add_argument(
        "--without", action="append", default=[], metavar="FACT", help="leave a fact out of every sheet"
    )
    parser.add_argument(
        "--then", action="store_true", help="leave out what rests on a source written after the release"
    )
    asked = parser.parse_args(argv)
    try:
        policy = load_policy()
        if asked.act == "draw":
            print("\n".join(draw_once(folder, policy).drawn))
            return 0
        for line in _scored(folder, policy, asked):
            print(line)
    except (Unusable, Faulty) as wrong_input:
        print(wrong_input, file=sys.stderr)
        return int(wrong_input.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
