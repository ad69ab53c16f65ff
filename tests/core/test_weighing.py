from __future__ import annotations

import json

import jsonschema

from weighbridge.core.candidate import Candidate, Component, Subject
from weighbridge.core.canon import Digest, canonical
from weighbridge.core.evidence import Asked, Evidence, Failed, Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.findings import Effect, Finding, Recommendation, Standing, Step, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.weighing import Weighing, document_plain, document_schema
from weighbridge.core.wording import phrase

CANDIDATE = Candidate(name="c", version="1", artefacts=(), subjects=(Subject.BYTES,))
QUANTITY = Quantity(
    metric="m",
    value=0.0,
    low=0.0,
    high=0.09,
    confidence=0.95,
    unit="1",
    n=40,
    n_of="suffix",
    by=(("stratum", "private"),),
)
OUTCOMES: tuple[Outcome, ...] = (
    Measured(quantities=(QUANTITY,), notes=(phrase("{n} set aside", n=2),)),
    NotApplicable(because=phrase("b")),
    NotMeasured(because=phrase("b"), remedy=phrase("r")),
    Failed(error=phrase("e")),
)


def _weighing() -> Weighing:
    evidence = tuple(
        Evidence(
            asked=Asked(
                candidate=CANDIDATE.digest, reading=CANDIDATE.reading, probe=f"p{n}", version=1, settings=(("x", 1),), seed=0,
                budget_seconds=1.0,
            ),
            outcome=outcome,
        )
        for n, outcome in enumerate(OUTCOMES)
    )  # fmt: skip
    finding = Finding(
        rule="r", effect=Effect.STOP, verdict=Verdict.BREACHED, component=None, forbids=(Rung.OPEN,), says=phrase("{n}", n=1),
        rests_on=(evidence[0].digest,), source="ours", remedy=phrase("mend"), minutes=3,
    )  # fmt: skip
    standing = Standing(component=Component.WEIGHTS, ceiling=(Rung.WITHHELD,), cleared=(), limits=("r",), open=())
    return Weighing(
        candidate=CANDIDATE,
        evidence=evidence,
        findings=(finding,),
        recommendation=Recommendation(
            candidate=CANDIDATE.digest, policy="p", policy_digest=Digest("sha256:p"), components=(standing,)
        ),
        next=(Step(rule="r", says=phrase("s"), minutes=3, would_clear=(("weights", (Rung.OPEN,)),)),),
    )


def test_the_document_fits_its_schema_and_says_what_was_asked_for() -> None:
    made = json.loads(canonical(document_plain(_weighing())))
    jsonschema.validate(made, document_schema())
    assert [e["outcome"] for e in made["evidence"]] == ["measured", "not-applicable", "not-measured", "failed"]
    assert made["evidence"][0]["quantities"] == [
        {"metric": "m", "by": {"stratum": "private"}, "value": 0, "low": 0, "high": 0.09, "confidence": 0.95, "unit": "1",
         "n": 40, "n_of": "suffix", "basis": "measured"}
    ]  # fmt: skip
    assert made["evidence"][0]["notes"] == ["2 set aside"]
    assert made["recommendation"]["components"]["weights"]["limits"] == ["r"]
    assert set(made["evidence"][0]) >= {"probe", "settings", "seed", "outcome", "because", "remedy", "quantities"}
