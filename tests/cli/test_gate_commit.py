from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pytest

from fakes.decided import Decided, make_decided
from weighbridge.cli.gate_commit import main

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    return make_decided(tmp_path_factory.mktemp("decided"))


@pytest.fixture
def made(original: Decided, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Decided:
    """The release below the top of a repository of git, committed."""
    copy = original.copied(tmp_path / "repository")
    copy.home.rename(tmp_path / "home")
    made = Decided(path=copy.path, home=tmp_path / "home", decision=copy.decision)
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WEIGHBRIDGE_HOME", str(made.home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(made.path.parent)
    _git("init", "-q", "-b", "main")
    _commit("all of it")
    return made


def _git(*words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", *who, *words], check=True, capture_output=True, text=True)  # noqa: S607  found on the path
    return done.stdout


def _commit(says: str) -> str:
    _git("add", "-A")
    _git("commit", "-q", "-m", says)
    return _git("rev-parse", "HEAD").strip()


def _pushed(commit: str) -> io.StringIO:
    return io.StringIO(f"refs/heads/main {commit} refs/heads/main {'0' * 40}\n")


WORDS = ("boxes", "--to", "public", "--leave-evidence")


def test_what_was_decided_on_may_be_pushed(made: Decided, capfd: pytest.CaptureFixture[str]) -> None:
    commit = _git("rev-parse", "HEAD").strip()
    assert main(WORDS, _pushed(commit)) == 0
    assert "boxes may go to public" in capfd.readouterr().out
    assert main(WORDS, io.StringIO(f"(delete) {'0' * 40} refs/heads/old {commit}\n")) == 0


def test_the_commit_counts_and_not_what_lies_there(made: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
    good = _git("rev-parse", "HEAD").strip()
    told = (made.path / "boxes.csv").read_bytes()
    (made.path / "boxes.csv").write_text("other")
    assert main(WORDS, _pushed(good)) == 0
    bad = _commit("other bytes")
    (made.path / "boxes.csv").write_bytes(told)
    assert main(WORDS, _pushed(bad)) == 1
    monkeypatch.setenv("PRE_COMMIT_TO_REF", bad)
    assert main(WORDS, io.StringIO("")) == 1


def test_a_file_that_archives_leave_out_is_looked_at(made: Decided) -> None:
    (made.path.parent / ".gitattributes").write_text("boxes/extra.csv export-ignore\n")
    (made.path / "extra.csv").write_text("name\nsomebody\n")
    assert main(WORDS, _pushed(_commit("one more"))) == 1


def test_a_link_in_the_commit_is_refused(made: Decided, capfd: pytest.CaptureFixture[str]) -> None:
    (made.path / "link").symlink_to("/etc")
    assert main(WORDS, _pushed(_commit("a link"))) == 1
    assert "link" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "commit", "code"),
    [(("none", "--to", "public"), "HEAD", 2), (("../home", "--to", "public"), "HEAD", 2), (("--to", "public"), "HEAD", 2),
     ((), "HEAD", 2), (("boxes",), "HEAD", 2), (WORDS, "f" * 40, 74)],
)  # fmt: skip
def test_what_cannot_be_looked_at_does_not_pass(
    made: Decided, words: tuple[str, ...], commit: str, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(words, _pushed(_git("rev-parse", "HEAD").strip() if commit == "HEAD" else commit)) == code
    assert "Traceback" not in capfd.readouterr().err
