from __future__ import annotations

from dataclasses import replace

import pytest

from weighbridge.core.candidate import Candidate
from weighbridge.core.card import Card, Cost, Declaration, declared_digest, declared_key, is_current
from weighbridge.core.errors import Faulty
from weighbridge.core.evidence import Asked
from weighbridge.core.replication import Replication
from weighbridge.core.toml import parse

TEXT = """
slug = "a-b"
version = 1
title = "t"
question = "q?"
cannot_show = "c"
since = "0.1.0"
changed = "c"
cost = "minutes"
subjects = ["table"]
sources = ["s"]
[[metric]]
name = "m"
unit = "1"
says = "s"
[[metric]]
name = "found"
unit = "1"
says = "s"
control = true
[[setting]]
name = "z"
default = 3
says = "s"
[[setting]]
name = "a"
default = 0.5
says = "s"
"""


def test_reads_a_card() -> None:
    card = parse(Card, TEXT, file="probe.toml", fix="-")
    assert card.defaults == (("a", 0.5), ("z", 3))
    assert card.control is card.metric_named("found")
    assert card.metric_named("none") is None


def test_a_fault_has_its_line() -> None:
    with pytest.raises(Faulty) as caught:
        parse(Card, TEXT.replace('unit = "1"\n', 'unti = "1"\n', 1), file="probe.toml", fix="-")
    assert (14, "metric[1].unti") in [(f.line, f.key) for f in caught.value.faults]


def test_costs_are_in_order() -> None:
    assert Cost.SECONDS.typical_minutes < Cost.MINUTES.typical_minutes < Cost.HOURS.typical_minutes


def test_what_was_measured_from_a_changed_section_is_no_longer_current() -> None:
    bare = Candidate(name="c", version="1", artefacts=(), subjects=())
    told = replace(bare, replication=Replication(flop=1e20))
    digest = declared_digest(told, Declaration.REPLICATION)
    assert digest != declared_digest(bare, Declaration.REPLICATION)
    asked = Asked(
        candidate=told.digest, reading=told.reading, probe="a-b", version=1, settings=(), seed=0, budget_seconds=1.0,
        under=(("served", "x"), (declared_key(Declaration.REPLICATION), digest)),
    )  # fmt: skip
    assert is_current(asked, told)
    assert not is_current(asked, bare)
    assert is_current(replace(asked, under=()), bare)
