from replays import gpt2
from weighbridge.core.evidence import Basis
from weighbridge.core.tradeoffs import Scenario


def test_every_figure_has_its_interval_its_basis_and_what_was_counted() -> None:
    for row in gpt2().rows:
        for q in (*row.deterred, *row.break_even, *row.counts):
            assert q.low <= q.value <= q.high
            assert (q.basis, q.n, q.n_of) == (Basis.ASSUMED, 150, "drawn world")
        assert row.delay is not None
        assert row.delay.basis is Basis.MODELLED


def test_scenarios_stand_beside_what_is_declared() -> None:
    row = gpt2().row("withhold")
    assert row is not None
    told = {q.at("scenario") for q in row.deterred}
    assert told == {Scenario.DECLARED, Scenario.NO_SUBSIDY, Scenario.ALL_SUBSIDISED}


def test_the_break_even_of_a_closed_door_is_the_price_of_making_it_again() -> None:
    row = gpt2().row("withhold")
    assert row is not None
    assert len({q.value for q in row.break_even}) == 1
    assert 10_000 < row.break_even[0].value < 1_000_000


def test_a_share_drawn_as_none_may_lie_a_little_above_it() -> None:
    row, opened = gpt2().row("gated"), gpt2().row("open")
    assert row is not None
    assert opened is not None
    state = next(q for q in row.deterred if q.at("actor") == "state")
    assert state.value == 0 < state.high
    assert all(q.high == 0 for q in opened.deterred)


def test_what_a_plan_gives_more_or_less_is_told_world_by_world() -> None:
    opened, best = gpt2().row("open"), gpt2().row(gpt2().recommended)
    assert opened is not None
    assert best is not None
    assert best.against == ()
    gaps = {q.at("count"): q for q in opened.against}
    assert gaps["misuse-lone-troll"].high <= 0  # in every world, since they are the same worlds
    assert gaps["reach"].low > 0
