"""The table of languages: four things in four states, the unknown first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.toys import candidate, evidence
from report.weighings import EDITION, REPEAT, harmless
from weighbridge.core.candidate import Candidate, Claims, Subject
from weighbridge.core.card import Axis, Card, Cost, Metric
from weighbridge.core.evidence import Evidence, Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.shape import plain
from weighbridge.core.wording import phrase
from weighbridge.probekit.known_languages import FEW
from weighbridge.probekit.languages import Language
from weighbridge.report.content import content
from weighbridge.report.languages import (
    LanguageTable,
    Looked,
    language_table,
    people_in_words,
    state_cells,
    typology_in_words,
)
from weighbridge.report.markdown import render_markdown
from weighbridge.report.page import render_page

ABOUT = replace(candidate(Subject.CAUSAL_LM), claims=Claims(languages=("en", "sw", "hi", "zh-Hant", "kri")))
KNOWN = {one.tag: one for one in FEW}
ATTACK = Card(
    slug="verbatim-extraction", version=1, title="-", question="-", cannot_show="-", since="0", changed="-",
    cost=Cost.MINUTES, subjects=(Subject.CAUSAL_LM,), metric=(Metric(name="m", unit="1", says="-"),), sources=(),
    attack=True, axis=(Axis(name="language", says="-"),),
)  # fmt: skip
BESIDE = NotApplicable(because=phrase("it is about something else"))


def number(metric: str, low: float, high: float, *, n: int = 400, n_of: str = "text", **by: str) -> Quantity:
    return Quantity(
        metric=metric, value=(low + high) / 2, low=low, high=high, confidence=1.0 if low == high else 0.95, unit="1", n=n,
        n_of=n_of, by=tuple(sorted(by.items())),
    )  # fmt: skip


def sealed(probe: str, *quantities: Quantity, outcome: Outcome | None = None) -> Evidence:
    return evidence(probe, outcome or Measured(quantities=quantities), ABOUT)


QUALITY = sealed(
    "language-quality",
    number("documents-tested", 200, 200, n=1, language="en"),
    number("bits-per-byte", 1.1, 1.3, language="en"),
    number("documents-tested", 12, 12, n=1, language="sw"),
    number("documents-tested", 0, 0, n=1, language="hi"),
    number("documents-tested", 0, 0, n=1, language="zh"),
    number("untestable-languages", 1, 1, n=1, language="zh"),
)
DETECTION = sealed("detectability", number("auroc-stack", 0.8, 0.9, language="sw"))
DEFENCE = sealed(
    "defence-by-language",
    number("missed-share", 0.1, 0.2, language="en"),
    number("missed-share", 0.0, 1.0, n=0, language="sw"),
    number("speakers-share", 0.16, 0.16, state="defended", source="CLDR"),
    number("speakers-share", 0.13, 0.13, state="defended", source="LinguaMeta"),
    number("speakers-share", 0.2, 0.2, state="untested", source="CLDR"),
)
COVERAGE = sealed(
    "language-coverage",
    number("language-share", 0.7, 0.8, of="data", language="en"),
    number("language-share", 0.06, 0.08, of="data", language="yo"),
    number("language-share", 0.0, 0.01, of="data", language="zu"),
    number("language-share", 0.1, 0.2, of="data", language="unknown"),
    number("speakers", 7.5e6, 7.5e6, language="kri", source="CLDR"),
)
HARM = sealed("verbatim-extraction", number("m", 0.0, 0.1, n=500, n_of="suffix"))
PREMIUM = sealed(
    "tokenizer-premium", number("premium", 1.0, 1.0, language="en"), number("premium", 2.0, 3.0, language="hi")
)
ALL = (QUALITY, DETECTION, DEFENCE, COVERAGE, HARM, PREMIUM)


def table(*of: Evidence, about: Candidate = ABOUT, known: dict[str, Language] | None = None) -> LanguageTable:
    made = language_table(about, of or ALL, (ATTACK,), KNOWN if known is None else known)
    assert made is not None
    return made


def states(tag: str, *of: Evidence) -> tuple[Looked, ...]:
    (row,) = [row for row in table(*of).rows if row.tag == tag]
    return row.works.state, row.harm.state, row.countermeasure.state, row.premium.state


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", ("tested", "tested", "tested", "tested")),
        ("sw", ("too small", "not tested", "too small", "not tested")),
        ("hi", ("not tested", "not tested", "not tested", "tested")),
        ("zh", ("cannot test", "not tested", "not tested", "not tested")),
        ("yo", ("not tested", "too small", "not tested", "not tested")),
        ("kri", ("not tested", "not tested", "not tested", "not tested")),
    ],
)
def test_four_things_in_four_states(tag: str, expected: tuple[str, ...]) -> None:
    assert tuple(state.value for state in states(tag)) == expected


def test_the_largest_that_nobody_looked_into_come_first() -> None:
    assert [row.tag for row in table().rows] == ["zh", "hi", "sw", "yo", "kri", "en"]


def test_what_is_hardly_there_or_is_no_language_has_no_row() -> None:
    assert {"zu", "unknown"} & {row.tag for row in table().rows} == set()


def test_the_headline_says_whom_it_covers_and_of_whom_nothing_is_known() -> None:
    says = table().headline
    assert says.startswith(
        "Countermeasures were tested in 1 of 6 languages, of 13 to 16\N{NO-BREAK SPACE}% of the world's"
    )
    assert says.endswith("Nothing is known for Chinese, Hindi, Swahili, Yoruba and Krio.")
    alone = table(QUALITY, about=replace(ABOUT, claims=Claims(languages=("en",))))
    assert alone.headline.startswith("Countermeasures were tested in 0 of 4 languages. Nothing is known")


def test_figures_stand_beside_their_state() -> None:
    (english,) = [row for row in table().rows if row.tag == "en"]
    assert [figure for _what, _state, figure in state_cells(english)] == [
        "1.2 bits per byte", "about 350 texts or more", "finds 80 to 90 of 100", "as English",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "state", "says"),
    [
        ((("bits-per-byte", 11.0, 11.4), ("saving-over-small-model", -3.0, -2.0)), Looked.FAILED, "no better than no"),
        ((("bits-per-byte", 3.0, 3.2), ("saving-over-small-model", -0.3, -0.1)), Looked.FAILED, "than a small model"),
        ((("bits-per-byte", 3.0, 3.2), ("saving-over-small-model", -0.3, 0.1)), Looked.TESTED, "3.1 bits per byte"),
        ((("accuracy", 0.4, 0.5), ("gain-over-commonest", -0.2, -0.1)), Looked.FAILED, "no better than guessing"),
        ((("accuracy", 0.8, 0.9), ("gain-over-commonest", 0.1, 0.2)), Looked.TESTED, "right in 85 of 100"),
    ],
)
def test_what_does_no_better_than_nothing_does_not_work(
    figures: tuple[tuple[str, float, float], ...], state: Looked, says: str
) -> None:
    tried = sealed("language-quality", *(number(metric, low, high, language="sw") for metric, low, high in figures))
    (row,) = [row for row in table(tried).rows if row.tag == "sw"]
    assert row.works.state is state
    assert says in row.works.figure
    assert not row.is_unknown  # it is known that it does not work


def test_speakers_are_a_range_of_sources_and_those_sealed_count() -> None:
    (krio,) = [row for row in table().rows if row.tag == "kri"]
    assert (krio.fewest, krio.most) == (6_300_000, 7_500_000)  # CLDR's as sealed, LinguaMeta's as recorded
    assert people_in_words(6_300_000, 7_500_000) == "6.3 million to 7.5 million"
    assert people_in_words(1_300_000_000, 1_300_000_000) == "1.3 billion"
    assert people_in_words(0, 0) == ""
    assert people_in_words(2, 840) == "2 to 840"


def test_without_a_registry_languages_go_by_their_tags() -> None:
    made = table(QUALITY, known={})
    assert {row.name for row in made.rows} >= {"en", "sw"}
    assert not made.sources
    assert not made.has_typology


def test_typology_may_be_unrecorded() -> None:
    told = replace(KNOWN["en"], word_order="SVO")
    (english,) = [row for row in table(known={"en": told}).rows if row.tag == "en"]
    assert typology_in_words(english) == "SVO; affixation not recorded"


@pytest.mark.parametrize("outcome", [BESIDE, NotMeasured(because=phrase("-"), remedy=phrase("-"))])
def test_what_does_not_apply_cannot_be_tested(outcome: Outcome) -> None:
    silent = tuple(
        sealed(probe, outcome=outcome)
        for probe in ("language-quality", "defence-by-language", "tokenizer-premium", "verbatim-extraction")
    )
    expected = Looked.CANNOT_TEST if outcome is BESIDE else Looked.NOT_TESTED
    assert set(states("en", *silent)) == {expected}


def test_a_candidate_in_no_language_has_no_table() -> None:
    assert language_table(candidate(), (sealed("language-quality", outcome=BESIDE),), (), KNOWN) is None
    assert content(harmless(), (), REPEAT).languages is None
    assert 'id="languages"' not in render_page(harmless(), (), repeat=REPEAT, languages={}, **EDITION)


def test_page_and_markdown_tell_the_same_table() -> None:
    weighing = replace(harmless(), candidate=ABOUT, evidence=ALL)
    page = render_page(weighing, (ATTACK,), repeat=REPEAT, languages=KNOWN, **EDITION)
    assert page.count('<section id="languages"') == 1
    assert "Nothing is known for Chinese, Hindi, Swahili, Yoruba and Krio." in page
    assert "languages-hatch" in page
    text = render_markdown(weighing, (ATTACK,), repeat=REPEAT, languages=KNOWN, **EDITION)
    assert "## Languages" in text
    assert "| Hindi (hi) | 550 million to 580 million | not recorded | not tested |" in text


def test_names_cannot_break_out_of_the_page() -> None:
    hostile = {"en": replace(KNOWN["en"], name='<img src=x onerror="1">|[x](y)')}
    weighing = replace(harmless(), candidate=ABOUT, evidence=ALL)
    page = render_page(weighing, (ATTACK,), repeat=REPEAT, languages=hostile, **EDITION)
    assert "<img" not in page
    text = render_markdown(weighing, (ATTACK,), repeat=REPEAT, languages=hostile, **EDITION)
    assert "\\<img" in text


def test_it_is_plain_data_for_programs() -> None:
    made = plain(table())
    assert isinstance(made, dict)
    rows = made["rows"]
    assert isinstance(rows, list)
    assert isinstance(rows[0], dict)
    assert rows[0]["works"] == {"figure": "", "state": "cannot test"}
