from typing import Any

import pytest

from weighbridge.adapters.assumed_shelf import load_assumed, load_delays
from weighbridge.core.errors import Faulty, Unusable
from weighbridge.core.worth import Ground


def shipped_text() -> str:
    from importlib import resources

    return (resources.files("weighbridge") / "shelves" / "actors" / "assumed-2026.toml").read_text(encoding="utf-8")


def test_every_shipped_actor_is_assumed_and_has_its_reason() -> None:
    shelf = load_assumed()
    assert [actor.name for actor in shelf.actor] == ["lone-troll", "skilled-group", "company", "state"]
    assert all(actor.basis is Ground.ASSUMED and actor.source for actor in shelf.actor)
    assert all(row.source for row in (*shelf.leak, *shelf.reach, shelf.part, shelf.outside))
    assert shelf.outside.share.low > 0


def test_the_delays_are_those_published() -> None:
    shelf = load_delays()
    assert [episode.days for episode in shelf.episode] == [189, 704, 774, 150, 195]
    assert [episode.withheld for episode in shelf.firsts] == ["GPT-2 1.5B", "GPT-3 175B", "AlphaFold 3"]
    assert "missing" in shelf.survivorship


def test_a_shelf_of_ones_own_is_read(tmp_path: Any) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped_text().replace('name = "state"', 'name = "militia"'), encoding="utf-8")
    assert load_assumed(file).actor[-1].name == "militia"
    assert load_assumed(file).digest != load_assumed().digest


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("doubt = 2.0", "doubt = 0.5", "doubt is a factor"),
        ('share = { low = 0.005, high = 0.05 }\nsource = "ours, from', 'share = { low = 0.0, high = 0.05 }\nsource = "ours, from', "outside starts at 0"),
        ('rung = "partners"\nshare = { low = 0.02', 'rung = "open"\nshare = { low = 0.02', "leak has no partners"),
        ('name = "state"', 'name = "company"', "twice"),
        ("budget_usd = { low = 50, high = 1000 }\n", "", "budget_usd"),
        ("share = { low = 0.1, high = 0.6 }", "share = { low = 0.1, high = 60 }", "share is a share"),
    ],
)  # fmt: skip
def test_a_shelf_that_cannot_be_is_refused(tmp_path: Any, old: Any, new: Any, says: Any) -> None:
    file = tmp_path / "mine.toml"
    assert old in shipped_text()
    file.write_text(shipped_text().replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Faulty, match=says):
        load_assumed(file)


def test_what_is_no_text_or_too_large_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Unusable):
        load_assumed(file)
    file.write_bytes(b"#" * (1 << 21))
    with pytest.raises(Unusable, match="cannot read"):
        load_assumed(file)
    with pytest.raises(Unusable):
        load_assumed(tmp_path / "none.toml")
