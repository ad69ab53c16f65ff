from __future__ import annotations

import json

from app.test_reweigh import _case
from replays import substitute
from weighbridge.report.reweighing import render_reweighing


def test_says_that_the_answer_stands_and_what_it_rests_on() -> None:
    text = render_reweighing(_case().hears(), style="table")
    assert text.startswith("The answer stands (entry 3).")
    assert "before, as of 2019-02-14: " in text
    assert "after, as of 2019-06-01: " in text
    assert text.count("what was decided: ") == 2
    assert text.count("lone trolls deterred: ") == 2
    assert "100" not in text.split("lone trolls deterred: ")[1].split("%")[0]


def test_says_that_it_turns_and_why() -> None:
    found = _case().hears(substitutes=(substitute(20.0, 40.0), substitute(1.0, 2.0, name="b\u202e", evidence="")))
    text = render_reweighing(found, style="table")
    assert text.startswith("The answer turns: nothing of this decision leaves until people decide again")
    assert all(str(turn)[1:] in text for turn in found.turns)
    assert "! b⟨U+202E⟩ has no evidence that it exists" in text


def test_programs_read_what_was_sealed() -> None:
    found = _case().hears(substitutes=(substitute(20.0, 40.0),))
    assert json.loads(render_reweighing(found, style="json")) == found.entry.body
