from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import weighbridge as wb
from weighbridge.core.candidate import Impact
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.findings import Verdict
from weighbridge.wiring import (
    Options,
    environment,
    home_folder,
    opened_ledger,
    recommend_path,
    weigh_path,
)


def test_the_home_is_what_was_given_then_the_environment_then_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_HOME", "/from/environment")
    assert home_folder(Path("given")) == Path("given")
    assert home_folder() == Path("/from/environment")
    monkeypatch.delenv("WEIGHBRIDGE_HOME")
    assert home_folder() == Path(".weighbridge")


def test_the_environment_names_no_person_and_no_machine() -> None:
    noted = environment()
    assert isinstance(noted, dict)
    assert set(noted) == {"weighbridge", "python", "machine", "system"}


def test_the_whole_way_and_the_ledger_it_leaves(people: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    with pytest.raises(NotSettled):
        recommend_path(people, options)
    made = weigh_path(people, options)
    assert recommend_path(people, options).weighing == made.weighing
    with opened_ledger(tmp_path / "home") as ledger:
        assert ledger.verify() > 3
        assert ledger.head("people") == made.ledger_head
    assert list((tmp_path / "home" / "spill").rglob("*")) == []


def test_a_home_that_came_with_the_candidate_is_not_believed(people: Path) -> None:
    home = people / ".weighbridge"
    weigh_path(people, Options(home=home))
    recommend_path(people, Options(home=home))
    (home / "ledger.sqlite").chmod(0o644)
    for verb in (weigh_path, recommend_path):
        with pytest.raises(Unusable, match="may have come with the candidate"):
            verb(people, Options(home=home))


def test_the_face_of_the_package_hands_it_on(people: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    made = wb.weigh(people, options)
    assert [standing.component.value for standing in made.recommendation.components] == ["data"]
    assert wb.recommend(str(people), options) == made
    assert {row.plan.name for row in wb.plans(people, options).rows} >= {"open", "withhold"}


def test_the_face_tells_faults_after_everything_else_was_sealed(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "ragged.csv").write_text("age,sex\n1,F\n2,M,3,4\n")
    options = Options(home=tmp_path / "home")
    with pytest.raises(Unusable):
        wb.weigh(tmp_path / "c", options)
    assert wb.recommend(tmp_path / "c", options).evidence


def test_one_probe_run_again_hides_nothing_that_another_found(people: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    made = weigh_path(people, options)
    limits = {f.rule for f in made.weighing.findings if f.verdict is Verdict.BREACHED}
    again = weigh_path(people, replace(options, probes=("artefact-safety",)))
    assert {f.rule for f in again.weighing.findings if f.verdict is Verdict.BREACHED} == limits != set()
    assert again.weighing.evidence == made.weighing.evidence
    assert recommend_path(people, options).weighing == made.weighing


def test_no_to_about_people_is_not_believed_over_a_table_read_as_about_people(people: Path, tmp_path: Path) -> None:
    (people / "weighbridge.toml").write_text(
        'name = "people"\n[triage]\nabout_people = "no"\nprivate = "no"\nharm = "no"\ngenerates = "no"\n'
        'identifies = "no"\n[[artefact]]\npath = "register.csv"\nrole = "data"\ncomponent = "data"\n'
    )
    made = weigh_path(people, Options(home=tmp_path / "home")).weighing
    assert made.candidate.triage.impact is Impact.STANDARD
    assert "the answer that none of it is does not count" in made.guesses[-1]
    assert "said-whether-about-people" in {f.rule for f in made.findings if f.verdict is Verdict.OPEN}
