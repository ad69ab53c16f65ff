from __future__ import annotations

from weighbridge.catalogue import find_questions


def test_every_shipped_question_says_why_and_belongs_to_the_map() -> None:
    questions = find_questions()
    assert [q.order for q in questions] == list(range(1, len(questions) + 1))
    assert all(q.why and q.mission and set(q.mission) <= set(range(1, 26)) for q in questions)
    assert len({q.slug for q in questions}) == len(questions) == 6
