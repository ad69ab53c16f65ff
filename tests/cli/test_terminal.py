from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from rich.console import Console
from rich.progress import Progress

from conftest import Weighbridge
from weighbridge.catalogue import find_questions
from weighbridge.cli.main import commands
from weighbridge.cli.terminal import Rate, _show_evidence, _show_open, screen, show_pointers, watching
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Asked, Evidence, Measured, NotMeasured
from weighbridge.core.findings import Effect, Finding, Verdict
from weighbridge.core.ports import Pointer
from weighbridge.core.wording import phrase
from weighbridge.report.neutral import HOMELESS, JUDGING
from weighbridge.wiring import Silence


def test_says_nothing_on_the_way_where_nobody_looks() -> None:
    with watching() as watcher:
        assert isinstance(watcher, Silence)


def test_progress_tells_how_many_rows_a_second() -> None:
    seconds = iter(range(100))
    with Progress(
        Rate(), console=Console(file=io.StringIO()), get_time=lambda: next(seconds), auto_refresh=False
    ) as bar:
        task = bar.add_task("folds", total=3_000_000)
        assert Rate().render(bar.tasks[0]).plain == ""
        for done in (100_000, 200_000, 300_000):
            bar.update(task, completed=done)
        assert Rate().render(bar.tasks[0]).plain == "100,000 a second"


def test_a_reader_that_left_is_told_as_such_and_not_as_a_refusal() -> None:
    """As `| head` does: 1 would mean that the gate refuses, and 0 that it lets through."""
    for shows in ("click.echo('x')", "screen().print('x')"):
        script = (
            "import click, sys; from weighbridge.cli import main as door; from weighbridge.cli.terminal import screen\n"
            f"door.commands.main = lambda **_: ({shows}, sys.stdout.flush())\n"
            "door.main([])"
        )
        reads, writes = os.pipe()
        os.close(reads)
        done = subprocess.run([sys.executable, "-c", script], stdout=writes, stderr=subprocess.PIPE, check=False)
        os.close(writes)
        assert done.returncode == 141, done.stderr


def test_draws_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with watching() as watcher:
        watcher.starts("a-probe")
        watcher.progress("a-probe", 3, 7, "windows")
    out, _err = capsys.readouterr()
    assert out == ""


def test_a_command_that_a_probe_advises_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    untrusted = NotMeasured(because=phrase("it was not trusted"), remedy=phrase("weighbridge weigh DIR --trust fit.py"))
    noted = Measured(quantities=(), notes=(phrase("left out: weighbridge weigh DIR --budget 60"),))
    for outcome in (untrusted, noted):
        digest = digest_of_bytes(b"")
        asked = Asked(
            candidate=digest, reading=digest, probe="toy", version=1, settings=(), seed=0, budget_seconds=1.0
        )  # fmt: skip
        _show_evidence(screen(), Evidence(asked=asked, outcome=outcome), Path("my model"))
        said = capsys.readouterr().out
        assert "weighbridge weigh 'my model' --" in said
        assert "DIR" not in said


def test_pointers_go_to_stderr_and_hide_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_pointers((Pointer(probe="p", label="a\u202e[red].csv", record=7, says="a secret"),))
    show_pointers(())
    out, err = capsys.readouterr()
    assert out == ""
    assert "p: a⟨U+202E⟩[red].csv, record 7: a secret" in err
    assert "nothing was found" in err


def test_hostile_names_do_not_reach_the_terminal(weighbridge: Weighbridge, people: Path) -> None:
    (people / "weighbridge.toml").write_text(
        'name = "x\\u001b[2J\\u202e[red]y"\n[[artefact]]\nrole = "data"\npath = "register.csv"\n'
    )
    code, out, err = weighbridge("weigh", people)
    assert code == 0
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err


def test_open_items_are_grouped_by_their_step_and_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    open_items = tuple(
        Finding(
            rule=rule, verdict=Verdict.OPEN, effect=Effect.STOP, forbids=(), component=None,
            says=phrase("{question} is not answered", question="about-people"),
            remedy=phrase("answer it: weighbridge init --ask DIR"), minutes=1, source="s", rests_on=(),
        )
        for rule in ("a", "b")
    )  # fmt: skip
    _show_open(screen(), "Open", open_items, Path("m"))
    said = capsys.readouterr().out
    asks = next(q.asks for q in find_questions() if q.slug == "about-people")
    assert "Open (2)" in said
    assert said.count("weighbridge init --ask m") == said.count(asks) == 1
    assert "[a, b]" in said


def test_printed_commands_keep_the_home_and_the_policy(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    home = tmp_path / "a home"
    code, out, _err = weighbridge("weigh", people, "--home", home, "--probe", "unique-combinations")
    assert code == 0
    assert f"weighbridge report {people} --home '{home}'" in out
    assert f"weighbridge init {people}\n" in out
    assert "--home" not in weighbridge("weigh", people, "--probe", "unique-combinations")[1]


def test_which_commands_take_a_home_and_a_policy_is_as_they_have_it() -> None:
    context = click.Context(commands)
    for name in commands.list_commands(context):
        made = commands.get_command(context, name)
        assert made is not None
        taken = {option for parameter in made.params for option in parameter.opts}
        assert ("--policy" in taken) == (name in JUDGING), name
        assert name not in HOMELESS or "--home" not in taken, name
        assert name in HOMELESS or "--home" in taken or isinstance(made, click.Group), name
