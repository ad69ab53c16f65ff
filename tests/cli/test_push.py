from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from fakes.decided import Decided, make_decided
from weighbridge.cli.push import command
from weighbridge.core.errors import Unusable


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    return make_decided(tmp_path_factory.mktemp("decided"))


def _run(made: Decided, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(made.path), "--home", str(made.home), *words], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result.output


@pytest.mark.slow
def test_says_what_was_sent_and_that_it_lies_there(made: Decided, tmp_path: Path) -> None:
    code, out = _run(made, "--to", f"dir:{tmp_path / 'out'}")
    assert code == 0
    assert "3 files sent" in out
    assert "(public)" in out
    code, again = _run(made, "--to", f"dir:{tmp_path / 'out'}")
    assert code == 0
    assert "nothing was sent" in again
    assert again.splitlines()[-1] == out.splitlines()[-1]


@pytest.mark.slow
def test_shows_why_it_does_not_leave(made: Decided, tmp_path: Path) -> None:
    changed = made.copied(tmp_path)
    (changed.path / "boxes.csv").write_text("other")
    code, out = _run(changed, "--to", f"dir:{tmp_path / 'out'}")
    assert code == 1
    assert "boxes.csv" in out
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="names no place"):
        CliRunner().invoke(
            command, [str(tmp_path), "--to", "x", "--home", str(tmp_path / "h")], standalone_mode=False,
            catch_exceptions=False,
        )  # fmt: skip
