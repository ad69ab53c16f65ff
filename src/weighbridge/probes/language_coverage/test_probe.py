from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Card
from weighbridge.core.evidence import (
    Basis,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
    Silent,
    not_measured,
)
from weighbridge.core.shape import Reading, read
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTexts
from weighbridge.probekit.known_languages import FEW, KnownLanguages
from weighbridge.probekit.ports import BudgetSpent, Texts
from weighbridge.probes.language_coverage.calibration import CALIBRATION
from weighbridge.probes.language_coverage.probe import PROBE, Settings

FOLDER = Path(__file__).parent


def card() -> Card:
    with (FOLDER / "probe.toml").open("rb") as file:
        made = read(Card, tomllib.load(file), Reading(file="probe.toml"))
    assert made is not None
    return made


def bench(
    data: Sequence[str] = (),
    *,
    claims: tuple[str, ...] = (),
    outputs: Sequence[str] = (),
    subjects: tuple[Subject, ...] = (Subject.TEXT,),
    role: Role = Role.DATA,
    declared: str = "",
    can_tell: tuple[str, ...] = (),
    seconds: float = 600.0,
) -> MemoryBench:
    texts: dict[Role, Texts] = {role: MemoryTexts(data)} if data else {}
    texts |= {Role.OUTPUTS: MemoryTexts(outputs)} if outputs else {}
    artefact = Artefact(
        role=role, label="a.jsonl", digest=digest_of_bytes(b"1"), size_bytes=1, format="jsonl",
        belongs=Belonging.DATA, declared=Declared(language=declared),
    )  # fmt: skip
    return MemoryBench(
        candidate=Candidate(
            name="toy", version="1", artefacts=(artefact,) if declared else (), subjects=subjects,
            claims=Claims(languages=claims),
        ),
        texts_by_role=texts, the_languages=KnownLanguages(can_tell=can_tell), budget=FixedBudget(seconds),
    )  # fmt: skip


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


def metrics(outcome: Outcome) -> set[str]:
    assert isinstance(outcome, Measured), outcome
    return {q.metric for q in outcome.quantities}


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


# what is there

MIX = ["[en] house water"] * 6 + ["[sw] nyumba maji"] * 3 + ["[??] zzz"] * 1


def test_all_of_it_is_counted_exactly() -> None:
    outcome = weighed(bench(MIX))
    english = found(outcome, "language-share", of="data", language="en")
    assert (english.value, english.low, english.high, english.confidence, english.n) == (0.6, 0.6, 0.6, 1.0, 10)
    assert found(outcome, "unknown-share", of="data").value == 0.1
    assert found(outcome, "language-share", of="data", language="unknown").value == 0.1
    assert found(outcome, "script-share", of="data", script="Latn").value == 1.0
    assert found(outcome, "letter-share", of="data", language="sw").value == pytest.approx(30 / (6 * 10 + 3 * 10 + 3))


def test_a_sample_has_an_interval_that_is_corrected() -> None:
    outcome = weighed(bench(MIX * 20), documents=50)
    english = found(outcome, "language-share", of="data", language="en")
    assert english.n == 50
    assert english.low < 0.6 < english.high
    assert english.confidence > 0.95
    assert "50 of 200 documents were looked at" in notes(outcome)


def test_a_sample_without_a_hit_has_an_upper_bound() -> None:
    outcome = weighed(bench(MIX * 20, claims=("zu",)), documents=50)
    zulu = found(outcome, "language-share", of="data", language="zu")
    assert zulu.value == zulu.low == 0
    assert 0.05 < zulu.high < 0.2


def test_what_is_too_rare_to_be_told_from_mistakes_is_other() -> None:
    outcome = weighed(bench(["[en] house"] * 399 + ["[zu] indlu"]))
    assert found(outcome, "language-share", of="data", language="other").value == 1 / 400
    assert not any(q.at("language") == "zu" for q in outcome.quantities)  # type: ignore[union-attr]  # it is measured


def test_a_long_document_is_cut_at_a_random_place() -> None:
    outcome = weighed(bench(["[en] " + "house " * 200] * 25), characters=300)
    assert found(outcome, "unknown-share", of="data").confidence < 1  # not all of it was read, nor its first word
    assert "25 long documents one stretch" in notes(outcome)


def test_what_holds_no_letter_is_left_out() -> None:
    outcome = weighed(bench([*MIX, "😀 🎉", "12 345", "", "   "]))
    assert found(outcome, "unknown-share", of="data").n == 10
    assert "2 documents hold no letter" in notes(outcome)


def test_one_sentence_is_told_where_it_is_all_there_is() -> None:
    outcome = weighed(bench(["[en] house"]))
    assert found(outcome, "language-share", of="data", language="en").value == 1


def test_outputs_beside_data_and_held_out_text_instead() -> None:
    outcome = weighed(bench(MIX, outputs=["[en] house"] * 10))
    assert found(outcome, "language-share", of="outputs", language="en").value == 1
    held_out = weighed(bench(MIX, role=Role.HELD_OUT))
    assert found(held_out, "language-share", of="data", language="en").value == 0.6


def test_a_text_in_two_languages() -> None:
    toy = bench(["house water nyumba maji"] * 4 + ["house water"] * 6)
    toy.the_languages = KnownLanguages(marks={"house": "en", "water": "en", "nyumba": "sw", "maji": "sw"})
    outcome = weighed(toy)
    assert found(outcome, "mixed-share", of="data").value == 0.4
    assert found(outcome, "unknown-share", of="data").value == 0.4  # half of the letters is not most of them
    assert found(outcome, "letter-share", of="data", language="sw").value == pytest.approx(40 / 140)
    assert not any(q.metric == "language-share" and q.at("language") == "sw" for q in outcome.quantities)  # type: ignore[union-attr]  # it is measured


# against the claim


def test_a_claim_that_is_held_and_one_that_is_not() -> None:
    outcome = weighed(bench(["[en] house"] * 90 + ["[sw] maji"] * 10, claims=("en", "zh-Hant"), declared="sw"))
    assert found(outcome, "claimed-share", language="en").value == 0.9
    assert found(outcome, "claimed-share", language="sw").value == 0.1
    chinese = found(outcome, "claimed-share", language="zh")
    assert (chinese.value, chinese.high, chinese.confidence) == (0, 0, 1)
    assert found(outcome, "unclaimed-share").value == 0


def test_unknown_text_may_be_in_a_claimed_language_of_its_script() -> None:
    outcome = weighed(bench(["[en] house"] * 9 + ["[??] zzz"], claims=("en", "sw", "hi")))
    assert (
        found(outcome, "claimed-share", language="sw").low,
        found(outcome, "claimed-share", language="sw").high,
    ) == (0, 0.1)
    assert found(outcome, "claimed-share", language="hi").high == 0  # which is not written in Latin letters


def test_a_claimed_language_that_nobody_can_tell_is_neither_there_nor_absent() -> None:
    tellable = tuple(one.tag for one in FEW if one.tag != "kri")
    outcome = weighed(bench(["[en] house"] * 5 + ["[ht] kay"] * 5, claims=("kri", "en"), can_tell=tellable))
    assert "Krio (kri)" in notes(outcome)
    assert not any(q.metric == "claimed-share" and q.at("language") == "kri" for q in outcome.quantities)  # type: ignore[union-attr]  # it is measured
    unclaimed = found(outcome, "unclaimed-share")  # the Haitian may be Krio that was given another's name
    assert (unclaimed.low, unclaimed.value, unclaimed.high) == (0, 0.5, 0.5)


def test_a_claimed_language_that_is_mistaken_for_another_is_not_held_against_it() -> None:
    toy = bench(["[en] house"] * 5 + ["[ht] kay"] * 3 + ["[de] haus"] * 2, claims=("en", "kri"))
    toy.the_languages = KnownLanguages(confused={"ht": ("kri",)})
    outcome = weighed(toy)
    unclaimed = found(outcome, "unclaimed-share")
    assert (unclaimed.low, unclaimed.value, unclaimed.high) == (0.2, 0.5, 0.5)
    assert "told as Haitian Creole (ht) may be in Krio (kri)" in notes(outcome)


def test_outputs_alone_can_hold_up_a_claim() -> None:
    outcome = weighed(bench(["[en] house"] * 10, outputs=["[sw] maji"] * 10, claims=("en", "sw")))
    assert found(outcome, "claimed-share", language="sw").value == 1


def test_a_claim_without_any_text() -> None:
    outcome = weighed(bench(claims=("en", "sw"), subjects=(Subject.CAUSAL_LM,)))
    assert metrics(outcome) == {"speakers", "world-speakers"}
    share = found(outcome, "world-speakers", among="claimed", source="CLDR")
    assert share.basis is Basis.ASSUMED  # no rule may watch an estimate of others
    assert 0 < share.value < 1


def test_no_claim_is_told() -> None:
    outcome = weighed(bench(MIX))
    assert "no language is claimed" in notes(outcome)
    assert not metrics(outcome) & {"claimed-share", "unclaimed-share"}


# the world


def test_speakers_by_both_sources() -> None:
    outcome = weighed(bench(MIX, claims=("zu",)))
    for source in ("CLDR", "LinguaMeta"):
        assert found(outcome, "speakers", language="en", source=source).value > 1e9
    assert found(outcome, "world-speakers", among="claimed", source="CLDR").n == 1
    assert "LinguaMeta has no figure of speakers for Zulu (zu)" in notes(outcome)
    assert isinstance(outcome, Measured)
    claimed = [q for q in outcome.quantities if q.metric == "world-speakers" and q.at("among") == "claimed"]
    assert [q.at("source") for q in claimed] == ["CLDR"]


# silence


class Unreadable(MemoryBench):
    def has(self, role: Role) -> bool:
        return role is Role.DATA

    def texts(self, role: Role) -> Texts:
        not_measured(phrase("no column of {role} is text", role=role.value), phrase("name one"))


def test_nothing_to_tell() -> None:
    assert isinstance(left(bench(subjects=(Subject.CLASSIFIER,))), NotApplicable)  # a table of numbers has no language
    assert isinstance(left(bench(subjects=(Subject.CAUSAL_LM,))), NotMeasured)
    few = left(bench(["[en] house", "12"] * 40, subjects=(Subject.CAUSAL_LM,), seconds=0.05))
    assert isinstance(few, NotMeasured)


def test_text_that_cannot_be_read() -> None:
    shown = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.TEXT,))
    outcome = left(Unreadable(candidate=shown))
    assert isinstance(outcome, NotMeasured)
    assert "no column of data" in str(outcome.because)
    numbers = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CLASSIFIER,))
    assert isinstance(left(Unreadable(candidate=numbers)), NotApplicable)
    claimed = Candidate(name="t", version="1", artefacts=(), subjects=(Subject.TEXT,), claims=Claims(languages=("en",)))
    assert "no column of data" in notes(weighed(Unreadable(candidate=claimed)))


def test_too_few_of_a_sample_are_told_as_such() -> None:
    outcome = weighed(bench(["[en] house"] * 100, claims=("en",)), documents=20)
    assert found(outcome, "claimed-share", language="en").n == 20
    some = weighed(bench(["[en] house", *["123"] * 40], claims=("en",)), documents=30)
    assert "too few to tell shares" in notes(some)


def test_without_the_packages() -> None:
    toy = bench(MIX)
    toy.the_languages = None
    assert isinstance(left(toy), NotMeasured)


def test_it_stops_when_it_is_told_to() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            raise BudgetSpent

    made = bench(MIX)
    with pytest.raises(BudgetSpent):
        weighed(Impatient(candidate=made.candidate, texts_by_role=made.texts_by_role))


def test_no_text_is_quoted() -> None:
    outcome = weighed(bench([*MIX, "[en] Zanzibar Zanzibar"], claims=("en",)))
    assert "anzibar" not in repr(outcome)


# promises to the house


def test_card_and_code_agree() -> None:
    made = card()
    assert made.slug.replace("-", "_") == FOLDER.name
    assert Settings(**dict(made.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults are these ints
    outcome = weighed(bench(MIX, outputs=MIX, claims=("en", "sw")))
    assert isinstance(outcome, Measured)
    for quantity in outcome.quantities:
        metric = made.metric_named(quantity.metric)
        assert metric is not None
        assert {axis for axis, _ in quantity.by} == set(metric.by)
    assert metrics(outcome) == {metric.name for metric in made.metric}


@pytest.mark.parametrize("seed", range(2))
def test_known_weights(seed: int) -> None:
    for weight in (CALIBRATION.null(seed), CALIBRATION.planted(seed)):
        outcome = PROBE.measure(weight.bench, Settings(**dict(weight.settings)))  # type: ignore[arg-type]  # whole numbers, as above
        covered = [
            found(outcome, t.metric, **dict(t.by)).low <= t.value <= found(outcome, t.metric, **dict(t.by)).high
            for t in weight.truths
        ]
        assert np.mean(covered) > 0.7
