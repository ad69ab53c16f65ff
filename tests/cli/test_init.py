from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from conftest import Weighbridge
from weighbridge.adapters.formats.candidate_file import TriageEntry, parse_candidate
from weighbridge.catalogue import find_questions
from weighbridge.cli.init import command
from weighbridge.core.candidate import Said


def test_drafts_a_file_that_weighs(weighbridge: Weighbridge, people: Path) -> None:
    code, out, _err = weighbridge("init", people)
    assert code == 0
    assert "weighbridge weigh" in out
    made = parse_candidate((people / "weighbridge.toml").read_text(), file="f")
    assert made.artefact[0].path == "register.csv"


def test_writes_over_nothing_unasked(weighbridge: Weighbridge, people: Path) -> None:
    (people / "weighbridge.toml").write_text("mine")
    code, _out, err = weighbridge("init", people)
    assert (code, (people / "weighbridge.toml").read_text()) == (2, "mine")
    assert f"weighbridge init {people} --force" in err
    assert weighbridge("init", people, "--force")[0] == 0


def test_tells_what_is_missing_or_empty(weighbridge: Weighbridge, tmp_path: Path) -> None:
    assert weighbridge("init", tmp_path / "none")[0] == 2
    (tmp_path / "empty").mkdir()
    assert weighbridge("init", tmp_path / "empty")[0] == 2


def test_asks_six_questions_and_keeps_the_answers(people: Path) -> None:
    done = CliRunner().invoke(command, [str(people), "--ask"], input="yes\nno\nunknown\n\nno\nen, sw\n")
    assert done.exit_code == 0, done.output
    triage = parse_candidate((people / "weighbridge.toml").read_text(), file="f").triage
    assert triage == TriageEntry(
        about_people=Said.YES,
        private=Said.NO,
        harm=Said.UNKNOWN,
        generates=Said.UNKNOWN,
        identifies=Said.NO,
        languages=("en", "sw"),
    )


def test_the_questions_are_those_of_the_triage() -> None:
    asked = [question.answers for question in find_questions() if question.is_triage]
    assert asked == [
        f"triage.{key}" for key in ("about_people", "private", "harm", "generates", "identifies", "languages")
    ]


def test_asking_again_keeps_what_was_mended_by_hand(people: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(command, [str(people)]).exit_code == 0
    draft = people / "weighbridge.toml"
    draft.write_text(draft.read_text().replace('purpose = ""', 'purpose = "mended"'))
    done = runner.invoke(command, [str(people), "--ask"], input="no\nno\nno\nno\nno\nen\n")
    assert done.exit_code == 0, done.output
    made = parse_candidate(draft.read_text(), file="f")
    assert (made.purpose, made.triage.harm, made.triage.languages) == ("mended", Said.NO, ("en",))


def test_a_wrong_language_is_asked_again(people: Path) -> None:
    done = CliRunner().invoke(command, [str(people), "--ask"], input="yes\nno\nno\nno\nno\nenglish\neng swh_Latn en\n")
    assert done.exit_code == 0, done.output
    assert "did you mean en" in done.output
    triage = parse_candidate((people / "weighbridge.toml").read_text(), file="f").triage
    assert triage.languages == ("en", "sw")


def test_of_a_file_the_folder_is_drafted_and_weighing_says_that_it_counts(
    weighbridge: Weighbridge, people: Path
) -> None:
    file = people / "register.csv"
    code, out, _err = weighbridge("init", file)
    assert code == 0
    assert f"weighbridge weigh {people}" in out
    assert (people / "weighbridge.toml").is_file()
    code, _out, err = weighbridge("weigh", file, "--probe", "unique-combinations")
    assert code == 0
    assert f"weighbridge weigh {people}" in err
    assert "weighbridge weigh" not in weighbridge("weigh", people, "--probe", "unique-combinations")[2]
