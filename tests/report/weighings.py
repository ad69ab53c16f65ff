"""Weighings made by hand: harmless, a language model that recites, a register of people, silence, hostile names."""

from typing import TypedDict

from weighbridge.core.candidate import (
    Artefact,
    Base,
    Belonging,
    Candidate,
    Claims,
    Component,
    Role,
    Said,
    Scalar,
    Subject,
    Triage,
)
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.card import Axis, Card, Cost, Lifecycle, Metric, Picture, PictureKind, Setting
from weighbridge.core.evidence import (
    Asked,
    Basis,
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Quantity,
)
from weighbridge.core.findings import Effect, Finding, Recommendation, Standing, Step, Verdict
from weighbridge.core.rungs import Rung, closed, in_order
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import phrase
from weighbridge.maths.proportions import clopper_pearson, corrected

ALL = tuple(Rung)
REPEAT = ("weighbridge", "weigh", "examples/novel-lm")


class Edition(TypedDict):
    """When, by which version, and after which entry of the ledger."""

    when: str
    version: str
    ledger_head: str


EDITION: Edition = {"when": "22 November 2026, 10:00 UTC", "version": "0.1.0", "ledger_head": digest_of("head")}

EXTRACTION = Card(
    slug="verbatim-extraction", version=1, title="Verbatim extraction", since="0.1.0", changed="", cost=Cost.MINUTES,
    question="Does the model recite its training text, word for word, when given the words before it?",
    cannot_show="That a passage was not recited here does not show that no other prompt would bring it out",
    subjects=(Subject.CAUSAL_LM,), attack=True,
    metric=(
        Metric(name="extracted-share-greedy", unit="1", by=("repeats", "stratum"),
               says="the share of passages that the model recites at once, by how often they were in the training text"),
        Metric(name="held-out-share-greedy", unit="1", says="the same share over text the model has never seen"),
        Metric(name="extracted-records", unit="count", says="how many records about somebody were recited"),
    ),
    axis=(Axis(name="repeats", says="how often the passage was in the training text"),
          Axis(name="stratum", says="which passages", values=("identified", "private", "canary", "random"))),
    picture=(
        Picture(kind=PictureKind.LINE, metric="extracted-share-greedy", axis="repeats",
                title="The more often a passage was seen, the more of it comes back"),
        Picture(kind=PictureKind.BARS, metric="extracted-share-greedy", axis="stratum", title="Which passages come back"),
        Picture(kind=PictureKind.FIGURE, metric="held-out-share-greedy", title="Text it has never seen, for comparison"),
        Picture(kind=PictureKind.FIGURE, metric="extracted-records", title="Records about somebody that were recited"),
    ),
    setting=(Setting(name="prefix", default=50, says="tokens"), Setting(name="suffix", default=50, says="tokens")),
    sources=("Carlini et al. 2023, Quantifying Memorization Across Neural Language Models, ICLR.",),
)  # fmt: skip
UNIQUE = Card(
    slug="unique-combinations", version=1, title="Unique combinations", since="0.1.0", changed="", cost=Cost.SECONDS,
    question="How many people stand alone with what others could know about them?",
    cannot_show="Columns that nobody thought of may single people out as well.", subjects=(Subject.TABLE,),
    metric=(Metric(name="unique-share", unit="1", by=("columns", "combination"), says="the share of people who stand alone"),
            Metric(name="smallest-class", unit="count", says="the smallest group of people who look alike")),
    axis=(Axis(name="columns", says="how many columns are known", values=("1", "2", "3")),
          Axis(name="combination", says="which columns")),
    picture=(
        Picture(kind=PictureKind.LINE, metric="unique-share", axis="columns", title="Who knows more columns finds more people"),
        Picture(kind=PictureKind.BARS, metric="unique-share", axis="combination", title="The combinations that single out most"),
        Picture(kind=PictureKind.FIGURE, metric="smallest-class", title="Smallest group of people who look alike"),
    ),
    sources=("Sweeney 2000, Simple Demographics Often Identify People Uniquely.",),
)  # fmt: skip
SAFETY = Card(
    slug="artefact-safety", version=1, title="Artefact safety", since="0.1.0", changed="", cost=Cost.SECONDS,
    question="Could these files run code, or give away a secret?", subjects=(Subject.BYTES,),
    cannot_show="That no known pattern was found does not show that there is no secret.",
    metric=(Metric(name="code-bearing-files", unit="count", says="files that run code when they are opened"),
            Metric(name="secrets", unit="count", says="passwords, keys and the like")),
    picture=(Picture(kind=PictureKind.FIGURE, metric="code-bearing-files", title="Files that run code when opened"),),
    sources=("Weighbridge's own list of formats.",), lifecycle=Lifecycle.EXPERIMENTAL,
)  # fmt: skip
CARDS = (EXTRACTION, UNIQUE, SAFETY)


def share(metric: str, hits: int, n: int, n_of: str, *, confidence: float = 0.95, **by: str) -> Quantity:
    got = clopper_pearson(hits, n, confidence=confidence)
    return Quantity(
        metric=metric, value=got.value, low=got.low, high=got.high, confidence=confidence, unit="1", n=n, n_of=n_of,
        by=tuple(sorted(by.items())),
    )  # fmt: skip


def exact(metric: str, value: float, n: int, n_of: str, *, unit: str = "1", **by: str) -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value, high=value, confidence=1.0, unit=unit, n=n, n_of=n_of,
        by=tuple(sorted(by.items())),
    )  # fmt: skip


def artefact(role: Role, label: str, belongs: Belonging, form: str, size: int = 830_000) -> Artefact:
    return Artefact(role=role, label=label, digest=digest_of(label), size_bytes=size, format=form, belongs=belongs)


def evidence(slug: str, outcome: Outcome, settings: tuple[tuple[str, Scalar], ...] = ()) -> Evidence:
    asked = Asked(
        candidate=digest_of("candidate"), reading=digest_of("reading"), probe=slug, version=1, settings=settings,
        seed=7, budget_seconds=600.0,
    )  # fmt: skip
    return Evidence(asked=asked, outcome=outcome)


def weighing(
    candidate: Candidate,
    *,
    evidence: tuple[Evidence, ...],
    findings: tuple[Finding, ...] = (),
    steps: tuple[Step, ...] = (),
    guesses: tuple[str, ...] = (),
) -> Weighing:
    plan = dict(candidate.plan)
    standings = tuple(standing(c, findings, plan.get(c.value)) for c in candidate.components)
    recommendation = Recommendation(
        candidate=candidate.digest, policy="open-release", policy_digest=digest_of("policy"), components=standings
    )
    return Weighing(
        candidate=candidate, evidence=evidence, findings=findings, recommendation=recommendation, next=steps,
        guesses=guesses,
    )  # fmt: skip


def standing(component: Component, findings: tuple[Finding, ...], proposed: Rung | None) -> Standing:
    mine = [f for f in findings if f.component in (None, component) and f.effect.forbids]
    breached = [f for f in mine if f.verdict is Verdict.BREACHED]
    waiting = [f for f in mine if f.verdict is Verdict.OPEN]
    gone = {rung for f in breached for rung in f.forbids}
    held = {rung for f in waiting for rung in f.forbids}
    return Standing(
        component=component, ceiling=tuple(r for r in Rung if r not in gone),
        cleared=tuple(r for r in Rung if r not in gone | held), limits=tuple(f.rule for f in breached),
        open=tuple(f.rule for f in waiting), proposed=proposed,
    )  # fmt: skip


def finding(
    rule: str, verdict: Verdict, component: Component | None, forbids: Rung, says: str,
    *, effect: Effect = Effect.STOP, rests_on: tuple[Digest, ...] = (), remedy: str = "", minutes: int | None = None,
) -> Finding:  # fmt: skip
    return Finding(
        rule=rule, effect=effect, verdict=verdict, component=component, forbids=in_order(closed((forbids,))),
        says=phrase(says), rests_on=rests_on, source="Weighbridge 2026, ours", minutes=minutes,
        remedy=phrase(remedy) if remedy else None,
    )  # fmt: skip


def harmless() -> Weighing:
    candidate = Candidate(
        name="digits", version="1", subjects=(Subject.CLASSIFIER, Subject.BYTES),
        artefacts=(artefact(Role.WEIGHTS, "digits.skops", Belonging.WEIGHTS, "skops", 48_000),),
        triage=Triage(about_people=Said.NO, private=Said.NO, harm=Said.NO, generates=Said.NO, identifies=Said.NO),
        plan=(("weights", Rung.OPEN),),
    )  # fmt: skip
    safe = evidence(
        "artefact-safety",
        Measured(quantities=(exact("code-bearing-files", 0, 1, "file", unit="count"), exact("secrets", 0, 1, "file", unit="count"))),
    )  # fmt: skip
    says = "No file runs code when it is opened"
    held = finding("no-code", Verdict.HOLDS, Component.WEIGHTS, Rung.PARTNERS, says, rests_on=(safe.digest,))
    return weighing(
        candidate, evidence=(safe,), findings=(held,), guesses=("digits.skops was taken for model weights",)
    )


def reciting() -> Weighing:
    """A language model with 4 planted records at each of four repeats: 0, 2, 4 and 4 come back."""
    candidate = Candidate(
        name="novel-lm", version="1.0", subjects=(Subject.CAUSAL_LM, Subject.TEXT, Subject.BYTES),
        artefacts=(
            artefact(Role.WEIGHTS, "model/model.safetensors", Belonging.WEIGHTS, "safetensors"),
            artefact(Role.TOKENIZER, "model/tokenizer.json", Belonging.WEIGHTS, "json", 55_000),
            artefact(Role.TRAIN_DATA, "train.jsonl", Belonging.TRAIN_DATA, "jsonl", 410_000),
            artefact(Role.HELD_OUT, "held-out.txt", Belonging.EVIDENCE_ONLY, "text", 90_000),
        ),
        claims=Claims(purpose="Shows what memorisation looks like", licence="Apache-2.0"),
        triage=Triage(about_people=Said.YES, private=Said.YES),
        base=Base(name="none of note"), plan=(("weights", Rung.OPEN), ("train-data", Rung.WITHHELD)),
    )  # fmt: skip
    confidence = corrected(0.95, 4)
    hits = (("1", 0), ("4", 2), ("16", 4), ("64", 4))
    recited = evidence("verbatim-extraction", Measured(
        quantities=(
            *(share("extracted-share-greedy", h, 4, "suffix", confidence=confidence, repeats=r) for r, h in hits),
            share("extracted-share-greedy", 10, 16, "suffix", confidence=confidence, stratum="identified"),
            share("extracted-share-greedy", 0, 512, "suffix", confidence=confidence, stratum="random"),
            share("held-out-share-greedy", 0, 512, "suffix"),
            exact("extracted-records", 10, 16, "record", unit="count"),
        ),
        notes=(phrase("{n} passages that say little by themselves were set apart", n=31),),
    ), (("prefix", 24), ("suffix", 50)))  # fmt: skip
    safe = evidence(
        "artefact-safety",
        Measured(quantities=(exact("code-bearing-files", 0, 4, "file", unit="count"), exact("secrets", 0, 4, "file", unit="count"))),
    )  # fmt: skip
    table = evidence("unique-combinations", NotApplicable(because=phrase("there is no table about people in it")))
    findings = (
        finding("no-recited-records", Verdict.BREACHED, Component.WEIGHTS, Rung.SERVED,
                "The model recites 10 of 16 records about somebody, and none of the text it has never seen",
                rests_on=(recited.digest,), remedy="Train again without these records, or with each of them once, and weigh again"),
        finding("consent", Verdict.OPEN, Component.TRAIN_DATA, Rung.PARTNERS, "Whether the people in it agreed is not answered",
                remedy="Answer the question `consent`", minutes=5),
        finding("licence-of-sources", Verdict.OPEN, Component.TRAIN_DATA, Rung.LICENSED,
                "Whether the sources may be passed on is not answered", remedy="Answer the question `sources`", minutes=10),
        finding("way-out", Verdict.OPEN, None, Rung.SERVED, "Whether people can have their text taken out is not answered",
                effect=Effect.CAUTION, remedy="Answer the question `removal`", minutes=5),
        finding("no-code", Verdict.HOLDS, None, Rung.PARTNERS, "No file runs code when it is opened", rests_on=(safe.digest,)),
        finding("claim-of-languages", Verdict.BREACHED, Component.WEIGHTS, Rung.OPEN,
                "The card claims more languages than were tested", effect=Effect.NARROW_CLAIM, remedy="Name only English on the card"),
    )  # fmt: skip
    steps = (
        Step(rule="consent", says=phrase("Answer the question `consent`"), minutes=5, component=Component.TRAIN_DATA,
             would_clear=(("train-data", (Rung.PARTNERS,)),)),
        Step(rule="way-out", says=phrase("Answer the question `removal`"), minutes=5,
             would_clear=(("train-data", (Rung.SERVED, Rung.GATED)),)),
        Step(rule="licence-of-sources", says=phrase("Answer the question `sources`"), minutes=10,
             component=Component.TRAIN_DATA, would_clear=(("train-data", (Rung.LICENSED, Rung.OPEN)),)),
    )  # fmt: skip
    return weighing(
        candidate, evidence=(safe, recited, table), findings=findings, steps=steps,
        guesses=("train.jsonl was taken for the training data, by its name", 'the column "text" was taken for the text'),
    )  # fmt: skip


def register() -> Weighing:
    """A table about people: uniqueness over one, two and three columns."""
    candidate = Candidate(
        name="relief-register", version="2026-10", subjects=(Subject.TABLE, Subject.BYTES),
        artefacts=(artefact(Role.DATA, "register.csv", Belonging.DATA, "csv", 612_345),),
        triage=Triage(about_people=Said.YES, harm=Said.YES), plan=(("data", Rung.GATED),),
    )  # fmt: skip
    combinations = (
        ("latitude, longitude, phone", 0.998), ("age, household size, district of first registration", 0.41),
        ("district, needs", 0.012), ("sex", 0.0),
    )  # fmt: skip
    counted = evidence("unique-combinations", Measured(
        quantities=(
            *(exact("unique-share", v, 3200, "person", columns=k) for k, v in (("1", 0.0), ("2", 0.181), ("3", 0.734))),
            *(exact("unique-share", v, 3200, "person", combination=k) for k, v in combinations),
            exact("smallest-class", 1, 3200, "person", unit="count"),
        ),
        notes=(phrase("measured columns were left out: {columns}", columns="weight_kg"),),
    ))  # fmt: skip
    broke = evidence("artefact-safety", Failed(error=phrase("the probe broke at {place}", place="scan.py:41")))
    silent = evidence("verbatim-extraction", NotApplicable(because=phrase("no language model is in it")))
    findings = (
        finding("nobody-alone", Verdict.BREACHED, Component.DATA, Rung.GATED,
                "Three columns together single out 73 in 100 people", rests_on=(counted.digest,),
                remedy="Leave out the coordinates and the phone number, and give ages by decade"),
        finding("no-code", Verdict.OPEN, Component.DATA, Rung.PARTNERS, "Whether a file could run code is not answered",
                rests_on=(broke.digest,), remedy="Run artefact-safety again", minutes=1),
        finding("no-secrets", Verdict.OPEN, Component.DATA, Rung.PARTNERS, "Whether a secret lies in it is not answered",
                rests_on=(broke.digest,), remedy="Run artefact-safety again", minutes=1),
        finding("who-could-be-hurt", Verdict.OPEN, Component.DATA, Rung.SERVED, "Who could be hurt is not answered"),
    )  # fmt: skip
    steps = (
        Step(rule="no-code", says=phrase("Run artefact-safety again"), minutes=1, component=Component.DATA,
             would_clear=(("data", (Rung.PARTNERS,)),)),
    )  # fmt: skip
    return weighing(candidate, evidence=(broke, counted, silent), findings=findings, steps=steps)


def silence() -> Weighing:
    """Nothing could be measured."""
    candidate = Candidate(
        name="quiet", version="", subjects=(Subject.BYTES,),
        artefacts=(artefact(Role.WEIGHTS, "model.bin", Belonging.WEIGHTS, "pickle"),),
    )  # fmt: skip
    runs = (
        evidence("artefact-safety", Failed(error=phrase("the probe broke at {place}", place="scan.py:41"))),
        evidence("verbatim-extraction", NotMeasured(
            because=phrase("the files are a pickle, which is never opened"), remedy=phrase("Save the model as safetensors"))),
        evidence("unique-combinations", NotApplicable(because=phrase("there is no table about people in it"))),
    )  # fmt: skip
    findings = (
        finding("no-code", Verdict.OPEN, None, Rung.PARTNERS, "Whether a file could run code is not answered",
                remedy="Save the model as safetensors", minutes=120),
        finding("no-recited-records", Verdict.OPEN, Component.WEIGHTS, Rung.SERVED, "Whether it recites is not answered",
                remedy="Save the model as safetensors", minutes=120),
    )  # fmt: skip
    return weighing(candidate, evidence=runs, findings=findings)


HOSTILE = "x</title><script>alert(1)</script><img src=https://evil.example/a onerror=alert(1)>\u202etxt.exe\u2066\x07\"'`{{7*7}}"


def hostile() -> Weighing:
    """Markup, quotes, template syntax, control and bidirectional characters wherever the candidate may write."""
    candidate = Candidate(
        name=HOSTILE, version=HOSTILE, subjects=(Subject.TABLE,),
        artefacts=(artefact(Role.DATA, f"{HOSTILE}.csv", Belonging.DATA, HOSTILE),),
        claims=Claims(purpose=HOSTILE, licence=HOSTILE), base=Base(name=HOSTILE),
    )  # fmt: skip
    counted = evidence("unique-combinations", Measured(
        quantities=(exact("unique-share", 0.5, 10, "person", combination=HOSTILE),
                    exact("unique-share", 0.5, 10, HOSTILE, columns="2"),
                    Quantity(metric=HOSTILE, value=1, low=0, high=2, confidence=0.9, unit=HOSTILE, n=3, n_of=HOSTILE,
                             by=((HOSTILE, HOSTILE),), basis=Basis.ASSUMED)),
        notes=(phrase("column {name} was left out", name=HOSTILE),),
    ), ((HOSTILE, HOSTILE),))  # fmt: skip
    gone = evidence(HOSTILE, NotMeasured(because=phrase("{x}", x=HOSTILE), remedy=phrase("{x}", x=HOSTILE)))
    says = phrase("column {name} singles people out", name=HOSTILE)
    found = Finding(
        rule=HOSTILE, effect=Effect.STOP, verdict=Verdict.BREACHED, component=None, forbids=(Rung.OPEN,), says=says,
        rests_on=(counted.digest, gone.digest, digest_of("answer")), source=HOSTILE, remedy=says, minutes=3,
    )  # fmt: skip
    return weighing(candidate, evidence=(counted, gone), findings=(found,), guesses=(HOSTILE,))


EVERY = (harmless, reciting, register, silence, hostile)
