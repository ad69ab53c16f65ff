from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from weighbridge.adapters.served import answers
from weighbridge.core.evidence import Silent

ANSWER = {"choices": [{"text": "x", "logprobs": None}]}


def test_parts_of_an_answer_are_found() -> None:
    assert answers.part(ANSWER, "choices", 0, "text") == "x"
    assert answers.optional(ANSWER, "choices", 0, "logprobs") is None
    assert answers.optional(ANSWER, "choices", 7) is None
    assert answers.optional("text", "choices") is None


@pytest.mark.parametrize(
    "take",
    [
        lambda: answers.part(ANSWER, "choices", 1),
        lambda: answers.part(ANSWER, "choices", 0, "logprobs", "tokens"),
        lambda: answers.part([], "choices"),
        lambda: answers.part({"choices": 3}, "choices", 0),
        lambda: answers.any_list({"a": 1}),
        lambda: answers.list_of([1, 2], 3, "tokens"),
        lambda: answers.list_of(None, 0, "tokens"),
        lambda: answers.whole(True),
        lambda: answers.whole(1.0),
        lambda: answers.log_probability(None),
        lambda: answers.log_probability("-1"),
        lambda: answers.log_probability(True),
        lambda: answers.log_probability(float("nan")),
        lambda: answers.log_probability(float("inf")),
        lambda: answers.log_probability(0.01),
        lambda: answers.check_mass(np.log([0.6, 0.6]), 10),
        lambda: answers.check_mass(np.log([0.01, 0.01]), 10),
    ],
)
def test_what_cannot_be_true_is_silence(take: Callable[[], Any]) -> None:
    with pytest.raises(Silent) as silent:
        take()
    assert "check the server" in str(silent.value.outcome.remedy)  # type: ignore[union-attr]  # not measured


@pytest.mark.parametrize(("told", "kept"), [(-1, -1.0), (-2.5, -2.5), (1e-5, 0.0), (0, 0.0), (-9999.0, -9999.0)])
def test_log_probabilities_are_at_most_zero(told: float, kept: float) -> None:
    assert answers.log_probability(told) == kept
    assert np.isfinite(answers.log_probability(float("-inf")))


def test_a_distribution_passes() -> None:
    answers.check_mass(np.log([0.5, 0.3, 0.2]), 3)
    answers.check_mass(np.log(np.full(40, 1 / 50_000)), 50_000)
    answers.check_mass(np.asarray([0.0, -9999.0]), 50_000)


def test_generated_tokens_are_cut_to_one_length() -> None:
    assert answers.as_windows([[1, 2, 3], [4, 5]], 2).tolist() == [[1, 2], [4, 5]]
    with pytest.raises(Silent, match="after 1 of 2 tokens"):
        answers.as_windows([[1]], 2)


class _Asked:
    """As much of a server as is needed: it notes whether questions are left under way."""

    is_over = False

    def post_all(self, path: str, bodies: Any) -> Iterator[object]:
        del path
        try:
            yield from bodies
        finally:
            self.is_over = True


def _leave_early(server: Any) -> None:
    with answers.asked(server, "/", iter([{"a": 1}, {"b": 2}])) as given:
        next(given)
        raise ZeroDivisionError


def test_no_question_is_left_under_way() -> None:
    server: Any = _Asked()
    with pytest.raises(ZeroDivisionError):
        _leave_early(server)
    assert server.is_over
