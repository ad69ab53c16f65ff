from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS, decided, in_days, peopled, weighed


@pytest.fixture
def folder(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    peopled(weighbridge, "prep")
    return weighed(weighbridge, tmp_path / "c")


def test_a_draft_says_what_is_cleared_and_is_no_decision_yet(weighbridge: Weighbridge, folder: Path) -> None:
    code, draft, _err = weighbridge("decide", folder, "--draft")
    assert (code, tomllib.loads(draft)["plan"]) == (0, {"data": "open"})
    file = folder.parent / "d.toml"
    file.write_text(draft)
    code, _out, err = weighbridge("decide", folder, "--file", file, "--by", "prep")
    assert (code, "reason.says: is empty" in err) == (2, True)
    file.write_text(draft.replace('arguments = []\nsays = ""', 'arguments = ["benefit"]\nsays = "It helps."', 1))
    code, out, _err = weighbridge("decide", folder, "--file", file, "--by", "prep")
    assert (code, "data: open" in out, f"weighbridge sign {folder} --role owner" in out) == (0, True, True)


def test_every_fault_is_told_at_once(weighbridge: Weighbridge, folder: Path) -> None:
    file = folder.parent / "d.toml"
    file.write_text('expires = "2020-01-01"\n[plan]\nwights = "open"\n')
    code, _out, err = weighbridge("decide", folder, "--file", file, "--by", "prep")
    assert code == 2
    for says in ("plan.wights", "plan.data: is missing", "expires: has passed", "reason: is missing"):
        assert says in err
    file.write_text(f'expires = "{in_days(30)}"\n[plan]\ndata = "wide"\n')
    assert weighbridge("decide", folder, "--file", file, "--by", "prep")[0] == 2


def test_what_is_left_out_is_asked_for(weighbridge: Weighbridge, folder: Path) -> None:
    for words in ((), ("--by", "prep")):
        code, _out, err = weighbridge("decide", folder, *words)
        assert (code, "--draft" in err) == (2, True)
    assert weighbridge("decide", folder, "--file", folder / "none", "--by", "prep")[0] == 2


def test_bytes_that_were_not_weighed_are_not_decided_on(weighbridge: Weighbridge, folder: Path) -> None:
    (folder / "t.csv").write_text("length,width\n1,3\n")
    code, _out, err = weighbridge("decide", folder, "--draft")
    assert (code, "weighbridge weigh" in err) == (3, True)


def test_only_who_holds_the_key_prepares_by_it(
    weighbridge: Weighbridge, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert decided(weighbridge, folder).startswith("sha256:")
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "another phrase, as long")
    file = folder.parent / "decision.toml"
    code, _out, err = weighbridge("decide", folder, "--file", file, "--by", "prep")
    assert (code, "the passphrase is another" in err) == (2, True)
    assert weighbridge("decide", folder, "--file", file, "--by", "nobody")[0] == 2


def test_words_are_kept_out_of_the_chain(weighbridge: Weighbridge, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_text(
        f'expires = "{in_days(30)}"\n[plan]\ndata = "withheld"\n[[reason]]\narguments = ["benefit"]\nsays = "a reason in words"\ncomponent = "data"\n'
        '[[dissent]]\nsays = "a voice against"\nby = "K."\n'
    )
    assert weighbridge("decide", folder, "--file", file, "--by", "prep")[0] == 0
    chain = (tmp_path / "home" / "ledger.sqlite").read_bytes()
    store = (tmp_path / "home" / "people.sqlite").read_bytes()
    for words in (b"a reason in words", b"a voice against"):
        assert words not in chain
        assert words in store
