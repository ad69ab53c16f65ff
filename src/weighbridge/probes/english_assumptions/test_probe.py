from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Candidate, Claims, Declared, Role, Subject
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.toml import parse
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.ports import Ints
from weighbridge.probes.english_assumptions.calibration import (
    CALIBRATION,
    TAGS,
    VOCABULARY,
    ChainModel,
    LetterModel,
    MarkClassifier,
    premium,
    reads,
)
from weighbridge.probes.english_assumptions.place import places
from weighbridge.probes.english_assumptions.probe import PROBE, Settings

FOLDER = Path(__file__).parent
LM = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,))
RULES = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,))


def runs(n: int = 60, seed: int = 0) -> list[str]:
    """Other ones for each seed: a text under two languages counts in neither."""
    starts = np.random.default_rng(0).permutation(len(VOCABULARY) - 12)[60 * seed :][:n]
    return [" ".join(VOCABULARY[at : at + 12]) for at in starts.tolist()]


def bench(tags: dict[str, list[str]], *, seconds: float = 600.0) -> MemoryBench:
    every = [text for of_tag in tags.values() for text in of_tag]
    spelt = [tag for tag, of_tag in tags.items() for _ in of_tag]
    said = Declared(text_field="text", language_field="lang")
    table = MemoryTable({"text": every, "lang": spelt}, label="h.jsonl", declared=said)
    return MemoryBench(
        candidate=LM, budget=FixedBudget(seconds), models_by_role={Role.WEIGHTS: ChainModel()},
        texts_by_role={Role.HELD_OUT: MemoryTexts(every, label="h.jsonl")} if every else {},
        tables_by_role={Role.HELD_OUT: (table,)} if every else {},
        evidence_by_slug={"tokenizer-premium": premium(), "language-quality": reads(*TAGS)},
    )  # fmt: skip


def weighed(made: MemoryBench, **settings: int) -> Outcome:
    try:
        return PROBE.measure(made, Settings(**settings))
    except Silent as silent:
        return silent.outcome


def found(outcome: Outcome, metric: str, **by: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    (one,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return one


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def test_a_model_of_letters_sees_no_order_and_one_of_chains_sees_nothing_else() -> None:
    blind = replace(bench({"en": runs()}), models_by_role={Role.WEIGHTS: LetterModel()})
    assert found(weighed(blind), "order-rise", language="en", shuffle="sentence").high < 1e-9
    assert found(weighed(bench({"en": runs()})), "order-rise", language="en", shuffle="threes").low > 1


def test_a_language_without_spaces_has_no_words() -> None:
    outcome = weighed(bench({"en": runs(), "zh": [f"今天天气很好{chr(0x4E00 + n)}" for n in range(60)]}))
    assert "Chinese is left out: there are no spaces between words in it" in said(outcome)
    assert isinstance(outcome, Measured)
    assert {q.at("language") for q in outcome.quantities} == {"en"}
    assert found(outcome, "order-rise", language="en", shuffle="sentence").confidence == 0.95
    only = weighed(bench({"zh": [f"今天天气很好{chr(0x4E00 + n)}" for n in range(60)]}))
    assert isinstance(only, NotMeasured)
    assert "no spaces between words" in str(only.because)


class CodeModel(LetterModel):
    """Its tokens are code points."""

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        return [np.asarray([ord(c) for c in text], np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        return ["".join(map(chr, ids.tolist())) for ids in tokens]


def test_scripts_whose_misspellings_nobody_models_are_warned_of() -> None:
    hindi = [f"नमस्ते दुनिया कहानी वाक्य {'क' * (n % 7 + 1)} {'ख' * (n // 7 + 1)}" for n in range(60)]
    outcome = weighed(replace(bench({"hi": hindi}), models_by_role={Role.WEIGHTS: CodeModel()}))
    assert "in Hindi whole syllables changed places" in said(outcome)
    assert found(outcome, "spelling-rise", language="hi").high < 1e-9  # it sees no spelling in any script


def test_english_has_a_place_only_among_enough() -> None:
    outcome = weighed(bench({"en": runs(), "de": runs(seed=1)}))
    assert "by word order 1 other languages were tested; English has a place among 5 or more" in said(outcome)
    assert isinstance(outcome, Measured)
    assert not [q for q in outcome.quantities if q.metric == "english-place"]
    assert "English was not tested" in said(weighed(bench({"de": runs()})))


def rise(language: str, value: float, half: float = 0.01) -> Quantity:
    return Quantity(
        metric="order-rise", value=value, low=value - half, high=value + half, confidence=0.99, unit="1", n=60,
        n_of="document", by=(("language", language), ("shuffle", "sentence")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("english", "half", "verdict"),
    [
        (0.9, 0.01, "the measurement agrees"),
        (0.3, 0.01, "the measurement does not support that"),
        (0.3, 0.5, "the measurement does not settle that"),
    ],
)
def test_the_essays_claim_stands_beside_what_was_measured(english: float, half: float, verdict: str) -> None:
    others = [rise(tag, 0.1 * n, half) for n, tag in enumerate(["de", "es", "fr", "sw", "yo", "zu"])]
    (place,), notes = places([rise("en", english, half), *others], least=5)
    assert place.at("measure") == "word order"
    (note,) = notes
    assert str(note).startswith("the essay says: English is the odd one out for its strict word order")
    assert verdict in str(note)


def test_a_model_that_reads_english_alone_says_nothing_of_english() -> None:
    every = {tag: runs(50, seed=n) for n, tag in enumerate(TAGS)}
    all_read = weighed(bench(every))
    assert found(all_read, "english-place", measure="word order").n == 5
    made = bench(every)
    one = replace(made, evidence_by_slug={**made.evidence_by_slug, "language-quality": reads("en")})
    one_said = weighed(one)
    assert "the essay says: English is the odd one out for its strict word order" not in said(one_said)
    assert "of 6 languages tested this model was shown to read only English (language-quality)" in said(one_said)
    assert isinstance(one_said, Measured)
    by = {q.at("measure") for q in one_said.quantities if q.metric == "english-place"}
    assert not by & {"word order", "order of neighbours", "spelling", "tokens per word"}
    none = replace(made, evidence_by_slug={**made.evidence_by_slug, "language-quality": reads()})
    assert "the model was shown to read none" in said(weighed(none))


def test_the_premium_is_read_from_where_it_was_measured() -> None:
    costs = {"en": 1.0, "de": 1.5, "es": 1.4, "fr": 1.6, "sw": 2.0, "yo": 2.5}
    found_there = tuple(
        replace(rise(tag, cost), metric="premium", unit="times", by=(("language", tag),)) for tag, cost in costs.items()
    )
    made = replace(
        bench({"en": runs()}),
        evidence_by_slug={"tokenizer-premium": premium(*found_there), "language-quality": reads()},
    )
    place = found(weighed(made), "english-place", measure="premium")
    assert (place.low, place.high, place.n) == (0, 0, 5)


def test_a_classifier_loses_what_it_saw_in_the_order() -> None:
    made = CALIBRATION.planted(0).bench
    assert isinstance(made, MemoryBench)
    made = replace(made, candidate=RULES)
    outcome = weighed(made)
    assert found(outcome, "order-drop", language="en", shuffle="sentence").low > 0
    bag = weighed(replace(made, the_classifier=MarkClassifier(sees_order=False)))
    drop = found(bag, "order-drop", language="en", shuffle="sentence")
    assert drop.low < 0 == drop.value < drop.high  # none seen is no proof of none


def test_a_classifier_of_numbers_has_no_words() -> None:
    made = CALIBRATION.planted(0).bench
    assert isinstance(made, MemoryBench)
    rows = made.examples_by_role[Role.HELD_OUT]
    digits = replace(
        made, candidate=RULES, the_classifier=replace(MarkClassifier(sees_order=True), n_inputs=64, inputs=())
    )
    assert isinstance(weighed(digits), NotApplicable)
    one = replace(rows, inputs=pa.table({"x": np.arange(rows.n, dtype=float)}))
    assert isinstance(weighed(replace(made, candidate=RULES, examples_by_role={Role.HELD_OUT: one})), NotApplicable)
    claiming = replace(digits, candidate=replace(RULES, claims=Claims(languages=("en",))))
    assert isinstance(weighed(claiming), NotMeasured)


def test_too_little() -> None:
    assert isinstance(weighed(bench({})), NotMeasured)
    few = weighed(bench({"en": runs(10)}))
    assert isinstance(few, NotMeasured)
    assert "50 texts" in str(few.because)
    slow = weighed(bench({"en": runs(), "de": runs(seed=1)}, seconds=0.3))
    assert "not tried for want of time: German" in said(slow)


def test_no_text_is_quoted() -> None:
    assert "abcd" not in repr(weighed(bench({"en": runs()})))


def test_card_and_code_agree() -> None:
    card = parse(Card, (FOLDER / "probe.toml").read_text(encoding="utf-8"), file="probe.toml", fix="-")
    assert Settings(**dict(card.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults are these ints
