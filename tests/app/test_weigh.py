from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from fakes.ledger import FakeLedger, FixedClock
from weighbridge.app.weigh import (
    Hands,
    Request,
    Weighed,
    in_order,
    measurable,
    place_of,
    settle,
    weigh,
    with_predecessors,
)
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Misuse, Role, Said, Subject, Triage
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Card, Cost, Declaration, Metric, Setting, Shelf
from weighbridge.core.errors import Faulty, Outside, Unreachable, Unusable
from weighbridge.core.evidence import (
    Asked,
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
    not_measured,
)
from weighbridge.core.ports import Kind
from weighbridge.core.replication import Replication
from weighbridge.core.wording import phrase
from weighbridge.policy.parse import parse_policy
from weighbridge.policy.rules import Policy
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.folds import FoldBroke
from weighbridge.probekit.ports import Bench, BudgetSpent, LoadedProbe, Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    n: int = 3
    share: float = 0.5


DATA = Artefact(
    role=Role.DATA, label="a.csv", digest=digest_of_bytes(b"1"), size_bytes=1, format="csv", belongs=Belonging.DATA
)
CANDIDATE = Candidate(name="c", version="1", artefacts=(DATA,), subjects=(Subject.TABLE, Subject.BYTES))
CARD = Card(
    slug="count-rows", version=1, title="t", question="q", cannot_show="-", since="0.1.0", changed="-", cost=Cost.SECONDS,
    subjects=(Subject.TABLE,), metric=(Metric(name="rows", unit="count", says="-"),), sources=("-",),
    setting=(Setting(name="n", default=3, says="-", at_least=1, at_most=9), Setting(name="share", default=0.5, says="-")),
)  # fmt: skip


def _rows(value: float) -> Measured:
    quantity = Quantity(
        metric="rows", value=value, low=value, high=value, confidence=1.0, unit="count", n=1, n_of="row"
    )
    return Measured(quantities=(quantity,))


def _probe(slug: str, measure: Callable[[Bench, Settings], Outcome], **changes: object) -> LoadedProbe:
    card = replace(CARD, slug=slug, **changes)  # type: ignore[arg-type]
    return LoadedProbe(card=card, load=lambda: Probe(settings=Settings, measure=measure))


@dataclass
class Watch:
    told: list[str] = field(default_factory=list)

    def starts(self, probe: str) -> None:
        self.told.append(f"starts {probe}")

    def progress(self, probe: str, done: int, of: int, unit: str) -> None:
        self.told.append(f"{probe} {done}/{of} {unit}")

    def ends(self, evidence: Evidence, *, seconds: float, reused: bool) -> None:
        self.told.append(f"{'reused' if reused else 'ends'} {evidence.probe}")


@dataclass
class Yard:
    ledger: FakeLedger = field(default_factory=FakeLedger)
    watch: Watch = field(default_factory=Watch)
    checks: int = 0

    def bench(self, asked: Asked, done: Mapping[str, Evidence]) -> Bench:
        return MemoryBench(candidate=measurable(CANDIDATE), seed=asked.seed, evidence_by_slug=dict(done))

    def check(self) -> None:
        self.checks += 1

    def weigh(self, *probes: LoadedProbe, **changes: object) -> Weighed:
        request = replace(Request(candidate=CANDIDATE, probes=probes), **changes)  # type: ignore[arg-type]
        hands = Hands(
            open_bench=self.bench,
            ledger=self.ledger,
            clock=FixedClock(),
            watcher=self.watch,
            check_unchanged=self.check,
        )
        return weigh(request, hands)


def test_seals_each_outcome_and_takes_it_again() -> None:
    yard, calls = Yard(), []

    def measure(_bench: Bench, settings: Settings) -> Outcome:
        calls.append(settings)
        return _rows(settings.n)

    probe = _probe("count-rows", measure)
    first = yard.weigh(probe)
    second = yard.weigh(probe)
    assert first == second
    assert calls == [Settings()]
    assert [e.kind for e in yard.ledger.entries("c")] == [Kind.EVIDENCE]
    assert yard.watch.told == ["starts count-rows", "ends count-rows", "reused count-rows"]
    assert yard.checks == 1


@pytest.mark.parametrize(
    "changes", [{"seed": 1}, {"budget_seconds": 9.0}, {"reuse": False}, {"overrides": (("count-rows", (("n", 4),)),)}]
)
def test_what_is_asked_otherwise_is_measured_again(changes: dict[str, object]) -> None:
    yard = Yard()
    probe = _probe("count-rows", lambda _bench, settings: _rows(settings.n))
    yard.weigh(probe)
    yard.weigh(probe, **changes)
    assert len(list(yard.ledger.entries("c"))) == 2


def test_what_depends_on_the_machine_is_tried_anew() -> None:
    yard, tries = Yard(), []

    def measure(_bench: Bench, _settings: Settings) -> Outcome:
        tries.append(1)
        return _rows(1) if len(tries) == 3 else NotMeasured(because=phrase("b"), remedy=phrase("r"))

    probe = _probe("count-rows", measure)
    outcomes = [yard.weigh(probe).evidence[0].outcome for _ in range(4)]
    assert [type(o) for o in outcomes] == [NotMeasured, NotMeasured, Measured, Measured]
    assert len(tries) == 3


def _raises(error: BaseException) -> Callable[[Bench, Settings], Outcome]:
    def measure(_bench: Bench, _settings: Settings) -> Outcome:
        raise error

    return measure


def _silent(_bench: Bench, _settings: Settings) -> Outcome:
    not_measured(phrase("none"), phrase("some"))


def test_every_silence_has_its_outcome() -> None:
    yard = Yard()
    weighed = yard.weigh(
        _probe("a", _silent),
        _probe("b", _raises(BudgetSpent())),
        _probe("c", _raises(KeyError("a secret value"))),
        _probe("d", lambda *_: _rows(1), subjects=(Subject.CAUSAL_LM,)),
        _probe("e", lambda *_: _rows(1), needs=(Role.HELD_OUT,)),
        _probe("f", _raises(Unusable("cannot read a.csv", "it is cut off", "copy it again"))),
    )
    kinds = [type(e.outcome) for e in weighed.evidence]
    assert kinds == [NotMeasured, NotMeasured, Failed, NotApplicable, NotMeasured, NotMeasured]
    failed = weighed.evidence[2].outcome
    assert isinstance(failed, Failed)
    assert "KeyError in" in str(failed.error)
    assert "a secret value" not in str(failed.error)
    assert [fault.what for fault in weighed.faults] == ["cannot read a.csv"]


def test_what_breaks_in_a_worker_is_told_by_its_kind_there() -> None:
    (found,) = Yard().weigh(_probe("a", _raises(FoldBroke("KeyError", "folds.py:3 map")))).evidence
    assert isinstance(found.outcome, Failed)
    assert str(found.outcome.error) == "KeyError in folds.py:3 map"


@pytest.mark.parametrize("error", [Outside("w", "y", "f"), OSError(28, "no space"), MemoryError(), KeyboardInterrupt()])
def test_what_stands_in_the_way_of_all_ends_the_weighing_and_loses_nothing(error: BaseException) -> None:
    yard = Yard()
    with pytest.raises(type(error)):
        yard.weigh(_probe("a", lambda *_: _rows(1)), _probe("b", _raises(error)))
    assert [e.kind for e in yard.ledger.entries("c")] == [Kind.EVIDENCE]


def test_runs_predecessors_first_and_hands_on_their_evidence() -> None:
    seen: list[str] = []

    def measure(bench: Bench, _settings: Settings) -> Outcome:
        seen.append(bench.evidence("a").digest)
        return _rows(2)

    yard = Yard()
    first, second = _probe("a", lambda *_: _rows(1), cost=Cost.HOURS), _probe("b", measure, after=("a",))
    weighed = yard.weigh(second, first)
    assert [e.probe for e in weighed.evidence] == ["a", "b"]
    assert seen == [weighed.evidence[0].digest]
    assert weighed.evidence[1].asked.after == (("a", weighed.evidence[0].digest),)


def test_the_cheap_come_first_and_circles_are_refused() -> None:
    cheap, dear = _probe("z", _silent), _probe("a", _silent, cost=Cost.MINUTES)
    assert [p.card.slug for p in in_order([dear, cheap])] == ["z", "a"]
    with pytest.raises(Unusable):
        in_order([_probe("a", _silent, after=("b",)), _probe("b", _silent, after=("a",))])
    with pytest.raises(Unusable):
        in_order([_probe("a", _silent, after=("none",))])


def test_chooses_probes_with_their_predecessors() -> None:
    probes = (_probe("a", _silent), _probe("b", _silent, after=("a",)), _probe("d", _silent))
    assert [p.card.slug for p in with_predecessors(["b"], probes)] == ["a", "b"]
    with pytest.raises(Unusable, match="there is no probe"):
        with_predecessors(["bb"], probes)


def test_settings_come_from_card_then_file_then_command() -> None:
    candidate = replace(CANDIDATE, probes=(("count-rows", (("n", 4), ("share", 1))), ("other", (("x", 1),))))
    request = Request(
        candidate=candidate, probes=(_probe("count-rows", _silent),), overrides=(("count-rows", (("n", 5),)),)
    )
    assert settle(request) == {"count-rows": (("n", 5), ("share", 1.0))}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("m", 1, "no setting"),
        ("n", "x", "a whole number"),
        ("n", True, "a whole number"),
        ("n", 0, "at least"),
        ("n", 10, "at most"),
    ],
)
def test_wrong_settings_are_all_told_before_anything_runs(name: str, value: int | str, says: str) -> None:
    yard = Yard()
    probe = _probe("count-rows", lambda *_: _rows(1))
    with pytest.raises(Faulty) as caught:
        yard.weigh(probe, overrides=(("count-rows", ((name, value), ("share", "y"))), ("none", (("n", 1),))))
    assert len(caught.value.faults) == 3
    assert says in caught.value.faults[0].says
    assert list(yard.ledger.entries("c")) == []


def test_a_probe_sees_no_hope_of_its_owner() -> None:
    owned = replace(
        CANDIDATE,
        triage=Triage(harm=Said.YES),
        claims=Claims(purpose="p", licence="MIT", languages=("en",)),
        plan=(),
        misuses=(Misuse(says="spam", languages=("en",)),),
    )
    seen = measurable(owned)
    assert (seen.triage, seen.claims) == (Triage(), Claims(licence="MIT", languages=("en",)))
    assert seen.misuses == ()
    assert owned.reading == replace(owned, misuses=()).reading  # naming one repeats no measurement
    assert seen.digest == owned.digest


def test_places_hold_no_message() -> None:
    try:
        raise KeyError("a secret value")
    except KeyError as error:
        assert "test_weigh.py" in place_of(error)
        assert "secret" not in place_of(error)


LADDER = Setting(name="n", default=3, says="-", at_least=1, at_most=99, escalate=(8, 16))


def _policy(at_most: float) -> Policy:
    text = f"""
name = "p"
version = 1
confidence = 0.95
[[rule]]
slug = "few-rows"
says = "too many"
because = "-"
source = "-"
ours = true
effect = "caution"
forbids = ["open"]
watch = {{ probe = "count-rows", metric = "rows" }}
safe = {{ at_most = {at_most} }}
remedy = "-"
"""
    return parse_policy(text, file="p.toml", cards=(CARD,))


def _about(value: float, give: float) -> Measured:
    quantity = replace(_rows(value).quantities[0], low=value - give, high=value + give, confidence=0.95)
    return Measured(quantities=(quantity,))


def _escalating(asked: list[int], give: Callable[[int], float]) -> LoadedProbe:
    def measure(_bench: Bench, settings: Settings) -> Outcome:
        asked.append(settings.n)
        return _about(10.0, give(settings.n))

    return _probe("count-rows", measure, setting=(LADDER, CARD.setting[1]))


def test_looks_again_while_an_interval_crosses_the_line() -> None:
    asked: list[int] = []
    yard = Yard()
    done = yard.weigh(_escalating(asked, lambda n: 20.0 / n), policy=_policy(12.0))
    assert asked == [3, 8, 16]
    assert dict(done.evidence[0].asked.settings)["n"] == 16
    assert len(list(yard.ledger.entries("c"))) == 3
    again = yard.weigh(_escalating(asked, lambda n: 20.0 / n), policy=_policy(12.0))
    assert (asked, again) == ([3, 8, 16], done)


@pytest.mark.parametrize(
    ("at_most", "looked"),
    [(12.0, [3, 8]), (1.0, [3]), (99.0, [3])],
    ids=["settled at the second look", "breached at once", "safe at once"],
)
def test_looks_no_further_than_it_must(at_most: float, looked: list[int]) -> None:
    asked: list[int] = []
    Yard().weigh(_escalating(asked, lambda n: 4.0 if n == 3 else 1.0), policy=_policy(at_most))
    assert asked == looked


def test_a_larger_value_that_was_asked_for_is_where_it_starts() -> None:
    asked: list[int] = []
    probe = _escalating(asked, lambda _n: 5.0)
    Yard().weigh(probe, policy=_policy(12.0), overrides=(("count-rows", (("n", 10),)),))
    assert asked == [10, 16]


def test_without_a_policy_it_looks_once() -> None:
    asked: list[int] = []
    Yard().weigh(_escalating(asked, lambda _n: 5.0))
    assert asked == [3]


def test_what_was_allowed_is_part_of_what_was_asked() -> None:
    yard, calls = Yard(), []

    def measure(_bench: Bench, _settings: Settings) -> Outcome:
        calls.append(1)
        return _rows(1)

    yard.weigh(_probe("count-rows", measure))
    yard.weigh(_probe("count-rows", measure), under=(("served", "http://127.0.0.1:1"),))
    assert len(calls) == 2


def test_weights_that_are_served_need_not_be_there() -> None:
    needs = replace(CARD, needs=(Role.WEIGHTS,))
    probe = LoadedProbe(card=needs, load=lambda: Probe(settings=Settings, measure=lambda _b, _s: _rows(1)))
    assert isinstance(Yard().weigh(probe).evidence[0].outcome, NotMeasured)
    served = replace(CANDIDATE, served=Subject.CLASSIFIER)
    assert isinstance(Yard().weigh(probe, candidate=served).evidence[0].outcome, Measured)


def test_a_later_look_that_fails_takes_nothing_away_from_the_earlier_one() -> None:
    def measure(_bench: Bench, settings: Settings) -> Outcome:
        if settings.n > 3:
            raise BudgetSpent
        return _about(10.0, 5.0)

    probe = _probe("count-rows", measure, setting=(LADDER, CARD.setting[1]))
    done = Yard().weigh(probe, policy=_policy(12.0))
    assert isinstance(done.evidence[0].outcome, Measured)
    assert dict(done.evidence[0].asked.settings)["n"] == 3


def test_a_server_that_dies_takes_only_those_who_ask_it() -> None:
    def away(_bench: Bench, _settings: Settings) -> Outcome:
        raise Unreachable(
            "the server is away", "nobody answers at http://a", "start it, and run the same command again"
        )

    yard = Yard()
    done = yard.weigh(_probe("asks-a-server", away), _probe("count-rows", lambda _b, _s: _rows(1)))
    outcomes = {e.probe: type(e.outcome) for e in done.evidence}
    assert outcomes == {"asks-a-server": NotMeasured, "count-rows": Measured}
    assert [fault.exit_code for fault in done.faults] == [74]


READS = {"declarations": (Declaration.REPLICATION,), "shelves": (Shelf.PRICES,)}


@pytest.mark.parametrize(
    ("changes", "n_again"),
    [
        ({}, 0),
        ({"candidate": replace(CANDIDATE, replication=Replication(flop=2e20))}, 1),
        ({"candidate": CANDIDATE}, 1),  # taken out again
        ({"shelves": ((Shelf.PRICES, digest_of_bytes(b"other")),)}, 1),
    ],
)
def test_a_changed_fact_or_shelf_repeats_only_the_probes_that_read_it(changes: dict[str, object], n_again: int) -> None:
    yard = Yard()
    reads = _probe("count-rows", lambda _bench, _settings: _rows(1.0), **READS)
    other = _probe("other", lambda _bench, _settings: _rows(1.0))
    told = {
        "candidate": replace(CANDIDATE, replication=Replication(flop=1e20)),
        "shelves": ((Shelf.PRICES, digest_of_bytes(b"one")),),
    }
    yard.weigh(reads, other, **told)
    yard.watch.told.clear()
    yard.weigh(reads, other, **{**told, **changes})
    assert [words for words in yard.watch.told if words.startswith("ends")] == ["ends count-rows"] * n_again
    assert "reused other" in yard.watch.told


def test_a_probe_sees_the_sections_that_its_card_names() -> None:
    told = replace(CANDIDATE, replication=Replication(flop=1e20))
    assert measurable(told).replication is None
    assert measurable(told, (Declaration.REPLICATION,)).replication == told.replication
    assert told.reading == CANDIDATE.reading


def test_tables_on_languages_are_part_of_what_is_asked_where_any_are_read() -> None:
    yard = Yard()
    reads = _probe("count-rows", lambda _bench, settings: _rows(settings.n), extras=("languages",))
    without = yard.weigh(reads).evidence[0].asked
    with_them = yard.weigh(reads, language_data="sha256:1").evidence[0].asked
    assert with_them.under == (*without.under, ("language-data", "sha256:1"))
    reads_none = _probe("count-rows", lambda _bench, settings: _rows(settings.n))
    assert yard.weigh(reads_none, language_data="sha256:1").evidence[0].asked.under == without.under
