"""What was known of a case then: weighings that plans are compared on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from weighbridge.adapters.assumed_shelf import load_assumed, load_delays
from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.app.imagine import Given, Worlds, imagine
from weighbridge.app.plan import Shelves, Terms, compare_plans
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Component, Role, Said, Subject, Triage
from weighbridge.core.canon import digest_of
from weighbridge.core.card import Card
from weighbridge.core.evidence import Asked, Basis, Evidence, Measured, Quantity
from weighbridge.core.findings import Effect, Finding, Recommendation, Verdict
from weighbridge.core.plans import Worth
from weighbridge.core.replication import DataFacts, Obtaining, RecipePart, Replication, Span
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import Comparison, Known
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import phrase
from weighbridge.core.worth import Benefit, Ground, Kind, Substitute

FEBRUARY = "2019-02-14"
FACTS = Replication(
    parameters=1.5e9, tokens=1e10, epochs=4.0, public=(RecipePart.PAPER,),
    data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=Span(low=500.0, high=5000.0)),
    sources=("Radford et al. 2019, Language Models are Unsupervised Multitask Learners",),
)  # fmt: skip
ANNOUNCED = (("code", Rung.WITHHELD), ("paper", Rung.OPEN), ("weights", Rung.WITHHELD))
HURTS = Triage(
    about_people=Said.NO, private=Said.NO, harm=Said.YES, generates=Said.YES, identifies=Said.NO, languages=("en",)
)
HARMLESS = Triage(about_people=Said.NO, private=Said.NO, harm=Said.NO, generates=Said.NO, identifies=Said.NO)
FEW = Terms(as_of=FEBRUARY, worlds=150, actors_per_world=120, in_full=False)
FULL = replace(FEW, in_full=True)
HEALTH = Benefit(
    name="health-text", who="writers of health texts in low-resource languages", unit="people",
    amount=Span(low=200.0, high=3000.0), needs=Rung.GATED, kind=Kind.HEALTH, low_resource=True, languages=("sw",),
    basis=Ground.TESTIFIED, source="a translator, 2019",
)  # fmt: skip


def artefact(role: Role, label: str) -> Artefact:
    return Artefact(
        role=role,
        label=label,
        digest=digest_of(label),
        size_bytes=10,
        format="safetensors",
        belongs=Belonging(role.value),
    )


def substitute(low: float, high: float, **changed: str) -> Substitute:
    given = {"name": "grover", "evidence": "arXiv:1905.12616"} | changed
    return Substitute(cost_usd=Span(low=low, high=high), **given)


def candidate(**changed: object) -> Candidate:
    """GPT-2 1.5B on the day it was announced."""
    given: dict[str, object] = {
        "name": "gpt-2", "version": "1.5B", "subjects": (Subject.CAUSAL_LM, Subject.BYTES),
        "artefacts": (artefact(Role.WEIGHTS, "model"), artefact(Role.CODE, "train.py"), artefact(Role.PAPER, "paper")),
        "claims": Claims(languages=("en",)), "triage": HURTS, "replication": FACTS, "plan": ANNOUNCED,
    }  # fmt: skip
    return Candidate(**(given | changed))  # type: ignore[arg-type]  # a test's own table of fields


def weighing(*findings: Finding, evidence: tuple[Evidence, ...] = (), **changed: object) -> Weighing:
    made = candidate(**changed)
    empty = Recommendation(candidate=made.digest, policy="p", policy_digest=digest_of("p"), components=())
    return Weighing(candidate=made, evidence=evidence, findings=findings, recommendation=empty, next=())


def finding(
    effect: Effect, verdict: Verdict, *forbids: Rung, component: Component | None = Component.WEIGHTS
) -> Finding:
    return Finding(
        rule=f"a-{effect.value}", effect=effect, verdict=verdict, component=component, forbids=forbids,
        says=phrase("something was found"), rests_on=(), source="ours",
    )  # fmt: skip


def detected(
    low: float, value: float, high: float, *, language: str = "en", metric: str = "tpr-at-fpr-1pct"
) -> Evidence:
    made = candidate()
    asked = Asked(
        candidate=made.digest, reading=made.reading, probe="detectability", version=1, settings=(), seed=0,
        budget_seconds=600.0,
    )  # fmt: skip
    q = Quantity(
        metric=metric, value=value, low=low, high=high, confidence=0.95, unit="1", n=1000, n_of="text",
        by=(("language", language),), basis=Basis.MEASURED,
    )  # fmt: skip
    return Evidence(asked=asked, outcome=Measured(quantities=(q,)))


def shelves(*cards: Card) -> Shelves:
    return Shelves(assumed=load_assumed(), delays=load_delays(), prices=read_prices(), cards=cards)


def compared(made: Weighing, terms: Terms = FEW) -> Comparison:
    return compare_plans(made, shelves(), terms)


@cache
def gpt2() -> Comparison:
    """The case itself, in full; compared once."""
    return compared(weighing(), FULL)


def given(made: Candidate | None = None, *, defence: tuple[Known, ...] = (), worlds: int = 100) -> Given:
    return Given(
        candidate=made or candidate(), assumed=load_assumed(), delays=load_delays(), prices=read_prices(), defence=defence,
        as_of=FEBRUARY, seen=FEBRUARY, day=FEBRUARY, seed=0, worlds=worlds, actors_per_world=100,
    )  # fmt: skip


def imagined(made: Candidate | None = None, *, defence: tuple[Known, ...] = (), worlds: int = 100) -> Worlds:
    return imagine(
        given(made, defence=defence, worlds=worlds),
        [frozenset({RecipePart.PAPER}), frozenset({RecipePart.PAPER, RecipePart.CODE})],
    )


def with_substitute(low: float, high: float, **changed: str) -> Worth:
    return Worth(substitutes=(substitute(low, high, **changed),))
