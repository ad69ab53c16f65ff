from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import click
import pytest

from conftest import Weighbridge
from weighbridge.cli import main as door
from weighbridge.core.errors import ExitCode, LedgerBroken


def _raising(error: BaseException) -> click.Command:
    @click.command("weigh")
    @click.option("--home")
    def command(home: str) -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (LedgerBroken("the ledger is broken", "a seal", "restore it"), ExitCode.LEDGER_BROKEN, "why: a seal"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "goes on from there"),
        (OSError(errno.ENOSPC, "No space left on device"), ExitCode.OUTSIDE, "No space left"),
        (OSError(errno.EROFS, "Read-only file system"), ExitCode.OUTSIDE, "Read-only"),
        (MemoryError(), ExitCode.OUTSIDE, "memory"),
        (KeyError("a secret value"), ExitCode.OUR_BUG, "this is a bug of ours"),
    ],
)
def test_faults_become_sentences_and_exit_codes(
    error: BaseException, code: ExitCode, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door.Commands, "get_command", lambda *_: _raising(error))
    assert door.run(["weigh"]) == code
    out, err = capsys.readouterr()
    assert told in err
    assert "Traceback" not in err
    assert "a secret value" not in err + out


def test_a_bug_of_ours_leaves_a_report_without_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(door.Commands, "get_command", lambda *_: _raising(ValueError("a secret value")))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert door.run(["weigh", "--home=a secret value"]) == ExitCode.OUR_BUG
    (report,) = tmp_path.glob("weighbridge-fault-*.txt")
    written = report.read_text()
    assert "test_main.py" in written
    assert "--home" in written
    assert "a secret value" not in written
    assert report.stat().st_mode & 0o077 == 0
    assert str(report) in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["weigh", "postgres://ada:s3cr/et@127.0.0.1:5432/crm/clients"],
        ["gate", "postgresql://ada:s3cr/et@127.0.0.1/crm/clients", "--to", "public"],
        ["weigh", ".", "postgres://ada:s3cr/et@127.0.0.1/crm/clients"],
        ["postgres://ada:s3cr/et@127.0.0.1/crm/clients"],
    ],
)
def test_a_password_in_a_url_that_stands_where_a_path_belongs_is_not_told(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert door.run(words) == ExitCode.UNUSABLE
    told = "".join(capsys.readouterr())
    assert "ada:...@127.0.0.1" in told
    assert "s3cr" not in told
    assert "et@" not in told


def test_an_unknown_command_is_told_with_its_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.run(["wiegh"]) == ExitCode.UNUSABLE
    assert "did you mean 'weigh'?" in capsys.readouterr().err


def test_every_command_has_a_file_and_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.run(["--help"]) == ExitCode.DONE
    listed = capsys.readouterr().out
    for name in door.Commands().list_commands(click.Context(door.commands)):
        assert name in listed
        assert door.run([name, "--help"]) == ExitCode.DONE


@pytest.mark.parametrize("words", [["weigh"], ["ledger"], ["ledger", "verify"]])
def test_help_is_told_in_the_readers_language(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", _HELP_MARKED, *words], capture_output=True, text=True, check=True)
    assert "<<" in done.stdout.split("Options:")[0]


_HELP_MARKED = """
import gettext, sys
from weighbridge.core import wording

class Marking(gettext.NullTranslations):
    def gettext(self, message):
        return f"<<{message}>>"

wording.install(Marking())
from weighbridge.cli.main import run
run([*sys.argv[1:], "--help"])
"""


def test_help_needs_no_extra() -> None:
    script = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'sklearn', 'skops', 'onnxruntime', 'peft', 'stdnum'): sys.modules[name] = None\n"
        "from weighbridge.cli.main import run\n"
        "sys.exit(run(['--help']) or run(['probes', 'list']) or run(['schema', 'candidate']) or run(['policy', 'check']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "verbatim-extraction" in done.stdout


def test_a_remedy_names_what_the_command_named(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    home = tmp_path / "my home"
    code, _out, err = weighbridge("ask", str(people), "--only", "nope", "--home", str(home))
    assert code == 2
    assert f"weighbridge questions {people} --home '{home}'" in err
    assert "DIR" not in err
