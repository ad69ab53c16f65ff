from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conftest import Weighbridge
from weighbridge.cli.terminal import show_pointers, watching
from weighbridge.core.ports import Pointer
from weighbridge.wiring import Silence


def test_says_nothing_on_the_way_where_nobody_looks() -> None:
    with watching() as watcher:
        assert isinstance(watcher, Silence)


def test_draws_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with watching() as watcher:
        watcher.starts("a-probe")
        watcher.progress("a-probe", 3, 7, "windows")
    out, _err = capsys.readouterr()
    assert out == ""


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
