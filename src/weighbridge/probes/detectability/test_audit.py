from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from weighbridge.probes.detectability.audit import RULES, audit, values
from weighbridge.probes.detectability.canonical import canonical

RNG = np.random.default_rng(0)
WORDS = ["river", "bread", "stone", "cloud", "paper", "glass", "horse", "night", "tree", "sand"]


def written(n: int) -> list[str]:
    return [" ".join(RNG.choice(WORDS, 12)) + ". " + " ".join(RNG.choice(WORDS, 12)) + "." for _ in range(n)]


@pytest.mark.parametrize(
    ("leak", "rule"),
    [
        (lambda t: t.replace(". ", ".\n\n"), "newlines"),
        (lambda t: t.replace(". ", ".  "), "double-spaces"),
        (lambda t: t + " ", "edge-spaces"),
        (lambda t: t.replace(". ", "."), "no-space-after-stop"),
        (lambda t: t.replace(".", " ."), "space-before-mark"),
        (lambda t: f"“{t}”", "curly-quotes"),
        (lambda t: f'"{t}"', "straight-quotes"),
        (lambda t: f"``{t}''", "doubled-quotes"),
        (lambda t: t.replace(". ", " — "), "long-dashes"),
        (lambda t: t.replace("e", "é"), "non-ascii-share"),
        (lambda t: t.rstrip("."), "ends-with-mark"),
        (lambda t: t.capitalize(), "starts-with-capital"),
        (lambda t: f"**{t}**", "markdown"),
        (lambda t: f"{t} &amp; &amp;", "markup"),
        (lambda t: f"Sure, here is the text:\n{t}", "meta-phrases"),
        (lambda t: f"{t} and so on it goes", "words"),
    ],
)
def test_each_rule_finds_its_leak(leak: Callable[[str], str], rule: str) -> None:
    found = {one.rule: one for one in audit(written(60), [leak(t) for t in written(60)])}
    assert found[rule].auroc.value == 1.0
    assert found[rule].auroc.low > 0.85
    assert found[rule].tpr.value == 1.0
    assert found[rule].more_in_machine == (rule != "ends-with-mark")


def test_one_format_takes_the_leak_out() -> None:
    human, machine = written(80), [t.replace(". ", ".\n\n") for t in written(80)]
    assert audit(human, machine)[0].rule == "newlines"
    left = audit([canonical(t) for t in human], [canonical(t) for t in machine])
    assert left[0].auroc.low == 0.5
    assert left[0].auroc.value < 0.65


def test_it_says_all_rules_worst_first_and_which_way_they_point() -> None:
    found = audit([f"{t}\n" for t in written(40)], written(40))
    assert {one.rule for one in found} == set(RULES)
    assert [one.auroc.value for one in found] == sorted((one.auroc.value for one in found), reverse=True)
    assert not next(one for one in found if one.rule == "newlines").more_in_machine
    for one in found:
        assert 0.5 <= one.auroc.low <= one.auroc.value <= one.auroc.high <= 1
        assert (one.tpr.low, one.tpr.high) == (0, 1)  # forty texts say nothing at one per cent


def test_the_share_that_a_rule_finds_has_bounds_where_texts_are_enough() -> None:
    human = written(900)
    worst = audit(human, [f"{t}\n\n" for t in human])[0]
    assert worst.tpr.low > 0.98


def test_odd_texts() -> None:
    odd = ["", "\x00", "a", "👩‍👩‍👧‍👦", "שלום", "漢字" * 30, "x" * 1_000_000, "\ud800"]
    assert np.isfinite(values(odd)).all()
    assert audit(odd, odd)[0].auroc.value == 0.5
    with pytest.raises(ValueError, match="needed"):
        audit(odd, [])
