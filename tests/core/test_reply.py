from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.catalogue import find_questions
from weighbridge.core.question import Form, Question
from weighbridge.core.reply import MOST_CHARACTERS, choice_of

KNOWN = {q.slug: q for q in find_questions()}
DAY = Question(slug="day", order=1, asks="?", why="!", mission=(1,), form=Form.DATE)


@pytest.mark.parametrize(
    ("slug", "choice", "says", "given"),
    [
        ("legal", "yes", "", ("yes",)),
        ("legal", "no", "a statute", ("no",)),
        ("missed", "", "the neighbours", ("answered",)),
        ("missed", "", " None ", ("none",)),
        ("consulted", "", "Zuri|from there|by a friend|no\nTomas|decided a like case|known|yes", ("answered",)),
        ("consulted", "", "Zuri|From there|by a friend|no|nurses", ("answered",)),
        ("early-access", "", "a desk | 2019-02-12 | press", ("answered",)),
        ("consulted", "", "nobody", ("none",)),
        ("consulted", "", "nobody | - | - | no", ("none",)),
        ("missed", "", "Nichts.", ("none",)),
        ("who-gains", "", "nurses|a lexicon|sw, ln|two years\n\n", ("answered",)),
        ("field-needed", "", "street\nbirth date", ("answered",)),
    ],
)
def test_an_answer(slug: str, choice: str, says: str, given: tuple[str, ...]) -> None:
    assert choice_of(KNOWN[slug], choice, says) == given


def test_a_day() -> None:
    assert choice_of(DAY, "2019-02-14", "") == choice_of(DAY, "", " 2019-02-14 ") == ("2019-02-14",)


@pytest.mark.parametrize(
    ("slug", "choice", "says", "why"),
    [
        ("legal", "maybe", "", "no answer"),
        ("legal", "yess", "", "did you mean 'yes'"),
        ("legal", "no", " ", "needs a sentence"),
        ("missed", "", "  \n", "holds no word"),
        ("missed", "", "\u200b?!", "holds no word"),
        ("consulted", "", "? | ? | ? | ?", "holds no word"),
        ("missed", "", "x" * (MOST_CHARACTERS + 1), "characters"),
        ("consulted", "", "Zuri, from there", "row 1 should have"),
        ("consulted", "", "a|from there|c|no|fishers|more", "row 1 should have"),
        ("consulted", "", "a|from somewhere|c|no", "row 1, what they bring: one of from there"),
        ("early-access", "", "a desk|2019-02-14|press\nb|in May|press", "row 2, when: should be a day"),
        ("early-access", "", "a desk|2019-02-14|friends", "as what: one of press"),
        ("consulted", "", "a|from there|c|no\n|from there|c|no", "row 2 should have"),
    ],
)
def test_no_answer(slug: str, choice: str, says: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        choice_of(KNOWN[slug], choice, says)


@pytest.mark.parametrize("text", ["", "tomorrow", "2019-02-30", "14.2.2019"])
def test_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="a day"):
        choice_of(DAY, text, "")


@given(st.sampled_from(sorted(KNOWN)), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_an_answer_or_told(slug: str, choice: str, says: str) -> None:
    try:
        found = choice_of(KNOWN[slug], choice, says)
    except ValueError as wrong:
        assert says.strip() not in str(wrong) or len(says.strip()) < 12  # what was written is not quoted
        return
    assert set(found) <= set(KNOWN[slug].values)
