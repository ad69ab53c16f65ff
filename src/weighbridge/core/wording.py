"""What people read goes through gettext; what is stored and sealed stays English.

`_` translates a finished sentence when it is shown. A `Phrase` is a sentence with fields that is made far from where
it is
shown (in a probe, in the judge): it is stored as its English template and its fields, and translated only on its way
out.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path

Field = str | int | float

_DOMAIN = "weighbridge"
_LOCALE = Path(__file__).parent.parent / "shelves" / "locale"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def speak(*languages: str) -> None:
    """Choose the first of `languages` (BCP 47 or POSIX) that has a catalogue; English where none has."""
    install(gettext.translation(_DOMAIN, _LOCALE, languages=list(languages), fallback=True))


def install(catalogue: gettext.NullTranslations) -> None:
    """Use this catalogue from now on; tests install one that marks every sentence it has seen."""
    global _catalogue  # noqa: PLW0603  the language of a process is one thing, chosen once at its door
    _catalogue = catalogue


def language() -> str:
    """The language that is spoken now, as BCP 47 writes it."""
    return _catalogue.info().get("language", "en").replace("_", "-")


def _(message: str) -> str:
    """The message in the reader's language."""
    return _catalogue.gettext(message) if message else ""


def plural(one: str, many: str, n: int) -> str:
    """The form of a message that fits the number `n`."""
    return _catalogue.ngettext(one, many, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence with fields in the manner of `str.format`.

    Its fields hold names and numbers, never a person's data.
    """

    template: str
    fields: tuple[tuple[str, Field], ...] = ()

    def __str__(self) -> str:
        return self.template.format(**dict(self.fields))

    def told(self) -> str:
        """The sentence in the reader's language."""
        return _(self.template).format(**dict(self.fields))


def phrase(template: str, **fields: Field) -> Phrase:
    """Make a phrase; the template is what translators see."""
    made = Phrase(template=template, fields=tuple(sorted(fields.items())))
    str(made)  # a template that does not fit its fields must fail where it is written, not where it is read
    return made
