from __future__ import annotations

from pathlib import Path

import pytest

from fakes.cases import MINE
from weighbridge.catalogue import find_cases, load_cases
from weighbridge.core.case import Case
from weighbridge.core.errors import Unusable
from weighbridge.core.findings import Verdict
from weighbridge.core.rungs import Rung
from weighbridge.replaying import cases_named, judge_case, replay_case

for _needed in ("sklearn", "skops", "h3", "language_data"):
    pytest.importorskip(_needed, reason="the cases take the extras tabular, languages and geo")

# Those that fit models and test them take seconds each; they run where all that is slow runs.
SLOW = {"address-field", "digits", "health-writer-chichewa", "private-text-recited", "sierra-leone-radio"}


# What limits, by rule, written down a second time: who changes a case changes it here as well, or notices.
LIMITS = {
    "address-field": {"weights": ("address-is-no-general-output", "no-output-finds-people")},
    "health-writer-chichewa": {"weights": ()},
    "complaints-classifier": {"weights": ("not-for-persecution",)},
    "gpt-2-withheld": {"weights": (), "paper": ()},
    "liberia-border": {"data": ("right-and-not-only-legal",)},
    "private-rows-kept": {"weights": ("no-private-rows-kept", "no-rows-of-people-kept")},
    "private-text-recited": {"weights": ("no-identified-record-extractable", "no-private-record-extractable")},
    "public-facts-gathered": {
        "data": (
            "nobody-stands-alone", "people-at-risk-cannot-be-found", "sensitive-values-differ",
            "small-groups-for-anyone", "small-groups-for-vetted", "whole-was-graded",
        )
    },
    "strava-heat-map": {
        "data": (
            "no-lonely-spots", "no-lonely-spots-of-people-at-risk", "no-small-cells",
            "people-at-risk-are-in-no-small-cell", "places-are-shared", "positions-are-coarse",
        )
    },
    "sierra-leone-radio": {"weights": ("named-misuse-can-be-countered", "output-can-be-told-where-it-hurts")},
    "un-tweets": {
        "data": (
            "meant-for-everybody", "nobody-is-named", "people-at-risk-are-not-named", "publisher-not-seen-as-hostile",
            "way-out-exists",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name, marks=[pytest.mark.slow] if case.name in SLOW else []) for case in find_cases()],
)
def test_the_tool_comes_to_what_the_essay_came_to_for_its_reasons(case: Case) -> None:
    replayed = replay_case(case)
    assert [row for row in replayed.rows if row.differs] == []
    # Each that limits says for which of the essay's reasons.
    assert all(row.because for row in replayed.findings)
    limits = {s.component.value: s.limits for s in replayed.weighing.recommendation.components}
    assert limits == LIMITS.get(case.name, limits)


def test_the_cases_of_the_essay_are_there_and_so_are_those_that_must_come_out_open() -> None:
    cases = {case.name: case for case in find_cases()}
    essay = {
        "gpt-2-withheld", "un-tweets", "strava-heat-map", "public-facts-gathered", "ebola-reporting", "bbc-misquote",
        "liberia-border", "complaints-classifier", "sierra-leone-radio", "english-taken-for-language",
        "thirty-speakers", "address-field", "private-rows-kept", "private-text-recited",
    }  # fmt: skip
    harmless = {"health-text-chichewa", "iris", "digits", "rain-gauges"}
    assert essay | harmless <= set(cases)
    assert all(case.essay and case.evidence and case.mission for case in cases.values())
    for name in harmless:  # not only not forbidden: nothing is left to be answered, and everybody may have it
        assert all(finding.verdict is Verdict.HOLDS for finding in cases[name].finding)
        assert cases[name].standing
        assert all(s.ceiling == s.cleared == (Rung.OPEN,) for s in cases[name].standing)
    writer = cases["health-writer-chichewa"].standing[0]  # that it writes leaves one question more, and limits nothing
    assert (writer.ceiling, writer.cleared) == ((Rung.OPEN,), (Rung.SERVED, Rung.GATED))
    for name in essay - {"bbc-misquote", "ebola-reporting", "gpt-2-withheld", "thirty-speakers",
                         "english-taken-for-language"}:  # fmt: skip
        assert any(Rung.OPEN not in s.ceiling for s in cases[name].standing)
    assert {name for name, case in cases.items() if any(later.contradicts for later in case.since)} == {
        "gpt-2-withheld", "english-taken-for-language", "ebola-reporting"
    }  # fmt: skip


def test_a_case_of_history_is_judged_on_what_is_brought(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    (case,) = load_cases(tmp_path, blind=True)
    weighing = judge_case(case)
    assert weighing.evidence == ()  # nothing is measured on what is gone
    assert next(f for f in weighing.findings if f.rule == "way-out-exists").verdict is Verdict.BREACHED
    (standing,) = weighing.recommendation.components
    assert "way-out-exists" in standing.limits
    assert Rung.LICENSED not in standing.ceiling
    assert judge_case(case) == weighing


def test_an_answer_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.replace('choice = "none"', 'choice = "perhaps"'))
    (case,) = load_cases(tmp_path / "mine.toml")
    with pytest.raises(Unusable, match="removal-path") as caught:
        judge_case(case)
    assert caught.value.what.startswith("cannot replay mine: ")


def test_cases_are_found_by_name_file_and_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    assert [case.name for case in cases_named("iris")] == ["iris"]
    assert [case.name for case in cases_named(str(tmp_path))] == ["mine"]
    assert [case.name for case in cases_named(str(tmp_path / "mine.toml"))] == ["mine"]
    assert len(cases_named()) == len(find_cases())
    with pytest.raises(Unusable, match="did you mean 'iris'"):
        cases_named("irises")
