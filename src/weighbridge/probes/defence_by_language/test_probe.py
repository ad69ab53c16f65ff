from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weighbridge.core.candidate import Candidate, Subject
from weighbridge.core.card import Card
from weighbridge.core.evidence import Failed, Measured, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.toml import parse
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.defence_by_language.calibration import bench, evidence, number
from weighbridge.probes.defence_by_language.probe import PROBE, Settings

FOLDER = Path(__file__).parent
RATE, AREA, SAVING = "tpr-at-fpr-5pct", "auroc-stack", "saving-over-small-model"


def weighed(made: MemoryBench) -> Outcome:
    try:
        return PROBE.measure(made, Settings())
    except Silent as silent:
        return silent.outcome


def numbers(outcome: Outcome, metric: str) -> dict[str, Quantity]:
    assert isinstance(outcome, Measured), outcome
    return {str(q.by[0][1]): q for q in outcome.quantities if q.metric == metric}


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


@pytest.mark.parametrize(
    ("low", "high", "state"),
    [(0.6, 0.9, "defended"), (0.1, 0.5, "weak"), (0.4, 0.6, "unsettled"), (0.5, 0.6, "unsettled")],
)
def test_the_whole_interval_decides_the_word(low: float, high: float, state: str) -> None:
    outcome = weighed(bench(0, (number(RATE, "en", low, (low + high) / 2, high),), ()))
    counted = numbers(outcome, "languages")
    assert {name: q.value for name, q in counted.items()} == {
        "defended": 0, "weak": 0, "unsettled": 0, "untested": 2, state: 1,
    }  # fmt: skip
    missed = numbers(outcome, "missed-share")["en"]
    assert (missed.low, missed.high) == pytest.approx((1 - high, 1 - low))


def test_nobody_looked_is_told_first_and_is_neither_good_nor_bad() -> None:
    outcome = weighed(bench(0, (number(RATE, "en", 0.8, 0.9, 0.95),), ()))
    hindi = numbers(outcome, "missed-share")["hi"]
    assert (hindi.low, hindi.high, hindi.n) == (0, 1, 0)
    assert notes(outcome).startswith("no defence was tested, the largest first: Hindi, Swahili.")
    assert "hi" not in numbers(outcome, "missed-share-where-able")
    assert "whether it writes them was not measured: Hindi, Swahili" in notes(outcome)


def test_ability_is_measured_on_text_or_by_text_of_its_own() -> None:
    savings = (
        number(SAVING, "hi", 0.1, 0.2, 0.3),
        number(SAVING, "sw", -0.5, -0.4, -0.3),
        number(SAVING, "yo", -0.1, 0, 0.1),
        number("identified-share", "sw", 0.9, 0.95, 1.0),
        number("small-model-bits-per-byte", "sw", 2.0, 2.0, 2.0),
    )
    outcome = weighed(bench(0, (number(AREA, "fr", 0.7, 0.8, 0.9),), savings))
    able, tests = numbers(outcome, "missed-share-where-able"), numbers(outcome, "defence-tests")
    assert set(able) == set(tests) == {"hi", "sw", "fr"}
    assert (able["hi"].low, able["hi"].high, able["hi"].n) == (0, 1, 0)
    assert (tests["hi"].value, tests["hi"].n) == (0, 1)  # counted: none
    assert (tests["sw"].value, tests["sw"].n) == (0, 0)  # nothing of the kind: it cannot write it
    assert (able["fr"].low, able["fr"].high) == (0, 1)  # too few texts for a rate
    assert tests["fr"].value == 400  # but somebody looked
    assert "tried on too few texts to say how many are found: French" in notes(outcome)
    assert numbers(outcome, "languages")["untested"].value == 4


@pytest.mark.parametrize(("heard", "small"), [(0.3, 2.0), (None, 2.0), (0.9, 0.4), (0.9, None)])
def test_what_is_no_test_of_a_language_exempts_nobody(heard: float | None, small: float | None) -> None:
    figures = [number(SAVING, "sw", -0.5, -0.4, -0.3)]
    figures += [number("identified-share", "sw", heard, heard, heard + 0.1)] if heard else []
    figures += [number("small-model-bits-per-byte", "sw", small, small, small)] if small else []
    outcome = weighed(bench(0, (), tuple(figures)))
    assert "sw" not in numbers(outcome, "defence-tests")
    assert "sw" not in numbers(outcome, "missed-share-where-able")
    assert "whether it writes them was not measured: Hindi, Swahili" in notes(outcome).replace("English, ", "")


def test_outputs_in_a_language_show_that_it_writes_it() -> None:
    def share(language: str, low: float, of: str) -> Quantity:
        made = number("language-share", language, low, low + 0.1, low + 0.2)
        return replace(made, by=(("of", of), ("language", language)))

    shares = (
        share("sw", 0.1, "outputs"),
        share("hi", 0.0, "outputs"),
        share("fr", 0.3, "data"),
        share("unknown", 0.3, "outputs"),
    )
    outcome = weighed(bench(0, (), (number(SAVING, "sw", -0.5, -0.4, -0.3),), shares))
    assert set(numbers(outcome, "missed-share-where-able")) == {"sw"}  # though it does badly on text of it
    assert (numbers(outcome, "defence-tests")["sw"].value, numbers(outcome, "defence-tests")["sw"].n) == (0, 1)


def test_a_test_on_texts_of_another_language_is_none() -> None:
    def share(metric: str, value: float, **by: str) -> Quantity:
        return replace(number(metric, "en", value, value, value), by=tuple({"of": "outputs", **by}.items()))

    rates = (number(RATE, "sw", 0.8, 0.9, 0.95),)
    heard = (share("language-share", 0.99, language="en"), share("unknown-share", 0.01))
    outcome = weighed(bench(0, rates, (), heard))
    assert numbers(outcome, "missed-share")["sw"].n == 0
    assert "sw" not in numbers(outcome, "defence-tests")
    assert "counts as not tested: Swahili." in notes(outcome)
    for unclear in (
        (share("language-share", 0.6, language="en"), share("unknown-share", 0.4)),
        (*heard, share("language-share", 0.01, language="sw")),
        (),
    ):
        assert numbers(weighed(bench(0, rates, (), unclear)), "missed-share")["sw"].n == 400


def test_spellings_of_a_tag_are_one_language_and_broken_down_numbers_are_not_read() -> None:
    spelt = replace(number(RATE, "en", 0.6, 0.7, 0.8), by=(("language", "en-GB"),))
    other = replace(number(RATE, "sw", 0.6, 0.7, 0.8), by=(("language", "sw"), ("state", "raw")))
    unsaid = replace(number(RATE, "sw", 0.6, 0.7, 0.8), by=(("language", "und"),))
    found = numbers(weighed(bench(0, (spelt, other, unsaid), ())), "missed-share")
    assert {tag for tag, q in found.items() if q.n} == {"en"}


@pytest.mark.parametrize(
    "outcome",
    [NotMeasured(because=phrase("no texts of people"), remedy=phrase("name some")), Failed(error=phrase("Oops in x"))],
)
def test_no_defence_at_all_says_why(outcome: NotMeasured | Failed) -> None:
    made = bench(0, (), ())
    both = {**made.evidence_by_slug, "detectability": evidence("detectability", outcome)}
    told = weighed(replace(made, evidence_by_slug=both))
    assert set(numbers(told, "missed-share")) == {"en", "hi", "sw"}
    assert ("no texts of people" in notes(told)) or ("Oops" in notes(told))


def test_nothing_said_and_nothing_tested() -> None:
    bare = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,))
    assert isinstance(weighed(replace(bench(0, (), ()), candidate=bare)), NotMeasured)


def test_speakers_are_an_estimate_of_others() -> None:
    outcome = weighed(bench(0, (number(RATE, "en", 0.6, 0.7, 0.8),), ()))
    assert isinstance(outcome, Measured)
    of = {(q.at("state"), q.at("source")): q for q in outcome.quantities if q.metric == "speakers-share"}
    assert of["defended", "CLDR"].value != of["defended", "LinguaMeta"].value
    assert all(q.basis.value == "assumed" for q in of.values())


def test_card_and_code_agree() -> None:
    card = parse(Card, (FOLDER / "probe.toml").read_text(encoding="utf-8"), file="probe.toml", fix="-")
    assert Settings(**dict(card.defaults)) == Settings()  # type: ignore[arg-type]  # the card's default is this number
