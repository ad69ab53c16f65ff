from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from fakes.ledger import FakeLedger, FixedClock
from policy.toys import CARDS, quantity
from replays import FEBRUARY, FEW, HARMLESS, HURTS, shelves, substitute, weighing
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.decide import Draft, Figures, Known, Reason, decide
from weighbridge.app.plan import compare_plans
from weighbridge.app.recommend import recommend, seal
from weighbridge.app.reopen import Closer, close, incidents, open_against
from weighbridge.app.reweigh import DECIDED, News, Reweighed, Scales, reweigh
from weighbridge.app.stage import Progress
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Candidate, Component, Triage
from weighbridge.core.canon import Digest, Plain, canonical, digest_of
from weighbridge.core.decision import Decision, SignerRole, Statement
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Asked, Evidence, Measured
from weighbridge.core.findings import Effect
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.core.tradeoffs import Comparison
from weighbridge.core.weighing import Weighing
from weighbridge.policy.rules import Policy, Rule, Safe, Watch

WITHHELD = (("code", Rung.WITHHELD), ("paper", Rung.OPEN), ("weights", Rung.WITHHELD))
OPEN = tuple((name, Rung.OPEN) for name, _rung in WITHHELD)
RULE = Rule(
    slug="toy", says="s", because="b", source="s", ours=True, effect=Effect.STOP, safe=Safe(at_most=0.5),
    remedy="mend it", component=Component.WEIGHTS, forbids=(Rung.OPEN,),
    watch=Watch(probe="plain-toy", metric="bad-count"),
)  # fmt: skip
POLICY = Policy(name="p", version=1, confidence=0.95, rule=(RULE,))
FIGURES = digest_of("figures")
LATER = "2019-06-01"


def _evidence(made: Candidate) -> Evidence:
    asked = Asked(
        candidate=made.digest, reading=made.reading, probe="plain-toy", version=1, settings=(), seed=0, budget_seconds=60.0
    )  # fmt: skip
    return Evidence(asked=asked, outcome=Measured(quantities=(quantity("bad-count", 0.1),)))


def _compare(made: Weighing, as_of: str) -> Comparison:
    return compare_plans(made, shelves(), replace(FEW, as_of=as_of or FEBRUARY))


@dataclass
class Case:
    """GPT-2 in February 2019, decided on."""

    ledger: FakeLedger
    weighing: Weighing
    decision: Decision

    def hears(self, figures: Digest = FIGURES, **news: object) -> Reweighed:
        progress = Progress(steps=(), plan=self.decision.plan, grounds=())
        scales = Scales(policy=POLICY, cards=CARDS, figures=figures, compare=_compare)
        told = News(**({"as_of": LATER} | news))  # type: ignore[arg-type]  # a test's own table of fields
        return reweigh(self.decision, progress, self.weighing, told, scales, self.ledger)


WORDS = "a long enough phrase"


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    """An empty keyring."""
    return Keyring(tmp_path, FixedClock())


def _case(plan: tuple[tuple[str, Rung], ...] = WITHHELD, triage: Triage = HURTS) -> Case:
    ledger = FakeLedger()
    about = weighing(triage=triage).candidate
    made = recommend(about, (_evidence(about),), POLICY, CARDS)
    seal(made, ledger)
    draft = Draft(
        plan=plan, expires="2026-06-30", statement=Statement.bound("It buys a year.", FIGURES, day="", plan=(), stages=()),
        reason=tuple(Reason(says=f"r {c.value}", arguments=(Argument.DELAY,), component=c) for c in about.components),
    )  # fmt: skip
    decision = decide(
        draft, made, POLICY, prepared_by="aa", ledger=ledger, clock=FixedClock(),
        known=Known(figures=Figures(digest=FIGURES, is_required=True)),
    )  # fmt: skip
    return Case(ledger=ledger, weighing=made, decision=decision)


def test_what_changes_nothing_is_sealed_and_closes_nothing(ring: Keyring) -> None:
    case = _case()
    found = case.hears()
    assert (found.turned, found.notes) == (False, ())
    assert found.entry.kind is Kind.TRIGGER
    assert open_against(case.decision, case.ledger, ring) == ()
    assert isinstance(found.entry.body, dict)
    assert found.entry.body["turned"] is False
    assert found.before.row(DECIDED) is not None


def test_a_cheap_substitute_takes_what_withholding_was_decided_for(ring: Keyring) -> None:
    case = _case()
    found = case.hears(substitutes=(substitute(20.0, 40.0),))
    assert found.turned
    assert "what was decided no longer deters most lone trolls" in [str(turn) for turn in found.turns] or any(
        "does not protect any more" in str(turn) for turn in found.turns
    )
    (incident,) = open_against(case.decision, case.ledger, ring)
    assert incident.trigger == found.entry.number


def test_what_turned_the_answer_only_a_decision_closes(ring: Keyring) -> None:
    case = _case()
    case.hears(substitutes=(substitute(20.0, 40.0),))
    (incident,) = incidents("gpt-2", case.ledger, ring)
    known = ring.new("owner", WORDS)
    closer = Closer(known=known, role=SignerRole.OWNER, make=ring.signer(known, WORDS))
    with pytest.raises(Unusable, match="for people to decide on again"):
        close("gpt-2", incident.number, "we do not mind", closer, keys=ring, ledger=case.ledger)
    forged: dict[str, Plain] = {
        "decision": case.decision.digest,
        "closes": False,
        "closed": incident.number,
        "because": None,
    }
    case.ledger.append("gpt-2", Kind.INCIDENT, forged)
    assert open_against(case.decision, case.ledger, ring), "nor does an entry that nobody should have written"


def test_a_substitute_that_nobody_showed_counts_for_nothing_and_is_said() -> None:
    found = _case().hears(substitutes=(substitute(20.0, 40.0, evidence=""),))
    assert not found.turned
    assert ["has no evidence" in str(note) for note in found.notes] == [True]


def test_an_attack_takes_back_what_rested_on_the_measurement() -> None:
    case = _case(OPEN, HARMLESS)
    assert not case.hears().turned
    found = case.hears(attacked="plain-toy", words="A paper shows how.")
    assert "weights is not cleared for open once plain-toy is taken as not measured" in [str(t) for t in found.turns]
    assert _case().hears(attacked="plain-toy", words="A paper shows how.").turned is False, (
        "what is withheld is not out"
    )


def test_words_lie_in_the_erasable_store() -> None:
    case = _case()
    case.hears(attacked="plain-toy", words="Zuri showed how.", substitutes=(substitute(2e4, 3e4, name="Zuri's"),))
    sealed = b"".join(canonical(plain(entry)) for entry in case.ledger.entries("gpt-2"))
    assert b"Zuri" not in sealed
    assert {"Zuri showed how.", "Zuri's"} <= {text for _salt, text in case.ledger.texts.values()}


@pytest.mark.parametrize(
    ("news", "says"),
    [
        ({"attacked": "plain-toi", "words": "w"}, "did you mean 'plain-toy'"),
        ({"attacked": "plain-toy", "words": " "}, "it is not said what was published"),
        ({"as_of": "2019-01-01"}, "lies before the one that decisions are held against, 2019-02-14"),
        ({"as_of": "20190601"}, "it is no day"),
    ],
)
def test_what_is_no_news(news: dict[str, Any], says: str) -> None:
    case = _case()
    n = len(list(case.ledger.entries("gpt-2")))
    with pytest.raises(Unusable) as told:
        case.hears(**news)
    assert says in str(told.value)
    assert len(list(case.ledger.entries("gpt-2"))) == n


def test_other_figures_than_those_decided_on_are_said() -> None:
    found = _case().hears(figures=digest_of("others"))
    assert any("facts, prices or evidence are other" in str(note) for note in found.notes)


def test_the_same_news_gives_the_same_answer() -> None:
    one, two = (_case().hears(substitutes=(substitute(20.0, 40.0),)) for _n in range(2))
    assert (one.before, one.after, one.turns) == (two.before, two.after, two.turns)
