"""The public record as files: an index, one page for each decision, and beside it the same as JSON and its envelopes.

Each page holds the envelopes and public keys, and a script that verifies them where it is opened, from a disk too:
DSSE's encoding, Ed25519 in the browser's own WebCrypto, and that the page says what was signed. Without a script
everything can be read, and the envelopes verified by other tools.

References
----------
DSSE protocol 1.0 (pre-authentication encoding); W3C, Web Cryptography Level 2 (Ed25519).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from markupsafe import Markup

from weighbridge.app.publish import Publication, PublicDecision, PublicStage
from weighbridge.core.canon import Plain, canonical
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.core.stages import Criterion
from weighbridge.core.wording import language
from weighbridge.report.neutral import clean
from weighbridge.report.page import direction, environment
from weighbridge.report.progress import state_in_words
from weighbridge.report.words import rung_in_words

INDEX = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the site."""

    name: str
    data: bytes


def render_publication(publication: Publication, *, when: str, version: str) -> Iterator[File]:
    """All files of the site, the index first."""
    shared = {"when": when, "version": version, "language": language(), "direction": direction()}
    index = environment().get_template("publication_index.html")
    rows = [(d, stem(d), rungs_of(d)) for d in publication.decisions]
    yield _page(INDEX, index.render(rows=rows, unsigned=publication.unsigned, **shared))
    page = environment().get_template("publication.html")
    for shown in publication.decisions:
        yield _page(
            f"{stem(shown)}.html",
            page.render(
                d=shown, decision=shown.decision, stem=stem(shown), plan=rungs_of(shown), fact=fact,
                range_of=range_of, state_in_words=state_in_words,
                data=_embedded(_verifiable(shown)), script=Markup(_script()), script_hash=_script_hash(), **shared,  # noqa: S704  our own file
            ),
        )  # fmt: skip
        yield File(name=f"{stem(shown)}.json", data=canonical(_document(shown)) + b"\n")
        for n, signature in enumerate(shown.signatures):
            yield File(name=f"{stem(shown)}-{n + 1}.dsse.json", data=signature.envelope)
        for step in shown.stages:
            for n, opening in enumerate(step.openings):
                yield File(name=f"{stem(shown)}-{step.name}-{n + 1}.dsse.json", data=opening.envelope)


def stem(shown: PublicDecision) -> str:
    """How the files of a decision are called."""
    return f"decision-{shown.decision.digest.removeprefix('sha256:')[:16]}"


def rungs_of(shown: PublicDecision) -> tuple[tuple[str, Rung, str], ...]:
    """Component, rung, and what the rung means."""
    return tuple((component, rung, rung_in_words(rung)) for component, rung in shown.decision.plan)


def range_of(criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """The bounds of a criterion on a number, by their name in the decision, written as a browser writes them."""
    bounds = (("at_least", criterion.at_least), ("at_most", criterion.at_most))
    return tuple((name, canonical(bound).decode()) for name, bound in bounds if bound is not None)


def fact(place: str, says: str) -> Markup:
    """A value of the signed decision, marked with its place there: the script holds one against the other."""
    safe = clean(says)
    marked = Markup(' data-fact="{}"').format(place) if safe == says and says == says.strip() else ""
    return Markup('<span{}><bdi translate="no">{}</bdi></span>').format(marked, safe)


def _page(name: str, text: str) -> File:
    return File(name=name, data=text.encode())


def _verifiable(shown: PublicDecision) -> dict[str, object]:
    """What the script needs, and no more."""
    return {
        "envelopes": [json.loads(signature.envelope) for signature in shown.signatures],
        "keys": {signature.fingerprint: signature.public for signature in shown.signatures},
    }


def _document(shown: PublicDecision) -> dict[str, Plain]:
    """The page as JSON; in English, whatever the reader's language."""
    signatures: list[Plain] = [
        {
            "role": s.role, "fingerprint": s.fingerprint, "public": s.public, "signed_at": s.signed_at,
            "self_reviewed": s.self_reviewed, "envelope": base64.b64encode(s.envelope).decode(),
        }
        for s in shown.signatures
    ]  # fmt: skip
    return {
        "decision": plain(shown.decision), "digest": shown.decision.digest, "stands": shown.stands,
        "signatures": signatures, "passages": plain(shown.passages), "incidents": plain(shown.incidents),
        "stages": [_stage(step) for step in shown.stages],
    }  # fmt: skip


def _stage(step: PublicStage) -> dict[str, Plain]:
    openings: list[Plain] = [
        {
            "role": o.role, "fingerprint": o.fingerprint, "public": o.public, "at": o.at,
            "envelope": base64.b64encode(o.envelope).decode(),
        }
        for o in step.openings
    ]  # fmt: skip
    return {"name": step.name, "state": step.state.value, "signatures": openings}


def _embedded(value: object) -> Markup:
    """JSON inside a page: nothing in it can end the element that holds it."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  escaped


@cache
def _script() -> str:
    return resources.files("weighbridge.report").joinpath("templates/publication.js").read_text(encoding="utf-8")


@cache
def _script_hash() -> str:
    """What the page's own policy lets run: this script and no other."""
    return base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
