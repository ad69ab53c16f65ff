"""What is known of a candidate without measuring: the facts that `when` asks for, and the answers that rules watch."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from enum import StrEnum

from weighbridge.core.candidate import Candidate, Component, Impact, Role, Said, Subject, Triage
from weighbridge.core.question import Question

Values = tuple[str, ...]

_YES_NO = (Said.YES.value, Said.NO.value)
_SAID = ("about_people", "private", "harm", "generates", "identifies")  # triage questions answered yes or no


def _all(kind: type[StrEnum]) -> Values:
    return tuple(member.value for member in kind)


ANSWERS: dict[str, Values] = {
    **{name.replace("_", "-"): _YES_NO for name in _SAID},
    "languages-answered": (Said.YES.value,),
    "private-rows": ("declared",),
    "data-read": (Said.YES.value,),
    "model-told": (Said.YES.value,),
    "misuse-named": _YES_NO,
}
"""The questions that a rule may watch with `answer`, and every value each can take."""

ASKED = frozenset({*(name.replace("_", "-") for name in _SAID), "languages-answered"})
"""Those of them that people are asked; the others follow from the files and what is declared of them."""

FACTS: dict[str, Values] = {
    "subject": _all(Subject),
    "component": _all(Component),
    "role": _all(Role),
    "impact": _all(Impact),
    "language": (),  # any BCP 47 tag
    "misuse-language": (),  # likewise: those in which a misuse was named
    "claimed-language": (),  # likewise: those that it is claimed to work in, or that a file is declared to be in
    "languages-claimed": _YES_NO,
    "licence-claimed": _YES_NO,
    **ANSWERS,
}
"""What `when` may ask for, and every value each fact can take; none are listed where they are free."""


_ASKED_AS = {
    "language": "languages",
    "languages-answered": "languages",
    "misuse-language": "misuse",
    "misuse-named": "misuse",
}
_BY_HAND = frozenset({"misuse-language", "misuse-named"})
NAME_MISUSE = 'add to weighbridge.toml: [[misuse]] says = "WHAT WOULD BE DONE WITH IT" languages = ["LANGUAGE"]'
"""How a misuse is named; with no languages it says why none can be named."""


INTERVIEW = "weighbridge ask DIR"


def asked_in(questions: Iterable[Question]) -> dict[str, Values]:
    """The questions of the interview, and every value each can take; none are listed where they are free."""
    return {q.slug: q.values for q in questions if not q.is_triage}


def question_of(fact: str) -> str:
    """The name under which people are asked for a fact."""
    return _ASKED_AS.get(fact, fact)


def missing_for(fact: str, facts: Mapping[str, Values | None]) -> str:
    """The question to answer so that a fact is known; for the impact, the first of those that could still change it."""
    if fact == "impact":
        return next((name for name in map(_slug, _SAID) if facts.get(name) is None), fact)
    return question_of(fact)


def _slug(name: str) -> str:
    return name.replace("_", "-")


def command_of(fact: str) -> str:
    """How a fact that is not known is answered; empty where `init --ask` asks for it."""
    if fact in _BY_HAND:
        return NAME_MISUSE
    return "" if fact in FACTS else INTERVIEW


def facts_of(candidate: Candidate) -> tuple[tuple[str, Values | None], ...]:
    """Every fact with its values; None where it is not known, which is not the same as having none."""
    triage = candidate.triage
    languages = _languages((*candidate.claims.languages, *triage.languages))
    declared = any(a.declared.private or a.declared.private_field for a in candidate.artefacts)
    known: dict[str, Values | None] = {
        "subject": tuple(sorted({s.value for s in candidate.subjects})),
        "component": tuple(c.value for c in candidate.components),
        "role": tuple(sorted({a.role.value for a in candidate.artefacts})),
        "impact": _impact(triage),
        "language": languages or None,
        "misuse-language": _misused_in(candidate),
        "misuse-named": _misuse_named(candidate),
        "claimed-language": _claimed(candidate),
        "languages-claimed": (Said.YES.value if _claimed(candidate) else Said.NO.value,),
        "licence-claimed": (Said.YES.value if candidate.claims.licence else Said.NO.value,),
        "languages-answered": (Said.YES.value,) if triage.languages else None,
        "private-rows": ("declared",) if declared else None,
        "data-read": None if Subject.UNREAD_DATA in candidate.subjects else (Said.YES.value,),
        "model-told": None if Subject.UNTOLD_MODEL in candidate.subjects else (Said.YES.value,),
        **{name.replace("_", "-"): _said(getattr(triage, name)) for name in _SAID},
    }
    return tuple(sorted({**dict(candidate.answers), **known}.items()))


def _claimed(candidate: Candidate) -> Values:
    """What it is claimed to work in, or a file is declared to be in; zxx says that there is no language."""
    declared = (a.declared.language for a in candidate.artefacts if a.declared.language)
    return tuple(tag for tag in _languages((*candidate.claims.languages, *declared)) if tag != "zxx")


def _languages(tags: Values) -> Values:
    """The languages alone: evidence knows no script or region of one (zh-Hant, pt-BR)."""
    return tuple(sorted({tag.partition("-")[0] for tag in tags}))


def _misused_in(candidate: Candidate) -> Values:
    return tuple(
        tag for tag in _languages(tuple(tag for m in candidate.misuses for tag in m.languages)) if tag != "zxx"
    )


def _misuse_named(candidate: Candidate) -> Values | None:
    """Whether a misuse was named in some language; where nobody can be hurt there is none to be named."""
    if not candidate.misuses:
        return (Said.NO.value,) if candidate.triage.harm is Said.NO else None
    return (Said.YES.value if _misused_in(candidate) else Said.NO.value,)


def _said(answer: Said) -> Values | None:
    return None if answer is Said.UNKNOWN else (answer.value,)


def _impact(triage: Triage) -> Values | None:
    """The impact, if no answer still missing could change it."""
    given = [getattr(triage, name) for name in _SAID]
    possible = {
        Triage(**dict(zip(_SAID, answers, strict=True))).impact
        for answers in itertools.product(*[(a,) if a is not Said.UNKNOWN else (Said.YES, Said.NO) for a in given])
    }
    return (possible.pop().value,) if len(possible) == 1 else None
