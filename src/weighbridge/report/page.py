"""The report as one HTML file: no script, nothing loaded from anywhere, readable without knowing machine learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from weighbridge.core.card import Card
from weighbridge.core.tradeoffs import Comparison
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _, language, plural
from weighbridge.probekit.languages import Language
from weighbridge.report.content import content, nothing_waits
from weighbridge.report.decided import DecidedTold
from weighbridge.report.measurement import split
from weighbridge.report.neutral import anchor, capital, clean
from weighbridge.report.numbers import size_in_words
from weighbridge.report.people import BeforeTold, PeopleTold
from weighbridge.report.plans import plans_told
from weighbridge.report.words import belonging_name, impact_in_words, role_name

_MOST_ROWS = 16  # numbers of one probe that are shown at once; the rest is folded away below them
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku-Arab", "ps", "sd", "syr", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTold:
    """One artefact."""

    label: str
    digest: str
    role: str
    format: str
    belongs: str
    size: str


def render_page(  # noqa: PLR0913  what is told, and four words on where and when
    weighing: Weighing,
    cards: Sequence[Card],
    *,
    when: str,
    version: str,
    ledger_head: str,
    repeat: Sequence[str],
    plans: Comparison | None = None,
    decided: DecidedTold | None = None,
    languages: Mapping[str, Language] | None = None,
    people: PeopleTold | None = None,
    before: BeforeTold | None = None,
) -> str:
    """The report.

    Parameters
    ----------
    when : the time of the weighing, as it shall be read
    version : of Weighbridge
    ledger_head : digest of the last entry of the candidate's chain
    repeat : the command that made this weighing, in words as a shell takes them, with all that holds for every probe
        (path, budget); probe, seed and changed settings are added probe by probe
    plans : the plans side by side; left out: the page does not speak of them
    decided : what people decided; left out: the same
    languages : what is recorded of languages, by tag; left out: they are told by their tags
    people : the questions people were asked, and what they said; left out: the page does not speak of them
    before : the precedents nearest to it; left out: the same
    """
    candidate, recommendation = weighing.candidate, weighing.recommendation
    return (
        environment()
        .get_template("page.html")
        .render(
            c=content(weighing, cards, repeat, languages),
            plans=plans_told(plans, _path_in(repeat)) if plans else None,
            decided=decided,
            people=people,
            before=before,
            candidate=candidate,
            named=named(weighing),
            files=files_told(weighing),
            impact=impact_in_words(candidate.triage.impact),
            policy=recommendation.policy,
            policy_digest=recommendation.policy_digest,
            seeds=sorted({e.asked.seed for e in weighing.evidence}),
            guesses=weighing.guesses,
            when=when,
            version=version,
            ledger_head=ledger_head,
            most_rows=_MOST_ROWS,
            language=language(),
            direction=direction(),
        )
    )


def _path_in(repeat: Sequence[str]) -> str:
    return next((word for word in repeat[2:] if not word.startswith("-")), "DIR")


def named(weighing: Weighing) -> str:
    """Name and version of the candidate, safe to show."""
    return clean(f"{weighing.candidate.name} {weighing.candidate.version}".strip())


def files_told(weighing: Weighing) -> tuple[FileTold, ...]:
    """The artefacts by label."""
    return tuple(
        FileTold(
            label=clean(a.label), digest=a.digest, role=role_name(a.role), format=clean(a.format),
            belongs=belonging_name(a.belongs), size=size_in_words(a.size_bytes),
        )
        for a in sorted(weighing.candidate.artefacts, key=lambda a: a.label)
    )  # fmt: skip


def direction() -> str:
    """In which direction the reader's language is written."""
    return "rtl" if language().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@cache
def environment() -> Environment:
    """What templates are rendered with: everything escaped, every value made safe to show."""
    made = Environment(
        loader=PackageLoader("weighbridge.report"), autoescape=True, finalize=_shown, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.globals |= {
        "_": _,
        "plural": plural,
        "capital": capital,
        "anchor": anchor,
        "split": split,
        "fill": _filled,
        "isolated": _isolated,
        "nothing_waits": nothing_waits,
    }
    return made


def _shown(value: object) -> object:
    """The one door through which every value enters the page."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _filled(sentence: str, **fields: str) -> Markup:
    """A sentence with its fields; those that are markup stay so, all else is escaped."""
    return Markup(escape(sentence)).format(**{key: escape(value) for key, value in fields.items()})  # noqa: S704  escaped


def _isolated(text: str) -> Markup:
    """A name whose direction of writing touches nothing around it."""
    return Markup('<bdi translate="no">{}</bdi>').format(clean(text))
