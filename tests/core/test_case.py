from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from weighbridge.core.candidate import Subject
from weighbridge.core.case import Case, CaseEvidence, ExpectedFinding, Since, faults_within, span
from weighbridge.core.material import Classifier, ClassifierKind, Gone

KNOWN = CaseEvidence(says="it was so", source="somebody 2010", on="2010-05")
CASE = Case(
    name="a-case", title="A case", on="2011-03-04", story=("One.", "Two.", "Three."), candidate='name = "a"',
    evidence=(KNOWN,), gone=(Gone(path="a.csv", subject=Subject.TABLE),),
)  # fmt: skip


def _faults(case: Case, *, blind: bool = False) -> list[str]:
    return [f"{'.'.join(map(str, path))}: {says}" for path, says in faults_within(case, blind=blind)]


def test_a_case_that_is_one_has_no_fault() -> None:
    assert _faults(CASE) == []
    assert _faults(CASE, blind=True) == []
    assert CASE.released == date(2011, 3, 4)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [("2012", (1, 1), (12, 31)), ("2012-02", (2, 1), (2, 29)), ("2012-02-03", (2, 3), (2, 3))],
)
def test_a_day_may_be_a_month_or_a_year(day: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert span(day) == (date(2012, *first), date(2012, *last))


@pytest.mark.parametrize("day", ["", "2012-2", "12-02-03", "2012-02-30", "2012-13", "yesterday"])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match=r"day"):
        span(day)
    assert any(fault.startswith("on: ") for fault in _faults(replace(CASE, on=day)))
    evidence = (replace(KNOWN, on=day),)
    assert any(fault.startswith("evidence.0.on: ") for fault in _faults(replace(CASE, evidence=evidence)))


@pytest.mark.parametrize(
    ("known", "released", "says"),
    [
        ("2011-03-04", "2011-03-04", ""),
        ("2011", "2011", ""),
        ("2011-03-05", "2011-03-04", "is after the release"),
        ("2012", "2011-03", "is after the release"),
        ("2011", "2011-03-04", "may be after the release"),
        ("2011-03", "2011-03-04", "may be after the release"),
    ],
)
def test_only_what_could_be_known_then_is_weighed(known: str, released: str, says: str) -> None:
    faults = _faults(replace(CASE, on=released, evidence=(replace(KNOWN, on=known),)))
    assert (faults == []) if not says else (len(faults) == 1 and says in faults[0])


def test_evidence_has_a_source_and_what_came_later_came_later() -> None:
    assert "rumour" in _faults(replace(CASE, evidence=(replace(KNOWN, source=" "),)))[0]
    later = Since(says="it was otherwise", source="somebody", on="2011-03-05")
    assert _faults(replace(CASE, since=(later,))) == []
    assert "belongs in [[evidence]]" in _faults(replace(CASE, since=(replace(later, on="2011-03-04"),)))[0]
    assert "rumour" in _faults(replace(CASE, since=(replace(later, source=""),)))[0]
    assert "since.0.on" in _faults(replace(CASE, since=(replace(later, on="later"),)))[0]


def test_a_case_that_is_judged_blind_tells_no_outcome() -> None:
    later = Since(says="it was otherwise", source="somebody", on="2012")
    for told in (
        replace(CASE, essay="as it was"), replace(CASE, since=(later,)), replace(CASE, statement=("x",)),
        replace(CASE, finding=(ExpectedFinding(rule="r", because="b"),)),
    ):  # fmt: skip
        assert _faults(told) == []
        assert len(_faults(told, blind=True)) == 1


def test_files_stay_in_the_folder_and_are_told_once() -> None:
    assert "holds none" in _faults(replace(CASE, gone=()))[0]
    twice = (*CASE.gone, *CASE.gone)
    assert "two files" in _faults(replace(CASE, gone=twice))[0]
    for path in ("/etc/passwd", "../x", "a/../../x", "~/x", "a\\b"):
        assert "leads out" in _faults(replace(CASE, gone=(Gone(path=path, subject=Subject.TEXT),)))[0]
    for path in ("", ".", "weighbridge.toml"):
        assert "can have" in _faults(replace(CASE, gone=(Gone(path=path, subject=Subject.TEXT),)))[0]
    model = Classifier(path="m.skops", kind=ClassifierKind.FOREST, table="none.csv", target="t")
    assert "no [[table]]" in _faults(replace(CASE, classifier=(model,)))[0]
    assert "a folder" in _faults(replace(CASE, gone=(Gone(path="m.bin", subject=Subject.CAUSAL_LM),)))[0]


def test_a_name_is_a_slug_and_a_story_has_three_sentences() -> None:
    assert "slug" in _faults(replace(CASE, name="A Case"))[0]
    assert "3" in _faults(replace(CASE, story=("One.",)))[0]
