from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.candidate import Candidate, Subject
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.shape import Reading, read
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench
from weighbridge.probekit.ports import BudgetSpent
from weighbridge.probekit.tokens import ParallelText, Tokenizer, Version
from weighbridge.probes.tokenizer_premium.calibration import CALIBRATION, PerByte, PerCharacter
from weighbridge.probes.tokenizer_premium.probe import PROBE, Settings

FOLDER = Path(__file__).parent
EN = tuple(f"sentence number {n} is here" for n in range(12))
TWICE = tuple(f"{text} {text}" for text in EN)
THAI = ("ประโยคนี้อยู่ที่นี่",) * 12


def card() -> Card:
    with (FOLDER / "probe.toml").open("rb") as file:
        made = read(Card, tomllib.load(file), Reading(file="probe.toml"))
    assert made is not None
    return made


def version(language: str, sentences: tuple[str, ...], script: str = "Latn") -> Version:
    return Version(language=language, script=script, sentences=sentences)


def bench(
    *versions: Version,
    tokenizers: tuple[Tokenizer, ...] = (PerCharacter(),),
    subjects: tuple[Subject, ...] = (Subject.CAUSAL_LM,),
    seconds: float = 600.0,
) -> MemoryBench:
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=subjects),
        the_tokenizers=tokenizers,
        the_parallel_text=ParallelText(versions=versions, says=phrase("parallel text: a toy")) if versions else None,
        budget=FixedBudget(seconds),
    )


def weighed(on: MemoryBench, **settings: int) -> Outcome:
    return PROBE.measure(on, Settings(**settings))


def left(on: MemoryBench) -> NotApplicable | NotMeasured:
    with pytest.raises(Silent) as silent:
        weighed(on)
    return silent.value.outcome


def found(outcome: Outcome, metric: str, **by: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    (one,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return one


def has(outcome: Outcome, metric: str, **by: str) -> bool:
    assert isinstance(outcome, Measured), outcome
    return any(q.metric == metric and by.items() <= dict(q.by).items() for q in outcome.quantities)


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def test_the_premium_over_english() -> None:
    outcome = weighed(bench(version("en", EN), version("sw", TWICE)))
    assert found(outcome, "premium", language="en").value == 1
    swahili = found(outcome, "premium", language="sw")
    assert swahili.value == pytest.approx(sum(map(len, TWICE)) / sum(map(len, EN)))
    assert swahili.low <= swahili.value <= swahili.high
    assert swahili.n == 12
    assert swahili.confidence > 0.95  # corrected for all languages
    assert found(outcome, "largest-premium").value == swahili.value
    assert found(outcome, "median-premium").n == 2
    assert found(outcome, "tokens-per-character", language="en", script="Latn").value == 1


def test_bytes_are_the_baseline() -> None:
    outcome = weighed(bench(version("en", EN), version("th", THAI, "Thai"), tokenizers=(PerByte(),)))
    assert found(outcome, "byte-premium", language="th").value == found(outcome, "premium", language="th").value
    assert found(outcome, "tokens-per-character", language="th", script="Thai").value == 3


def test_words_are_not_applicable_where_a_script_has_no_spaces() -> None:
    outcome = weighed(bench(version("en", EN), version("th", THAI, "Thai")))
    assert has(outcome, "tokens-per-word", language="en")
    assert not has(outcome, "tokens-per-word", language="th")
    assert "not applicable" in notes(outcome)
    assert "th (Thai)" in notes(outcome)


def test_two_scripts_of_a_language() -> None:
    outcome = weighed(bench(version("en", EN), version("sr", EN), version("sr", TWICE, "Cyrl")))
    dearest = found(outcome, "premium", language="sr")
    assert dearest.value == found(outcome, "script-premium", language="sr", script="Cyrl").value > 1.5
    assert found(outcome, "script-premium", language="sr", script="Latn").value == 1


def test_only_sentences_that_both_have_are_compared() -> None:
    missing = ("", " ", *TWICE[2:])
    outcome = weighed(bench(version("en", EN), version("sw", missing)))
    assert found(outcome, "premium", language="sw").n == 10
    exact = sum(map(len, TWICE[2:])) / sum(map(len, EN[2:]))
    assert found(outcome, "premium", language="sw").value == pytest.approx(exact)


def test_without_english_there_is_no_premium() -> None:
    outcome = weighed(bench(version("sw", EN), version("th", THAI, "Thai")))
    assert not has(outcome, "premium")
    assert has(outcome, "tokens-per-character", language="sw")
    assert "no English" in notes(outcome)


def test_too_few_sentences_in_one_language() -> None:
    outcome = weighed(bench(version("en", EN), version("sw", (*TWICE[:3], *[""] * 9))))
    assert not has(outcome, "premium", language="sw")
    assert "too few sentences in sw" in notes(outcome)


def test_a_sample_is_drawn_of_the_same_rows() -> None:
    many = tuple(f"{'word ' * (n % 9 + 1)}end" for n in range(500))
    outcome = weighed(bench(version("en", many), version("sw", many)), sentences=50)
    same = found(outcome, "premium", language="sw")
    assert (same.n, same.value, same.low, same.high) == (50, 1, 1, 1)
    assert found(weighed(bench(version("en", many), seconds=0.01), sentences=50), "premium", language="en").n == 20


@pytest.mark.parametrize("versions", [(version("en", EN[:1]),), (version("en", ("",) * 12),), (version("en", ()),)])
def test_nothing_to_count(versions: tuple[Version, ...]) -> None:
    outcome = left(bench(*versions))
    assert isinstance(outcome, NotMeasured)
    assert "10 are needed" in str(outcome.because)


def test_no_tokenizer_or_several() -> None:
    text = version("en", EN)
    assert isinstance(left(bench(text, tokenizers=(), subjects=(Subject.BYTES,))), NotApplicable)
    assert isinstance(left(bench(text, tokenizers=())), NotMeasured)
    assert "2 different tokenizers" in str(left(bench(text, tokenizers=(PerByte(), PerCharacter()))).because)
    assert isinstance(left(bench()), NotMeasured)


def test_it_stops_when_it_is_told_to() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            raise BudgetSpent

    made = bench(version("en", EN))
    with pytest.raises(BudgetSpent):
        weighed(
            Impatient(
                candidate=made.candidate, the_tokenizers=made.the_tokenizers, the_parallel_text=made.the_parallel_text
            )
        )


@given(st.lists(st.text(max_size=20), min_size=12, max_size=12))
def test_any_text_is_counted(sentences: list[str]) -> None:
    other = tuple(text or "a" for text in sentences)
    outcome = weighed(bench(version("en", EN), version("xx", other)))
    assert isinstance(outcome, Measured)
    assert found(outcome, "premium", language="en").value == 1


def test_card_and_code_agree() -> None:
    made = card()
    assert made.slug.replace("-", "_") == FOLDER.name
    assert Settings(**dict(made.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults are these ints
    outcome = weighed(bench(version("en", EN), version("sw", TWICE)))
    assert isinstance(outcome, Measured)
    for quantity in outcome.quantities:
        metric = made.metric_named(quantity.metric)
        assert metric is not None
        assert {axis for axis, _ in quantity.by} == set(metric.by)
    assert {q.metric for q in outcome.quantities} == {metric.name for metric in made.metric}


@pytest.mark.parametrize("seed", range(3))
def test_known_weights(seed: int) -> None:
    for weight in (CALIBRATION.null(seed), CALIBRATION.planted(seed)):
        outcome = PROBE.measure(weight.bench, Settings())
        missed = [
            truth
            for truth in weight.truths
            if not found(outcome, truth.metric, **dict(truth.by)).low - 1e-12
            <= truth.value
            <= found(outcome, truth.metric, **dict(truth.by)).high + 1e-12
        ]
        assert len(missed) <= 1
