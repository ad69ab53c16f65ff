from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.formats.candidate_file import candidate_schema, parse_candidate
from weighbridge.core.canon import digest_of
from weighbridge.core.errors import Faulty
from weighbridge.core.replication import (
    DataFacts,
    Distillation,
    FineTuning,
    Obtaining,
    RecipePart,
    Replication,
    Span,
    Staff,
    Training,
    doubts,
)
from weighbridge.core.shape import plain

HEAD = 'name = "n"\n[[artefact]]\nrole = "weights"\npath = "m"\n'


def said(facts: Replication) -> str:
    return "\n".join(f"{'.'.join(map(str, d.path))}: {d.says}" for d in doubts(facts))


def test_six_operations_for_each_parameter_and_token() -> None:
    assert Training(parameters=1e9, tokens=1e10, epochs=2.0).flop_by_rule == 1.2e20
    assert Training(parameters=1e12, active_parameters=1e9, tokens=1e10).flop_by_rule == 6e19
    assert Training(parameters=1e9).flop_by_rule is None
    assert Training(tokens=1e9).flop_by_rule is None


@pytest.mark.parametrize(
    ("facts", "path", "words"),
    [
        (Replication(parameters=1.5), "parameters", "1.5e9"),
        (Replication(parameters=-1.0), "parameters", "more than zero"),
        (Replication(parameters=0.0), "parameters", "more than zero"),
        (Replication(parameters=math.nan), "parameters", "not finite"),
        (Replication(tokens=math.inf), "tokens", "not finite"),
        (Replication(tokens=40.0), "tokens", "billions"),
        (Replication(tokens=1234.5), "tokens", "whole number"),
        (Replication(parameters=1.5e18), "parameters", "which unit"),
        (Replication(flop=3.14), "flop", "in ones"),
        (Replication(chip_hours=-3.0), "chip_hours", "more than zero"),
        (Replication(epochs=0.0), "epochs", "more than zero"),
        (Replication(trained="19"), "trained", "year"),
        (Replication(trained="2019-13"), "trained", "year"),
        (Replication(parameters=1e9, active_parameters=2e9), "active_parameters", "more than"),
        (Replication(parameters=1e9, tokens=1e9, flop=1e20), "flop", "contradicts"),
        (Replication(fine_tuning=FineTuning(base="b", parameters=2.0)), "fine_tuning.parameters", "2e9"),
        (Replication(data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=5, high=1))), "data.usd", "down to"),
        (
            Replication(data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=0, high=1))),
            "data.usd",
            "starts at 0",
        ),
        (Replication(data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=-1, high=1))), "data.usd", "between"),
        (
            Replication(data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=1, high=math.inf))),
            "data.usd",
            "finite",
        ),
        (
            Replication(data=DataFacts(obtaining=Obtaining.UNOBTAINABLE, usd=Span(low=1, high=2))),
            "data.usd",
            "any price",
        ),
        (
            Replication(public=(RecipePart.DATA,), data=DataFacts(obtaining=Obtaining.UNOBTAINABLE)),
            "data.obtaining",
            "anybody can have",
        ),
        (Replication(staff=Staff(months=Span(low=1, high=1e6))), "staff.months", "between"),
        (Replication(staff=Staff(usd_per_month=Span(low=2, high=1))), "staff.usd_per_month", "down to"),
        (Replication(subsidy=Span(low=0.5, high=1.5)), "subsidy", "between 0 and 1"),
        (
            Replication(distillation=Distillation(usd_per_million_tokens=Span(low=3, high=2))),
            "distillation.usd_per_million_tokens",
            "down to",
        ),
    ],
)
def test_what_cannot_be_is_told(facts: Replication, path: str, words: str) -> None:
    found = doubts(facts)
    assert [".".join(map(str, d.path)) for d in found] == [path]
    assert words in found[0].says


def test_what_can_be_is_not_doubted() -> None:
    whole = Replication(
        parameters=1.5e9,
        tokens=4e10,
        epochs=2.5,
        flop=1.5e21,
        chip_hours=5e4,
        chip="NVIDIA V100",
        trained="2019-02",
        public=(RecipePart.PAPER, RecipePart.CODE),
        data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=100, high=1e4), months=Span(low=0.1, high=3)),
        fine_tuning=FineTuning(base="b", parameters=7.7e8, tokens=1e8),
        distillation=Distillation(parameters=1e8, tokens=1e9, usd_per_million_tokens=Span(low=0, high=0)),
        staff=Staff(months=Span(low=1, high=5), usd_per_month=Span(low=1, high=1e4)),
        subsidy=Span(low=0, high=1),
    )
    assert doubts(whole) == ()
    assert doubts(Replication()) == ()


def test_every_doubt_is_told_at_once() -> None:
    many = Replication(
        parameters=1.5, tokens=-1.0, subsidy=Span(low=2, high=1), staff=Staff(months=Span(low=-1, high=0))
    )
    assert [d.path for d in doubts(many)] == [("parameters",), ("tokens",), ("staff", "months"), ("subsidy",)]


@given(factor=st.floats(1e-4, 1e4), parameters=st.integers(10**3, 10**13), tokens=st.integers(10**3, 10**14))
def test_contradiction_is_told_beyond_three_times_and_not_within(factor: float, parameters: int, tokens: int) -> None:
    rule = 6.0 * parameters * tokens
    flop = rule * factor
    if not 1e9 <= flop <= 1e28:
        return
    told = said(Replication(parameters=float(parameters), tokens=float(tokens), flop=flop))
    assert ("contradicts" in told) == (not 1 / 3 <= flop / rule <= 3)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_is_taken_that_cannot_be_stored(value: float) -> None:
    facts = Replication(parameters=value, tokens=value, flop=value, chip_hours=value, epochs=value)
    if not doubts(facts):
        assert digest_of(plain(facts))


def test_public_data_needs_no_section_of_its_own() -> None:
    assert Replication(public=(RecipePart.DATA,)).data_facts == DataFacts(obtaining=Obtaining.PUBLIC)
    assert Replication().data_facts is None


# as a file


def test_it_is_read_from_the_candidate_file() -> None:
    text = HEAD + (
        '[replication]\nparameters = 1.5e9\ntokens = 40_000_000_000\npublic = ["paper"]\n'
        '[replication.data]\nobtaining = "obtainable"\nusd = { low = 100, high = 20_000 }\n'
        '[replication.fine_tuning]\nbase = "a public one"\nparameters = 774e6\ntokens = 1e8\n'
    )
    facts = parse_candidate(text, file="weighbridge.toml").replication
    assert facts is not None
    assert (facts.parameters, facts.tokens) == (1.5e9, 4e10)
    assert facts.fine_tuning is not None
    assert facts.data == DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=100.0, high=20000.0))


def test_faults_of_the_file_come_all_at_once_with_their_lines() -> None:
    with pytest.raises(Faulty) as unknown:
        parse_candidate(HEAD + "[replication]\nparametres = 1e9\nchip_hour = 3\n", file="weighbridge.toml")
    assert [f.line for f in unknown.value.faults] == [6, 7]
    assert "did you mean 'parameters'" in str(unknown.value)
    with pytest.raises(Faulty) as small:
        parse_candidate(HEAD + "[replication]\nparameters = 1.5\nflop = nan\n", file="weighbridge.toml")
    assert [(f.line, f.key) for f in small.value.faults] == [(6, "replication.parameters"), (7, "replication.flop")]


def test_the_schema_knows_it() -> None:
    assert "Replication" in candidate_schema()["$defs"]  # type: ignore[operator]  # a table
