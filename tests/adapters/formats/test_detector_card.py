from __future__ import annotations

import json
import tomllib

from weighbridge.adapters.formats.detector_card import About, Line, card, numbers, snippet
from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import phrase

RATE = Quantity(metric="auroc", value=0.9, low=0.85, high=0.94, confidence=0.95, unit="1", n=640, n_of="text")
ABOUT = About(
    name="atlas", version="2", digest="ab" * 32, n_human=320, n_machine=310, languages=("en", "sw"), domains=("news",),
    words=(50, 190), thresholds=(Line(language="sw", domain="news", fpr=0.05, score=0.71234, n=64),), rates=(RATE,),
    notes=(phrase("{n} texts were left out", n=3),),
)  # fmt: skip


def test_the_card_says_what_it_is_of_and_what_it_cannot_do() -> None:
    told = card(ABOUT)
    for said in (
        "A detector of texts by atlas 2", "320 texts of people and 310 of the model", "texts of 50 to 190 words, in en, sw",
        "| auroc | all | 0.900 | 0.850 to 0.940 | 640 |", "| sw | news | 5% | 0.7123 | 64 |", "Prove that one text",
        "3 texts were left out", 'skops.io.load("detector.skops", trusted=[])',
    ):  # fmt: skip
        assert said in told


def test_numbers_are_json_for_programs() -> None:
    told = json.loads(numbers(ABOUT))
    assert told["thresholds"][0] == {
        "language": "sw", "domain": "news", "false_alarms": 0.05, "flag_above": 0.71234, "set_on": 64,
    }  # fmt: skip
    assert told["rates"][0]["low"] == 0.85
    assert told["sha256"] == "ab" * 32


def test_what_to_declare_is_toml() -> None:
    assert tomllib.loads("\n".join(snippet('a "folder"')))["artefact"][0]["path"] == 'a "folder"'
