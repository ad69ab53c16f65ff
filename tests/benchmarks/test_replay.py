"""The benchmark on past releases: its arithmetic on known tables, its refusals, its order, and the run itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks.test_membership import SCRIPTS, loaded
from weighbridge.catalogue import load_policy
from weighbridge.core.errors import Faulty, Unusable

HISTORY = SCRIPTS / "history"
PAGE = SCRIPTS.parent / "docs" / "history-as-judge.md"
NEVER = "sha256:" + "0" * 64
RELEASE = """
[[release]]
slug = "{slug}"
name = "{slug}"
kind = "data"
what = "a table"
who = "somebody"
released = "2016-05"
form = "open"
precedent = "{shelf}"
source = "somebody 2016"
looked_up = false
"""
FRAME = """
made = "for a test"
missing = "all others"
horizon_days = 1096
eventful = "trouble"
[draw]
seed = 3
eventful = 1
uneventful = 1
"""
SHEET = """
slug = "{slug}"
story = ["Somebody counted.", "The counts were published.", "There is no more to it."]
subject = "table"
languages = ["en"]
[[evidence]]
says = "It holds counts."
source = "somebody 2016"
on = "{on}"
facts = {{ about_people = "no", private = "no", harm = "no", generates = "{generates}", identifies = "no" }}
[[evidence]]
says = "The terms of the source say what they say."
source = "somebody 2017"
on = "2016-04"
later = true
facts = {{ legal = "{legal}", limits = "{limits}" }}
"""
OUTCOME = """
[[outcome]]
slug = "{slug}"
by = "{by}"
on = "{on}"
what = "as it went"
source = "somebody 2019"
looked_up = true
"""


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield loaded("replay")


@pytest.fixture
def folder(tmp_path: Path, benchmark: ModuleType) -> Path:
    """A list of two, drawn: one against the terms of its source, after which trouble came, and a harmless one."""
    (tmp_path / "evidence").mkdir()
    frame = FRAME + RELEASE.format(slug="taken", shelf="") + RELEASE.format(slug="counts", shelf="iris")
    (tmp_path / "frame.toml").write_text(frame)
    shutil.copy(HISTORY / "codebook.toml", tmp_path)
    outcomes = OUTCOME.format(slug="taken", by="a", on="2016-06") + OUTCOME.format(slug="counts", by="none", on="")
    (tmp_path / "outcomes.toml").write_text(outcomes)
    for slug, said, generates in (("taken", "no", "yes"), ("counts", "yes", "no")):
        text = SHEET.format(slug=slug, legal=said, limits=said, generates=generates, on="2016-05")
        (tmp_path / "evidence" / f"{slug}.toml").write_text(text)
    assert benchmark.main(["draw"], tmp_path) == 0
    return tmp_path


def judged(benchmark: ModuleType, n: int, *, eventful: int, passes: Callable[[int], bool]) -> tuple[Any, Any]:
    """So many releases, the first of them eventful; what each judge but the fixed ones says follows from the number."""
    module = benchmark.read_frame.__globals__
    releases = [
        module["Release"](
            slug=f"r{k}", name="", kind="data", what="", who="", released="2016", form=benchmark.Rung.OPEN,
            precedent="", source="", looked_up=False,
        )
        for k in range(n)
    ]  # fmt: skip
    made = tuple(
        benchmark.Judged(
            release=release, limits=(), unsettled=0, unticked=(),
            may_go=dict.fromkeys((*benchmark.ADVICE, *benchmark.OTHERS), passes(k))
            | {"always open": True, "always closed": False},
        )
        for k, release in enumerate(releases)
    )  # fmt: skip
    outcomes = {
        f"r{k}": module["Outcome"](
            slug=f"r{k}", by="a" if k < eventful else "none", what="", source="", looked_up=True, on="2017"
        )
        for k in range(n)
    }
    return made, outcomes


def test_a_known_table(benchmark: ModuleType) -> None:
    made, outcomes = judged(benchmark, 10, eventful=4, passes=lambda k: k in {0, 5, 6, 7})
    counts = benchmark.tally(made, "advice, ceiling", outcomes)
    assert (counts.false_blocks, counts.uneventful, counts.false_passes, counts.eventful) == (3, 6, 1, 4)
    blocks, passes = counts.intervals()
    assert blocks.low == pytest.approx(0.1181, abs=1e-4)  # Clopper-Pearson of 3 in 6, by any table
    assert passes.high == pytest.approx(0.8059, abs=1e-4)  # of 1 in 4
    always = benchmark.tally(made, "always open", outcomes)
    assert (always.false_blocks, always.false_passes) == (0, 4)
    never = benchmark.tally(made, "always closed", outcomes)
    assert (never.false_blocks, never.false_passes) == (6, 0)


def test_nothing_to_be_wrong_about_has_no_interval(benchmark: ModuleType) -> None:
    made, outcomes = judged(benchmark, 3, eventful=3, passes=lambda k: k == 0)
    blocks, passes = benchmark.tally(made, "always open", outcomes).intervals()
    assert blocks is None
    assert passes.value == 1.0
    assert "none to be wrong about" in "\n".join(benchmark._table(made, outcomes))


@pytest.mark.parametrize(
    ("right", "says"),
    [
        (lambda k: k >= 20, "beats it"),  # always right; always open is wrong on all 20
        (lambda k: k < 20, "is beaten by it"),  # always wrong
        (lambda k: k >= 18, "beats it"),
        (lambda k: k % 2 == 0, "not told apart"),
    ],
)
def test_beats_is_said_where_the_corrected_test_says_so(
    benchmark: ModuleType, right: Callable[[int], bool], says: str
) -> None:
    made, outcomes = judged(benchmark, 40, eventful=20, passes=right)
    told = {(p.advice, p.other): p for p in benchmark.pairs(made, outcomes)}
    assert len(told) == 8
    assert told["advice, ceiling", "always open"].says == says


def test_a_lead_that_one_test_alone_would_bear_out_is_not_called_one(benchmark: ModuleType) -> None:
    """Six against none is p = 0.03 alone; eight comparisons were made, four of them with this very p."""
    made, outcomes = judged(benchmark, 12, eventful=6, passes=lambda k: k >= 6)
    told = benchmark.pairs(made, outcomes)
    lead = next(p for p in told if p.other == "always open")
    assert (lead.only_advice_wrong, lead.only_other_wrong) == (0, 6)
    assert lead.says == "not told apart"
    assert benchmark.mcnemar(0, 6) < benchmark.LEVEL < lead.p


def test_two_releases_are_judged_and_scored(
    benchmark: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert benchmark.main(["--cases"], folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Limits: 2 past releases")
    assert "under this very policy" in lines[1]
    assert lines[-1] == (
        "cases 2 advice-ceiling 0/1 0/1 advice-cleared 1/1 0/1 always-open 0/1 1/1 always-closed 1/1 0/1 "
        "checklist-lenient 0/1 0/1 checklist-strict 0/1 0/1 policy current"
    )
    told = "\n".join(lines)
    assert "Of these, 1 that were not on the shelf" in told
    assert "Of 4 pieces of evidence 2 rest on a source written after the release" in told
    assert "against always open: not told apart" in told


def test_what_judges_reads_no_outcome(benchmark: ModuleType, folder: Path) -> None:
    before = benchmark.judge_all(folder, load_policy())[-1]
    (folder / "outcomes.toml").unlink()
    assert benchmark.judge_all(folder, load_policy())[-1] == before


def test_an_older_policy_is_told(benchmark: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "draw.toml"
    path.write_text(path.read_text().replace(load_policy().digest, NEVER))
    assert benchmark.main([], folder) == 0
    out = capsys.readouterr().out
    assert "Drawn under an older policy" in out
    assert out.splitlines()[-1].endswith("policy older")


def test_there_is_one_draw(benchmark: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "draw.toml").read_bytes()
    assert benchmark.main(["draw"], folder) == 2
    assert "holds a draw already" in capsys.readouterr().err
    assert (folder / "draw.toml").read_bytes() == before


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("edited", "says"),
    [
        (("frame.toml", 'who = "somebody"', 'who = "somebody else"'), "frame.toml has changed since the draw"),
        (("codebook.toml", "1. A fact", "1. Each fact"), "codebook.toml has changed since the draw"),
        (("draw.toml", '"taken"', '"made-up"'), "was drawn and is not in the frame"),
        (("draw.toml", '  "taken",\n', ""), "was not drawn"),
        (("outcomes.toml", '"taken"', '"takn"'), "is no release of the frame"),
        (("outcomes.toml", 'on = "2016-06"', 'on = "2020-06"'), "after the horizon"),
        (("outcomes.toml", 'on = "2016-06"', 'on = "2016-04"'), "before the release"),
        (("outcomes.toml", 'on = ""', 'on = "2017"'), "within the horizon, and counts as none"),
        (("outcomes.toml", 'by = "a"', 'by = "none"'), "within the horizon, and counts as none"),
        (("evidence/taken.toml", 'on = "2016-05"', 'on = "2016-06"'), "after the release"),
        (("evidence/taken.toml", 'source = "somebody 2016"', 'source = " "'), "without a source"),
        (("evidence/taken.toml", 'private = "no", ', ""), "private: is missing"),
        (("evidence/taken.toml", "private =", "privat ="), "is no fact; did you mean 'private'"),
        (("evidence/taken.toml", 'private = "no"', 'private = "perhaps"'), "is perhaps; known: no, yes"),
        (("evidence/taken.toml", 'legal = "no"', 'legal = "no", harm = "yes"'), "has two values"),
        (("evidence/taken.toml", 'slug = "taken"', 'slug = "counts"'), "the file is that of taken"),
        (("evidence/taken.toml", 'subject = "table"', 'subject = "bytes"'), "is none that a release has"),
    ],
)
def test_what_cannot_be_used_is_told(
    benchmark: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str], edited: tuple[str, str, str], says: str
) -> None:
    edit(folder, *edited)
    assert benchmark.main([], folder) == 2
    assert says in capsys.readouterr().err


def test_a_sheet_that_is_missing_and_an_outcome_that_is_missing_are_told(
    benchmark: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "evidence" / "taken.toml").rename(folder / "evidence" / "other.toml")
    assert benchmark.main([], folder) == 2
    told = capsys.readouterr().err
    assert "was drawn, and there is no sheet of it" in told
    assert "has a sheet and was not drawn" in told
    (folder / "evidence" / "other.toml").rename(folder / "evidence" / "taken.toml")
    (folder / "outcomes.toml").write_text(OUTCOME.format(slug="counts", by="none", on=""))
    assert benchmark.main([], folder) == 2
    assert "taken: has no outcome" in capsys.readouterr().err


def test_the_draw_takes_so_many_of_each_and_changes_with_the_seed(benchmark: ModuleType) -> None:
    frame = benchmark.read_frame(HISTORY)
    outcomes = benchmark.read_outcomes(HISTORY, frame)
    drawn = benchmark.draw(frame, outcomes)
    assert drawn == benchmark.draw(frame, outcomes)
    assert sum(outcomes[slug].eventful for slug in drawn) == frame.draw.eventful
    assert len(set(drawn)) == frame.draw.eventful + frame.draw.uneventful
    assert drawn != benchmark.draw(replace(frame, draw=replace(frame.draw, seed=frame.draw.seed + 1)), outcomes)
    with pytest.raises(Unusable, match="cannot draw 99"):
        benchmark.draw(replace(frame, draw=replace(frame.draw, eventful=99)), outcomes)


def test_the_frame_is_large_enough_and_sourced(benchmark: ModuleType) -> None:
    frame = benchmark.read_frame(HISTORY)
    outcomes = benchmark.read_outcomes(HISTORY, frame)
    assert len(frame.release) >= 60
    assert all(release.source and outcomes[release.slug].source for release in frame.release)
    assert frame.draw.eventful >= 12
    assert frame.draw.uneventful >= 12


def test_a_kind_or_a_source_that_is_none_is_told(benchmark: ModuleType, folder: Path) -> None:
    edit(folder, "frame.toml", 'kind = "data"', 'kind = "datum"')
    edit(folder, "frame.toml", 'source = "somebody 2016"', 'source = ""')
    with pytest.raises(Faulty) as told:
        benchmark.read_frame(folder)
    assert [fault.says for fault in told.value.faults] == [
        "is of a kind that is neither model nor data", "has no source",
    ]  # fmt: skip


def test_a_codebook_that_asks_for_what_there_is_not_is_told(benchmark: ModuleType, folder: Path) -> None:
    edit(folder, "codebook.toml", 'question = "legal"', 'question = "legl"')
    edit(folder, "codebook.toml", 'fact = "consent"', 'fact = "consnt"')
    with pytest.raises(Faulty) as told:
        benchmark.read_codebook(folder)
    assert ["is no question" in str(told.value), "asks consnt for what it does not know" in str(told.value)] == [
        True
    ] * 2


def test_a_fact_left_out_is_as_if_nobody_had_told(
    benchmark: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert benchmark.main(["--without", "legal"], folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Left out of every sheet, as if nobody had told: legal."
    assert "advice-ceiling 0/1 1/1" in lines[-1]
    assert benchmark.main(["--then"], folder) == 0  # the terms are told by a source of the year after
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Left out of every sheet: what rests on a source written after the release."
    assert "advice-ceiling 0/1 1/1" in lines[-1]
    assert benchmark.main(["--without", "legla"], folder) == 2
    assert "did you mean 'legal'" in capsys.readouterr().err


def test_what_was_drawn_is_what_the_seed_draws_and_each_has_a_sheet(benchmark: ModuleType) -> None:
    frame, codebook = benchmark.read_frame(HISTORY), benchmark.read_codebook(HISTORY)
    drawn = benchmark.read_draw(HISTORY, frame)
    assert drawn.drawn == benchmark.draw(frame, benchmark.read_outcomes(HISTORY, frame))
    assert len(drawn.drawn) >= 24
    assert set(benchmark.read_sheets(HISTORY, drawn.drawn, frame, codebook)) == set(drawn.drawn)


@pytest.mark.slow
def test_the_run_tells_its_limits_first_and_the_page_tells_its_figures(
    benchmark: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under the policy that it was drawn under the page has the figures; under any other the output says so."""
    capsys.readouterr()
    assert benchmark.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Limits: 30 past releases")
    recorded = benchmark.read_draw(HISTORY, benchmark.read_frame(HISTORY)).policy_digest
    if recorded == load_policy().digest:
        assert "under this very policy" in lines[1]
        assert lines[-1] in PAGE.read_text()
    else:
        assert lines[1].startswith("Drawn under an older policy")
        assert lines[-1].endswith("policy older")


EVERY = """
slug = "taken"
story = ["Somebody asked.", "The answers were published.", "There is no more to it."]
subject = "{subject}"
languages = ["en"]
licence = "CC-BY-4.0"
purpose = "research"
[[evidence]]
says = "What was told of it, with \\"quotes\\"."
source = "somebody 2016"
on = "2016-05"
facts = {{ about_people = "yes", private = "yes", harm = "yes", generates = "yes", identifies = "yes", {facts} }}
words = {{ origin = "a clinic | consent | yes", benefit = "clinics | time | en | not known", misuse = "blackmail", \
consulted = "a nurse | deep knowledge | asked | no" }}
"""


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("data", "text"),
        ("data", "unread-data"),
        ("model", "classifier"),
        ("model", "untold-model"),
    ],
)
def test_every_fact_of_the_codebook_reaches_the_tool(
    benchmark: ModuleType, folder: Path, kind: str, subject: str
) -> None:
    """An answer that the interview would not take is refused there, so none is lost on the way."""
    edit(folder, "frame.toml", 'kind = "data"', f'kind = "{kind}"')
    (folder / "draw.toml").unlink()
    assert benchmark.main(["draw"], folder) == 0
    codebook = benchmark.read_codebook(folder)
    facts = [fact for fact in codebook.fact if fact.slug not in benchmark.case_of.__globals__["TRIAGE"]]
    told = ", ".join(f'{fact.slug} = "{fact.values[0]}"' for fact in facts)
    text = EVERY.format(subject=subject, facts=told)
    (folder / "evidence" / "taken.toml").write_text(text)
    drawn, frame, sheets, judged = benchmark.judge_all(folder, load_policy())
    assert len(judged) == len(drawn.drawn)
    case = benchmark.case_of(sheets["taken"], frame.named("taken"), codebook)
    assert {answer.question for answer in case.answer} == {fact.question for fact in facts if fact.question}
    assert "[[misuse]]" in case.candidate
