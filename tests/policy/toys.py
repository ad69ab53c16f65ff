"""Small cards, candidates and evidence for the tests of policies."""

from __future__ import annotations

from hypothesis import settings

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role, Said, Subject, Triage
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.card import Axis, Card, Cost, Metric
from weighbridge.core.evidence import Asked, Evidence, Measured, Outcome, Quantity
from weighbridge.core.findings import Effect, Finding, Verdict
from weighbridge.core.rungs import Rung, closed, in_order
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.parse import parse_policy
from weighbridge.policy.rules import Policy

unhurried = settings(deadline=None)  # the machine may be busy; what is promised has nothing to do with time


def card(slug: str, metrics: tuple[Metric, ...], *, axes: tuple[Axis, ...] = (), attack: bool = False) -> Card:
    return Card(
        slug=slug,
        version=1,
        title=slug,
        question="?",
        cannot_show="-",
        since="0.1",
        changed="-",
        cost=Cost.MINUTES,
        subjects=(Subject.BYTES,),
        metric=metrics,
        sources=(),
        attack=attack,
        axis=axes,
    )


def share(name: str, *by: str) -> Metric:
    return Metric(name=name, unit="1", says=name, by=by)


def count(name: str, *by: str) -> Metric:
    return Metric(name=name, unit="count", says=name, by=by)


PLAIN = card(
    "plain-toy",
    (share("bad-share", "part", "language", "free"), count("bad-count"), Metric(name="far", unit="km", says="far")),
    axes=(
        Axis(name="part", says="-", values=("a", "b")),
        Axis(name="language", says="-"),
        Axis(name="free", says="-"),
    ),
)
ATTACK = card(
    "attack-toy",
    (share("leaked"), Metric(name="found-planted", unit="1", says="-", by=("part",), control=True)),
    axes=(Axis(name="part", says="-", values=("a", "b")),),
    attack=True,
)
CARDS = (PLAIN, ATTACK)

RULE = """
[[rule]]
slug = "{slug}"
says = "It is bad."
because = "Why."
source = "nobody"
ours = true
effect = "{effect}"
{lines}
remedy = "mend it"
"""
WATCHED = 'watch = { probe = "plain-toy", metric = "bad-share" }\nsafe = { at_most = 0.1 }'


def rule(lines: str = WATCHED, *, slug: str = "toy", effect: str = "stop", forbids: str = '["gated"]') -> str:
    forbidding = f"\nforbids = {forbids}" if effect in ("stop", "caution") else ""
    return RULE.format(slug=slug, effect=effect, lines=lines + forbidding)


def written(*rules: str, confidence: float = 0.95) -> str:
    return f'name = "toy"\nversion = 1\nconfidence = {confidence}\n' + "".join(rules)


def policy(*rules: str, confidence: float = 0.95, cards: tuple[Card, ...] = CARDS) -> Policy:
    return parse_policy(written(*rules, confidence=confidence), file="toy.toml", cards=cards)


ALL_NO = Triage(
    about_people=Said.NO, private=Said.NO, harm=Said.NO, generates=Said.NO, identifies=Said.NO, languages=("en",)
)


def artefact(role: Role = Role.WEIGHTS, belongs: Belonging | None = None) -> Artefact:
    return Artefact(
        role=role,
        label=f"{role.value}.bin",
        digest=digest_of(role.value),
        size_bytes=1,
        format="bytes",
        belongs=belongs or Belonging(role.value),
    )


def candidate(
    *subjects: Subject,
    triage: Triage = ALL_NO,
    artefacts: tuple[Artefact, ...] | None = None,
    plan: tuple[tuple[str, Rung], ...] = (),
) -> Candidate:
    return Candidate(
        name="toy",
        version="1",
        artefacts=artefacts if artefacts is not None else (artefact(),),
        subjects=subjects,
        triage=triage,
        plan=plan,
    )


def quantity(
    metric: str,
    low: float,
    high: float | None = None,
    *,
    confidence: float | None = None,
    n: int = 100,
    value: float | None = None,
    **by: str,
) -> Quantity:
    """An exact number where `high` is left out, else an interval."""
    exact = high is None
    return Quantity(
        metric=metric,
        value=low if value is None else value,
        low=low,
        high=low if high is None else high,
        confidence=confidence if confidence is not None else (1.0 if exact else 0.95),
        unit="1",
        n=n,
        n_of="thing",
        by=tuple(sorted(by.items())),
    )


def evidence(probe: str, outcome: Outcome | tuple[Quantity, ...], about: Candidate) -> Evidence:
    asked = Asked(
        candidate=about.digest,
        reading=about.reading,
        probe=probe,
        version=1,
        settings=(),
        seed=0,
        budget_seconds=60.0,
    )
    return Evidence(asked=asked, outcome=Measured(quantities=outcome) if isinstance(outcome, tuple) else outcome)


def finding(
    slug: str,
    verdict: Verdict,
    *forbids: Rung,
    remedy: Phrase | None = None,
    minutes: int | None = 5,
    effect: Effect = Effect.STOP,
) -> Finding:
    return Finding(
        rule=slug,
        effect=effect,
        verdict=verdict,
        component=None,
        forbids=in_order(closed(forbids)),
        says=phrase("-"),
        rests_on=(),
        source="-",
        remedy=remedy or phrase("mend {slug}", slug=slug),
        minutes=minutes,
    )


OTHER_BYTES = Digest("sha256:" + "0" * 64)
