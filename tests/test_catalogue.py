from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.catalogue import (
    all_cards,
    find_cards,
    find_imports,
    find_precedents,
    find_probes,
    load_policy,
    shipped_policy,
)
from weighbridge.core.errors import Faulty, Unusable
from weighbridge.core.precedent import Turned


def test_finds_probes_without_importing_them() -> None:
    slugs = [loaded.card.slug for loaded in find_probes()]
    assert slugs == sorted(slugs)
    assert [card.slug for card in find_cards()] == slugs


def test_loads_the_shipped_policy_and_others(tmp_path: Path) -> None:
    assert load_policy().name == "open-release"
    (tmp_path / "mine.toml").write_text(shipped_policy().replace('name = "open-release"', 'name = "mine"', 1))
    assert load_policy(tmp_path / "mine.toml").name == "mine"
    (tmp_path / "wrong.toml").write_text("name = 3")
    with pytest.raises(Faulty):
        load_policy(tmp_path / "wrong.toml")
    with pytest.raises(Unusable):
        load_policy(tmp_path / "none.toml")


def test_the_precedents_hold_the_cases_of_the_essay() -> None:
    found = {precedent.slug: precedent for precedent in find_precedents()}
    assert len(found) >= 30
    assert {
        "un-republished-tweets", "strava-heat-map", "gpt-2-staged", "ebola-reporting", "bbc-misquote", "liberia-border",
        "complaints-classifier-declined", "sierra-leone-radio", "thirty-speakers", "address-field-left-out",
    } <= set(found)  # fmt: skip
    for turned in Turned:  # the nearest with the opposite outcome must be there to be found
        assert sum(precedent.turned is turned for precedent in found.values()) >= 5
    assert all(precedent.mission and precedent.evidence for precedent in found.values())
    assert all(set(precedent.mission) <= set(range(1, 26)) for precedent in found.values())


def test_imports_have_cards_of_their_own_and_no_probe_may_pass_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [card.slug for card in find_imports()] == ["imported-garak", "imported-sacro-ml"]
    assert all(card.attack and card.control is None for card in find_imports())
    assert {card.slug for card in all_cards()} == {card.slug for card in (*find_cards(), *find_imports())}
    monkeypatch.setattr("weighbridge.core.evidence.IMPORTED", "shift-")
    find_probes.cache_clear()
    with pytest.raises(Unusable, match="no probe may have"):
        find_probes()
    monkeypatch.undo()
    find_probes.cache_clear()
