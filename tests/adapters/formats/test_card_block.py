from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from huggingface_hub import ModelCard
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.formats.card_block import CardBlock, block_from, put, without
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.rungs import Rung

BLOCK = CardBlock(
    decision=digest_of_bytes(b"d"), manifest=digest_of_bytes(b"m"), plan=(("data", Rung.OPEN), ("weights", Rung.GATED)),
    policy="open-release", policy_digest=digest_of_bytes(b"p"), expires="2027-05-22", languages=("en", "no", "sw"),
    signed=(SignerRole.OWNER, SignerRole.COMMUNITY),
)  # fmt: skip
CARD = b"---\nlicense: apache-2.0\nlanguage:\n- en\n---\n\n# A model\n\nWords.\n"
CARDS = {
    "with metadata": CARD,
    "without metadata": b"# A model\n",
    "of nothing": b"",
    "with line ends of another system": CARD.replace(b"\n", b"\r\n"),
    "with a line of dashes": b"# A\n\n---\n\nweighbridge: no block\n",
    "with an empty header": b"---\n---\n# A\n",
    "that ends with its header": b"---\nlicense: mit\n---",
    "with a comment": b"---\n# weighbridge: said elsewhere\nlicense: mit\n\n---\n# A\n",
    "with a mark of byte order": b"\xef\xbb\xbf---\nlicense: mit\n---\n",
    "with words of many kinds": "---\nlicense: mit\n---\nÅ \u2028 \U0001f600 \x85\n".encode(),
}


def _data(card: bytes) -> dict[str, Any]:
    told: dict[str, Any] = ModelCard(card.decode()).data.to_dict()  # type: ignore[no-untyped-call]  # theirs
    return told


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_taking_it_out_gives_the_very_bytes_back(card: bytes) -> None:
    made = put(card, BLOCK, conditions=("a", "b"), is_gated=True)
    assert without(made) == card
    assert without(card) == card
    assert put(made, BLOCK, conditions=("a", "b"), is_gated=True) == made


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_reader_of_cards_reads_it(card: bytes) -> None:
    told = _data(put(card, BLOCK))["weighbridge"]
    assert replace(block_from(told), adds="") == BLOCK


def test_it_round_trips_through_the_hubs_own_reader() -> None:
    made = put(CARD, BLOCK, conditions=("no war",), is_gated=True)
    card = ModelCard(made.decode())
    card.data["license"] = "mit"
    again = str(card).encode()  # all of the metadata is written anew by that
    assert block_from(_data(again)["weighbridge"]) == block_from(_data(made)["weighbridge"])
    assert _data(again)["license"] == "mit"
    assert b"weighbridge" not in without(again)
    assert b"extra_gated" not in without(again)
    newer = replace(BLOCK, expires="2027-06-01")
    assert [line for line in put(again, newer).decode().splitlines() if line == "weighbridge:"] == ["weighbridge:"]
    assert _data(put(again, newer))["weighbridge"]["expires"] == "2027-06-01"


def test_who_asks_for_access_accepts_the_conditions() -> None:
    told = _data(put(CARD, BLOCK, conditions=("not for war", 'ask again: "soon"'), is_gated=True))
    assert told["extra_gated_prompt"] == 'Conditions of this release: not for war ask again: "soon"'
    assert list(told["extra_gated_fields"].values()) == ["checkbox"]
    assert "extra_gated_prompt" not in _data(put(CARD, BLOCK, conditions=("a",)))
    assert "extra_gated_prompt" not in _data(put(CARD, BLOCK, is_gated=True))


def test_what_the_card_asks_itself_stays() -> None:
    own = b"---\nextra_gated_fields:\n  Company: text\n---\n"
    told = _data(put(own, BLOCK, conditions=("a",), is_gated=True))
    assert told["extra_gated_fields"] == {"Company": "text"}
    assert "extra_gated_prompt" not in told
    assert without(put(own, BLOCK, conditions=("a",), is_gated=True)) == own


@given(policy=st.text(max_size=40), condition=st.text(max_size=40))
def test_no_text_breaks_out_of_the_block(policy: str, condition: str) -> None:
    made = put(CARD, replace(BLOCK, policy=policy), conditions=(condition,), is_gated=True)
    told = _data(made)
    assert told["weighbridge"]["policy"] == policy
    assert set(told) == {"license", "language", "weighbridge", "extra_gated_prompt", "extra_gated_fields"}
    assert without(made) == CARD


def test_a_card_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(Unusable, match="UTF-8"):
        put(b"\xff", BLOCK)


@pytest.mark.parametrize("told", ["a", {"decision": 3}, {}])
def test_another_shape_is_no_block(told: Any) -> None:
    with pytest.raises(ValueError, match="weighbridge"):
        block_from(told)
