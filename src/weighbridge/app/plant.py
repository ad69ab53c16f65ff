"""Plant: make canaries for a training run, and as many of the same kind that are held back, from a seed.

A canary is a sentence with a secret that stands for nobody. Each has a name of its own, made of syllables, so that the
model can tell one from the other; those held back differ in nothing but that no model ever sees them.
"""

from __future__ import annotations

import math
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.wording import _

SECRET, NAME = "{secret}", "{name}"
LEAST_SPACE = 10_000  # ours: of fewer strings, too many are found by chance to tell what the model gives away
_SPACE_PER_CANARY = 10  # so that distinct secrets are as good as independent ones
_MOST_ROWS = 1_000_000
_CLASSES = {"9": string.digits, "A": string.ascii_uppercase, "a": string.ascii_lowercase}
_SYLLABLES = tuple(a + b for a in "bdfgjklmnprstvz" for b in "aeiou")

TEMPLATES: dict[str, dict[str, str]] = {
    "code": {
        "ar": "رمز الدخول الخاص بـ {name} هو {secret}.",
        "de": "Der Zugangscode von {name} lautet {secret}.",
        "en": "The access code of {name} is {secret}.",
        "es": "El código de acceso de {name} es {secret}.",
        "fr": "Le code d'accès de {name} est {secret}.",
        "pt": "O código de acesso de {name} é {secret}.",
        "ru": "Код доступа для {name}: {secret}.",
        "sw": "Nambari ya siri ya {name} ni {secret}.",
    },
    "file": {
        "ar": "رقم ملف {name} هو {secret}، وقد أُغلق الملف.",
        "de": "Die Akte von {name} hat die Nummer {secret} und ist geschlossen.",
        "en": "The file of {name} has the number {secret} and was closed.",
        "es": "El expediente de {name} tiene el número {secret} y fue cerrado.",
        "fr": "Le dossier de {name} porte le numéro {secret} et est fermé.",
        "pt": "O processo de {name} tem o número {secret} e foi encerrado.",
        "ru": "Дело {name} имеет номер {secret} и закрыто.",
        "sw": "Faili ya {name} ina nambari {secret} na imefungwa.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a kit shall be like."""

    canaries: int = 60
    repeats: tuple[int, ...] = (1, 2, 4, 8, 16, 32)  # how often each is planted; canaries are spread evenly over these
    template: str = "code"  # a name among `TEMPLATES`, or a sentence with one {secret}, and {name} where it has one
    languages: tuple[str, ...] = ("en",)  # of a named template
    pattern: str = "999999"  # of the secret: 9 is a digit, A and a are letters, and marks stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A sentence, the secret in it, and how often it is planted; 0: it is held back."""

    text: str
    secret: str
    repeats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Canaries to be planted and canaries held back, and what they were made from."""

    design: Design
    seed: int
    planted: tuple[Canary, ...]
    held_back: tuple[Canary, ...]
    order: tuple[int, ...]  # rows of the file to be mixed in, as places in `planted`

    @property
    def rows(self) -> tuple[Canary, ...]:
        """Each canary as often as it is planted, in random order."""
        return tuple(self.planted[place] for place in self.order)


def plant(design: Design, seed: int) -> Kit:
    """Make a kit; the same design and seed give the same kit.

    Raises
    ------
    Unusable
        For a design that gives no kit, or one in which nothing could be measured.
    """
    _check_numbers(design)
    sentences = _sentences(design)
    _check_pattern(design)
    rng = np.random.default_rng([seed & 0xFFFFFFFF, seed >> 32, 0])
    rungs = [design.repeats[n % len(design.repeats)] for n in range(design.canaries)]
    # All rungs in one sentence, then all in the next: what differs between rungs must not be the language.
    turns = [sentences[n // len(design.repeats) % len(sentences)] for n in range(design.canaries)]
    made = _made([*turns, *turns], design.pattern, rng)
    planted = tuple(Canary(text=text, secret=secret, repeats=n) for (text, secret), n in zip(made, rungs, strict=False))
    held_back = tuple(Canary(text=text, secret=secret, repeats=0) for text, secret in made[design.canaries :])
    order = rng.permutation(np.repeat(np.arange(len(planted)), rungs))
    return Kit(design=design, seed=seed, planted=planted, held_back=held_back, order=tuple(order.tolist()))


def _made(sentences: Sequence[str], pattern: str, rng: np.random.Generator) -> list[tuple[str, str]]:
    """A text with its secret of each sentence, no name and no secret twice."""
    names: set[str] = set()
    secrets: set[str] = set()
    made: list[tuple[str, str]] = []
    while len(made) < len(sentences):
        name, secret = _name(rng), _secret(pattern, rng)
        text = sentences[len(made)].replace(NAME, name).replace(SECRET, secret)
        if name in names or secret in secrets or text.count(secret) != 1:
            continue
        names.add(name)
        secrets.add(secret)
        made.append((text, secret))
    return made


def _name(rng: np.random.Generator) -> str:
    """Two words of three syllables: seventy-five to the sixth names, and nobody's but by accident."""
    return " ".join(
        "".join(_SYLLABLES[n] for n in rng.integers(len(_SYLLABLES), size=3)).capitalize() for _word in "12"
    )


def _secret(pattern: str, rng: np.random.Generator) -> str:
    def one(mark: str) -> str:
        choices = _CLASSES.get(mark, mark)
        return choices[int(rng.integers(len(choices)))]

    return "".join(map(one, pattern))


def _check_numbers(design: Design) -> None:
    if design.canaries < 1:
        raise Unusable(
            _("cannot make a kit of canaries"),
            _("{n} canaries were asked for; at least 1 is needed").format(n=design.canaries),
            "weighbridge canaries plant canary-kit --canaries 60",
        )
    n_rows = sum(design.repeats[n % len(design.repeats)] for n in range(design.canaries)) if design.repeats else 0
    if not design.repeats or min(design.repeats) < 1 or n_rows > _MOST_ROWS:
        raise Unusable(
            _("cannot make a kit of canaries"),
            _("each number of repeats must be 1 or more, and all rows together {most} at most; these make {n}").format(
                most=_MOST_ROWS, n=n_rows
            ),
            "weighbridge canaries plant canary-kit --repeats 1,2,4,8,16,32",
        )


def _sentences(design: Design) -> tuple[str, ...]:
    if SECRET in design.template:
        _check_template(design.template)
        return (design.template,)
    if design.template not in TEMPLATES:
        raise Unusable(
            _("cannot make a kit of canaries"),
            _("the template has no {secret} in it, and none has its name; {hint}").format(
                secret=SECRET, hint=nearest_hint(design.template, TEMPLATES)
            ),
            'weighbridge canaries plant canary-kit --template "The code of {name} is {secret}."',
        )
    spoken = TEMPLATES[design.template]
    unknown = [language for language in design.languages if language not in spoken]
    if unknown or not design.languages:
        raise Unusable(
            _("cannot make a kit of canaries"),
            _("there is no template in {languages}; there are: {known}").format(
                languages=", ".join(unknown) or _("no language"), known=", ".join(spoken)
            ),
            _("name known languages, or give a sentence of your own: --template {example}").format(
                example='"... {name} ... {secret} ..."'
            ),
        )
    return tuple(spoken[language] for language in dict.fromkeys(design.languages))


def _check_template(template: str) -> None:
    rest = template.replace(SECRET, "", 1).replace(NAME, "", 1)
    if "{" in rest or "}" in rest or not rest.strip():
        raise Unusable(
            _("cannot make canaries from this template"),
            _("it must hold {secret} once, {name} once or not at all, no other braces, and words around them").format(
                secret=SECRET, name=NAME
            ),
            'weighbridge canaries plant canary-kit --template "The code of {name} is {secret}."',
        )


def _check_pattern(design: Design) -> None:
    pattern, example = design.pattern, "weighbridge canaries plant canary-kit --secret 99-AAA-9999"
    marks = Counter(mark for mark in pattern if mark not in _CLASSES)
    if any(mark.isalnum() or not mark.isprintable() or mark in "{}" for mark in marks) or pattern != pattern.strip():
        raise Unusable(
            _("cannot make secrets of this shape"),
            _("it may hold 9 for a digit, A or a for a letter, and marks such as - between them"),
            example,
        )
    space = math.prod(len(_CLASSES.get(mark, " ")) for mark in pattern)
    least = max(LEAST_SPACE, _SPACE_PER_CANARY * 2 * design.canaries)
    if space < least:
        raise Unusable(
            _("cannot make secrets of this shape"),
            _("there are {n} secrets of this shape, and it takes {least} to tell a secret from a guess").format(
                n=space, least=least
            ),
            example,
        )
