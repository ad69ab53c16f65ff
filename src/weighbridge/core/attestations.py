"""What others' tools read: measurements and the gate's verdict as in-toto Statements of standard predicates.

Statements, unsigned; `enveloped` puts one into a DSSE envelope with whatever signs.

References
----------
in-toto attestation framework, Statement v1 and predicate test-result v0.1; SLSA, verification summary v1.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from weighbridge.core.candidate import Belonging, Candidate
from weighbridge.core.canon import Digest, Plain, canonical
from weighbridge.core.decision import Decision
from weighbridge.core.envelope import PAYLOAD_TYPE, STATEMENT_TYPE, encoded
from weighbridge.core.findings import Effect, Finding, Verdict
from weighbridge.core.passage import Passage, Result
from weighbridge.core.weighing import Weighing

TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
SUMMARY = "https://slsa.dev/verification_summary/v1"
VERIFIER = "urn:weighbridge:gate"


def tested(weighing: Weighing) -> dict[str, Plain]:
    """The findings of a weighing as test results: what is not yet answered has not passed, so it warns.

    The subjects are the released files; the configuration is the policy that judged and the evidence it rests on.
    """
    order = ("passed", "warned", "failed")
    of_rule: dict[str, str] = {}  # a rule that bears on several components is told once, at its worst
    for finding in weighing.findings:
        if finding.verdict is not Verdict.EXEMPT:
            before = of_rule.get(finding.rule, order[0])
            of_rule[finding.rule] = max(before, _result(finding), key=order.index)
    told = {word: sorted(rule for rule, result in of_rule.items() if result == word) for word in order}
    worst = next((word for word in ("failed", "warned") if told[word]), "passed" if told["passed"] else "warned")
    made = weighing.recommendation
    return _statement(
        _subjects(weighing.candidate),
        TEST_RESULT,
        {
            "result": worst.upper(),
            "configuration": [
                {"name": made.policy, "digest": _digest(made.policy_digest)},
                *({"name": e.probe, "digest": _digest(e.digest)} for e in weighing.evidence),
            ],
            **{f"{word}Tests": list(names) for word, names in told.items()},
        },
    )


def summary(passage: Passage, decision: Decision, *, at: str) -> dict[str, Plain]:
    """The gate's verdict as a verification summary. Anything but a pass has failed.

    Parameters
    ----------
    at : when the gate looked, RFC 3339
    """
    has_passed = passage.result is Result.PASSES
    leaving = [file for file in decision.released if file.component in passage.components]
    place = f"urn:weighbridge:candidate:{decision.candidate}?to={passage.destination.value}"
    return _statement(
        [{"name": f.label, "digest": _digest(f.digest)} for f in leaving],
        SUMMARY,
        {
            "verifier": {"id": VERIFIER},
            "timeVerified": at,
            "resourceUri": place,
            "policy": {"uri": f"urn:weighbridge:policy:{decision.policy_digest}",
                       "digest": _digest(decision.policy_digest)},
            "inputAttestations": [{"uri": "urn:weighbridge:decision", "digest": _digest(decision.digest)}],
            "verificationResult": "PASSED" if has_passed else "FAILED",
            # SLSA's own levels begin with SLSA_; this one says where the files may go.
            "verifiedLevels": [f"WEIGHBRIDGE_{passage.destination.value.upper()}" if has_passed else "FAILED"],
        },
    )  # fmt: skip


def enveloped(statement: dict[str, Plain], fingerprint: str, sign: Callable[[bytes], bytes]) -> bytes:
    """A DSSE envelope around any statement, signed once."""
    payload = canonical(statement)
    signature = base64.b64encode(sign(encoded(PAYLOAD_TYPE, payload))).decode()
    return canonical(
        {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [{"keyid": fingerprint, "sig": signature}],
        }
    )


def _result(finding: Finding) -> str:
    """A rule that can take no rung away has advised, and warns at most."""
    if finding.verdict is Verdict.HOLDS:
        return "passed"
    is_severe = finding.verdict is Verdict.BREACHED and finding.effect in (Effect.STOP, Effect.CAUTION)
    return "failed" if is_severe else "warned"


def _subjects(candidate: Candidate) -> list[Plain]:
    """The released files; what was looked at and stays at home is nobody's business, its digest included."""
    released = sorted(
        (a for a in candidate.artefacts if a.belongs is not Belonging.EVIDENCE_ONLY), key=lambda a: a.label
    )
    return [{"name": a.label, "digest": _digest(a.digest)} for a in released]


def _digest(digest: Digest) -> dict[str, Plain]:
    return {"sha256": digest.removeprefix("sha256:")}


def _statement(subjects: list[Plain], kind: str, predicate: dict[str, Plain]) -> dict[str, Plain]:
    return {"_type": STATEMENT_TYPE, "subject": subjects, "predicateType": kind, "predicate": predicate}
