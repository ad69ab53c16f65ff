from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS


@pytest.fixture(autouse=True)
def _phrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)


def test_a_key_is_made_trusted_listed_handed_on_and_revoked(weighbridge: Weighbridge, tmp_path: Path) -> None:
    code, made, _err = weighbridge("keys", "new", "Ada")
    assert (code, len(made.strip())) == (0, 64)
    assert "not trusted" in weighbridge("keys", "list")[1]
    assert "owner, security" in weighbridge("keys", "trust", "Ada", "--role", "security", "--role", "owner")[1]
    pem = tmp_path / "ada.pem"
    pem.write_text(weighbridge("keys", "list", "--public", "Ada")[1])
    code, added, _err = weighbridge("keys", "add", "Ada", pem, "--home", tmp_path / "other")
    assert (code, added) == (0, made)
    assert weighbridge("keys", "revoke", "Ada", "--because", "lost")[0] == 0
    assert "revoked 20" in weighbridge("keys", "list")[1]
    code, _out, err = weighbridge("keys", "trust", "Ada", "--role", "owner")
    assert (code, "cannot trust a revoked key" in err) == (2, True)


def test_the_passphrase_is_never_shown_and_never_stored(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _code, out, err = weighbridge("keys", "new", "Ada")
    assert WORDS not in out + err
    assert not any(WORDS.encode() in p.read_bytes() for p in (tmp_path / "home").rglob("*") if p.is_file())
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "short")
    code, _out, err = weighbridge("keys", "new", "Bo")
    assert (code, "too short" in err) == (2, True)


def test_a_name_that_hides_is_shown_as_what_it_is(weighbridge: Weighbridge) -> None:
    weighbridge("keys", "new", "Ada\u202erof")
    assert "⟨U+202E⟩" in weighbridge("keys", "list")[1]


@pytest.mark.parametrize(
    "words",
    [("keys", "trust", "none", "--role", "owner"), ("keys", "revoke", "none"), ("keys", "list", "--public", "none")],
)
def test_a_key_that_is_not_there_is_told(weighbridge: Weighbridge, words: tuple[str, ...]) -> None:
    code, _out, err = weighbridge(*words)
    assert (code, "the ring has no such key" in err) == (2, True)


def test_press_and_governments_have_no_role(weighbridge: Weighbridge) -> None:
    weighbridge("keys", "new", "Ada")
    assert weighbridge("keys", "trust", "Ada", "--role", "government")[0] == 2
