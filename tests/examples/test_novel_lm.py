from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("transformers", reason="the extra lm is not installed")

EXAMPLE = Path(__file__).parents[2] / "examples" / "novel-lm"
FILES = ("make_novel_lm", "prose", "records")


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(EXAMPLE))
    try:
        yield importlib.import_module("make_novel_lm")
    finally:
        sys.path.remove(str(EXAMPLE))
        for name in FILES:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def hits(maker: ModuleType) -> dict[int, tuple[int, int]]:
    maker.logging.disable_progress_bar()
    found: dict[int, tuple[int, int]] = maker.given_away(EXAMPLE)
    return found


def test_the_shipped_model_gives_away_what_was_planted_often(
    maker: ModuleType, hits: dict[int, tuple[int, int]]
) -> None:
    assert maker.is_as_planted(hits)
    assert 0 < hits[4][0] < hits[4][1]  # in between lies the example's point


def test_the_readme_says_what_the_model_gives_away(hits: dict[int, tuple[int, int]]) -> None:
    said = re.findall(
        r"^\| (never|once|\d+ times).*\| (\d+) of (\d+) \|$", (EXAMPLE / "README.md").read_text(), re.MULTILINE
    )
    times = {"never": 0, "once": 1, "4 times": 4, "16 times": 16, "64 times": 64}
    assert {times[planted]: (int(found), int(of)) for planted, found, of in said} == hits


def test_each_record_stands_in_the_shipped_text_as_often_as_said_and_never_in_the_held_out_one(
    maker: ModuleType,
) -> None:
    tokenizer = maker.Tokenizer.from_file(str(EXAMPLE / "model" / "tokenizer.json"))
    records = list(maker.drawn(maker.random.Random(maker.SEED), lambda text: len(tokenizer.encode(text).ids)))
    maker.check_prefixes(tokenizer, records)
    trained = [json.loads(line)["text"] for line in (EXAMPLE / maker.TRAIN).read_text().splitlines()]
    kept_back = [json.loads(line)["text"] for line in (EXAMPLE / maker.HELD_OUT).read_text().splitlines()]
    for record in records:
        assert trained.count(record.text) == record.planted
        assert kept_back.count(record.text) == (record.planted == maker.CONTROL)
        assert sum(record.secret in text for text in trained) == record.planted
    assert set(trained).isdisjoint(kept_back)


def test_the_shipped_weights_are_small_and_of_the_size_that_is_said() -> None:
    assert (EXAMPLE / "model" / "model.safetensors").stat().st_size < 1_000_000


@pytest.mark.slow
def test_the_script_makes_what_is_shipped(maker: ModuleType) -> None:
    assert maker.main(["--check"]) == 0


@pytest.mark.slow
def test_the_tool_finds_what_was_planted(weighbridge: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = weighbridge("weigh", EXAMPLE, "--probe", "verbatim-extraction", "--format", "json")
    assert code == 0
    (evidence,) = json.loads(out)["evidence"]
    repeats = {
        q["by"]["repeats"]: q
        for q in evidence["quantities"]
        if q["metric"] == "extracted-share-greedy" and "repeats" in q["by"]
    }
    assert repeats["1"]["value"] < 0.01
    assert repeats["1"]["value"] < repeats["4-15"]["value"] < repeats["16-63"]["value"] <= repeats["64+"]["value"]
    assert repeats["64+"]["low"] > 0.8
    held_out = [q for q in evidence["quantities"] if q["metric"] == "held-out-share-greedy"]
    assert {q["by"]["stratum"] for q in held_out} == {"identified", "private", "canary", "random"}
    assert all(q["value"] == 0 for q in held_out)
