from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge import releasing
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import LedgerBroken, NotSettled, Unusable
from weighbridge.core.evidence import Measured
from weighbridge.core.passage import Destination, Result
from weighbridge.releasing import Passing, Preparer, decide_path, draft_path, gate_path, keyring, sign_path
from weighbridge.wiring import Options, measure_path, weigh_path
from yards import CANDIDATE, DECISION, WORDS, in_days

PUBLIC = Passing(destination=Destination.PUBLIC, leave_evidence=True)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path, options: Options) -> Path:
    made = tmp_path / "c"
    made.mkdir()
    (made / "weighbridge.toml").write_text(CANDIDATE)
    (made / "t.csv").write_text("length,width\n1,2\n3,4\n")
    weigh_path(made, options)
    ring = keyring(options)
    for person in ("prep", "owner"):
        ring.trust(ring.new(person, WORDS), [SignerRole.OWNER])
    by = Preparer(key="prep", passphrase=WORDS)
    decide_path(made, f'expires = "{in_days(9)}"\n{DECISION}', file="d", by=by, options=options)
    return made


def test_the_whole_way_out(folder: Path, options: Options) -> None:
    assert 'data = "open"' in draft_path(folder, options)
    assert gate_path(folder, PUBLIC, options).result is Result.UNSETTLED
    written = sign_path(folder, SignerRole.OWNER, "owner", WORDS, options)
    assert written.is_file()
    assert gate_path(folder, PUBLIC, options).result is Result.PASSES


def test_a_scanner_with_other_rules_looks_again(
    folder: Path, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_path(folder, SignerRole.OWNER, "owner", WORDS, options)
    monkeypatch.setattr(releasing, "_is_stale", lambda _decision, _ledger: True)
    assert gate_path(folder, PUBLIC, options).result is Result.PASSES
    (folder / "weighbridge.toml").write_text(CANDIDATE.replace("t.csv", "u.csv"))
    (folder / "u.csv").write_text("a\n1\n")
    passage = gate_path(folder, Passing(destination=Destination.PUBLIC, leave_evidence=True), options)
    says = [str(check.says) for check in passage.checks if check.name == "stops"]
    assert any("did not look into t.csv" in text for text in says), says


def test_a_scanner_that_could_not_look_settles_nothing(
    folder: Path, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_path(folder, SignerRole.OWNER, "owner", WORDS, options)

    def silent(path: Path, slugs: tuple[str, ...], given: Options) -> object:
        candidate, evidence = measure_path(path, slugs, given)
        return candidate, tuple(e for e in evidence if not isinstance(e.outcome, Measured))

    monkeypatch.setattr(releasing, "_is_stale", lambda _decision, _ledger: True)
    monkeypatch.setattr(releasing, "measure_path", silent)
    passage = gate_path(folder, PUBLIC, options)
    assert [c.result for c in passage.checks if c.name == "stops"][:1] == [Result.UNSETTLED]


def test_nothing_is_believed_of_a_broken_ledger(folder: Path, options: Options, tmp_path: Path) -> None:
    (tmp_path / "home" / "people.sqlite").unlink()
    with pytest.raises(LedgerBroken):
        gate_path(folder, PUBLIC, options)


def test_what_was_not_decided_on_is_not_signed(folder: Path, options: Options, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    with pytest.raises(NotSettled, match="nothing to sign"):
        sign_path(other, SignerRole.OWNER, "owner", WORDS, options)


def test_a_place_that_is_not_there(folder: Path, options: Options, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot look at"):
        gate_path(tmp_path / "none", PUBLIC, options)


def test_a_home_that_came_with_it_is_not_believed(folder: Path) -> None:
    home = folder / ".weighbridge"
    weigh_path(folder, Options(home=home))
    (home / "ledger.sqlite").chmod(0o644)
    with pytest.raises(Unusable, match="may have come with the candidate"):
        gate_path(folder, PUBLIC, Options(home=home))
