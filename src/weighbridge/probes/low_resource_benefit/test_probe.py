from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weighbridge.core.candidate import Candidate, Claims, Subject
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.toml import parse
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.known_languages import KnownLanguages
from weighbridge.probes.low_resource_benefit.calibration import NOTHING, bench, margin
from weighbridge.probes.low_resource_benefit.probe import PROBE, Settings
from weighbridge.probes.low_resource_benefit.resources import RISING_STARS, UNDERDOGS, WINNERS, well_served

FOLDER = Path(__file__).parent
UNMEASURED = NotMeasured(because=phrase("no text"), remedy=phrase("name some"))


def weighed(made: MemoryBench) -> Outcome:
    try:
        return PROBE.measure(made, Settings())
    except Silent as silent:
        return silent.outcome


def counted(outcome: Outcome) -> dict[str, tuple[float, float]]:
    assert isinstance(outcome, Measured), outcome
    return {str(q.at("evidence")): (q.low, q.high) for q in outcome.quantities if q.metric == "low-resource-languages"}


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def test_a_language_counts_once_it_was_shown() -> None:
    found = Measured(quantities=(margin("en", 0.5), margin("yo", 0.2), margin("sw", 0.0), margin("zu", -0.3)))
    outcome = weighed(bench(0, found, NOTHING, claims=("yo", "sw", "kri", "fr")))
    assert counted(outcome) == {"shown": (1, 2), "claimed only": (2, 2)}
    assert "served, and shown by measurement: Yoruba" in notes(outcome)
    assert "claimed, tried, and not shown: Swahili" in notes(outcome)
    assert "claimed, and not tried: Krio." in notes(outcome)
    assert isinstance(outcome, Measured)
    assert {q.at("language") for q in outcome.quantities if q.metric == "speakers"} == {"yo"}
    assert {q.at("language") for q in outcome.quantities if q.metric == "margin"} == {"yo", "sw", "zu"}


def test_languages_that_many_serve_are_no_benefit_of_this_kind() -> None:
    outcome = weighed(bench(0, Measured(quantities=(margin("en", 0.5), margin("hi", 0.4))), NOTHING))
    assert counted(outcome) == {"shown": (0, 0), "claimed only": (0, 0)}
    assert "none of its languages" in notes(outcome)


def test_where_two_parts_were_tried_both_must_show_it() -> None:
    both = (margin("yo", 0.3), margin("yo", -0.1, metric="gain-over-commonest"))
    assert counted(weighed(bench(0, Measured(quantities=both), NOTHING)))["shown"] == (0, 0)


def share(language: str, low: float) -> Quantity:
    return replace(
        margin(language, low + 0.1, metric="language-share"), low=low, by=(("of", "data"), ("language", language))
    )


def test_text_in_such_a_language_is_a_benefit_of_data() -> None:
    texts = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.TEXT,))
    found = Measured(quantities=(share("yo", 0.3), share("en", 0.4), share("unknown", 0.1), share("zu", 0.0)))
    outcome = weighed(replace(bench(0, NOTHING, found), candidate=texts))
    assert counted(outcome)["shown"] == (1, 2)
    assert isinstance(outcome, Measured)
    assert {q.metric for q in outcome.quantities} == {"low-resource-languages", "data-share", "speakers"}


@pytest.mark.parametrize(("outcome", "silent"), [(NOTHING, NotApplicable), (UNMEASURED, NotMeasured)])
def test_nothing_known_and_nothing_claimed(outcome: Outcome, silent: type) -> None:
    assert isinstance(weighed(bench(0, outcome, NOTHING)), silent)
    claiming = bench(0, outcome, NOTHING, claims=("yo",))
    assert counted(weighed(claiming)) == {"shown": (0, 0), "claimed only": (1, 1)}


def test_a_wrong_tag_claims_nothing() -> None:
    about = Candidate(
        name="t", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,), claims=Claims(languages=("qqq",))
    )
    assert counted(weighed(replace(bench(0, NOTHING, NOTHING), candidate=about)))["claimed only"] == (0, 0)


def test_the_list_is_as_long_as_its_source_says() -> None:
    assert tuple(map(len, (WINNERS, UNDERDOGS, RISING_STARS))) == (7, 18, 28)
    assert len({*WINNERS, *UNDERDOGS, *RISING_STARS}) == 53
    assert well_served(KnownLanguages()) == {"ar", "de", "en", "es", "fr", "hi", "ru", "th", "zh"}


def test_card_and_code_agree() -> None:
    card = parse(Card, (FOLDER / "probe.toml").read_text(encoding="utf-8"), file="probe.toml", fix="-")
    assert card.defaults == ()
