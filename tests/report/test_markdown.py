import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.weighings import CARDS, EDITION, EVERY, REPEAT, hostile, reciting
from weighbridge.core.findings import Verdict
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import phrase
from weighbridge.report.answer import answer_lines, headline
from weighbridge.report.markdown import code, escaped, render_markdown
from weighbridge.report.page import render_page


def rendered(weighing: Weighing) -> str:
    return render_markdown(weighing, CARDS, repeat=REPEAT, **EDITION)


@pytest.mark.parametrize("made", EVERY)
def test_the_answer_comes_first_and_the_order_is_that_of_the_page(made: object) -> None:
    assert callable(made)
    text = rendered(made())
    parts = [
        "# Should ",
        "**",
        "## What limits it",
        "## What is not yet answered",
        "## Next steps",
        "## What was measured",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert rendered(made()) == text


def test_all_that_the_answer_says_is_in_it() -> None:
    text = rendered(reciting())
    assert f"**{headline(reciting())}**" in text
    for line in answer_lines(reciting()):
        assert escaped(line.removeprefix("The model: ").removeprefix("The training data: ")) in text
    assert "--set verbatim-extraction.prefix=24`" in text


def test_hostile_names_make_no_markup() -> None:
    text = rendered(hostile())
    outside = re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "https\\://" in outside
    assert "https://" not in outside
    assert "<script" not in outside.replace("\\<script", "")
    assert "\u202e" not in text


@given(st.text())
def test_a_code_span_cannot_be_left(text: str) -> None:
    span = code(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    assert span.endswith(fence)
    assert fence not in span[len(fence) : -len(fence)] or not fence


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a_b*c", r"a\_b\*c"),
        ("[x](https://e.example)", r"\[x\](https\://e.example)"),
        ("www.e.example @somebody #1", r"www\.e.example \@somebody \#1"),
        ("a|b", r"a\|b"),
        ("a\n# b", r"a \# b"),
        ("&lt;", r"\&lt;"),
    ],
)
def test_escaped(raw: str, shown: str) -> None:
    assert escaped(raw) == shown


def test_what_nothing_waits_for_is_listed_and_the_limits_name_the_next_steps() -> None:
    made = reciting()
    breached = next(f for f in made.findings if f.rule == "no-recited-records")
    aside = replace(breached, rule="aside", verdict=Verdict.OPEN, says=phrase("asked for nothing"), remedy=None)
    stuck = replace(made, findings=(breached, aside), next=())
    text = rendered(stuck)
    assert "While the limits above stand" in text
    assert "Asked for nothing" in text
    assert "None is known" not in text
    assert breached.remedy is not None
    assert "## Next steps\n\n- " in text


def test_what_reads_the_same_stands_there_once() -> None:
    made = reciting()
    question = next(f for f in made.findings if f.rule == "way-out")
    alike = tuple(replace(question, rule=rule, forbids=()) for rule in ("x", "y"))
    stuck = replace(made, findings=(*(f for f in made.findings if f is not question), *alike))
    for text in (rendered(stuck), render_page(stuck, CARDS, repeat=REPEAT, **EDITION).partition("<details")[0]):
        aside = text.partition("nothing waits for it now")[2].partition("Next steps")[0]
        assert aside.count("can have their text taken out") == 1
