from __future__ import annotations

import json

from conftest import Weighbridge


def test_lists_every_probe_with_its_question(weighbridge: Weighbridge) -> None:
    code, out, _err = weighbridge("probes", "list", "--format", "json")
    cards = {card["slug"]: card for card in json.loads(out)}
    assert code == 0
    assert {"artefact-safety", "unique-combinations", "verbatim-extraction"} <= set(cards)
    assert all(slug in weighbridge("probes", "list")[1] for slug in cards)


def test_shows_a_card(weighbridge: Weighbridge) -> None:
    code, out, _err = weighbridge("probes", "show", "verbatim-extraction")
    assert code == 0
    assert "a clean result does not show" in out
    assert "prefix_tokens = 50" in out


def test_a_card_tells_what_is_declared_for_it(weighbridge: Weighbridge) -> None:
    assert "[replication], --prices" in weighbridge("probes", "show", "replication-cost")[1]
    assert "of shelves" not in weighbridge("probes", "show", "verbatim-extraction")[1]


def test_an_unknown_probe_is_told_with_its_neighbour(weighbridge: Weighbridge) -> None:
    code, _out, err = weighbridge("probes", "show", "verbatim-extract")
    assert (code, "did you mean 'verbatim-extraction'?" in err) == (2, True)


def test_what_can_be_imported_is_shown_and_is_no_probe(weighbridge: Weighbridge) -> None:
    code, out, _err = weighbridge("probes", "show", "imported-garak")
    assert code == 0
    assert "highest-hit-share" in out
    assert "the file names no digest" in out
    assert "imported-garak" not in weighbridge("probes", "list")[1]
    assert weighbridge("weigh", ".", "--probe", "imported-garak")[0] == 2
