"""Text that cannot disguise itself.

Names and labels come from whoever made the candidate. Control characters and bidirectional controls in them could make
a line read as another one, so they are shown as what they are.
"""

from __future__ import annotations

import re
import shlex
import unicodedata

from weighbridge.core.wording import Phrase, _

_SPACES = re.compile("[\t\n\v\f\r\u0085\u2028\u2029]+")
_NO_ANCHOR = re.compile("[^A-Za-z0-9-]+")
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co"})  # controls, format characters, lone surrogates, private use
_ENDS = ".!?…。！？।)]"
_COMMAND = re.compile(r"\b(weighbridge [a-z][a-z-]*(?: [a-z]+)?(?: --[a-z]+)*) DIR\b")
HOMELESS = frozenset({"init", "canaries", "probes", "policy", "schema", "replay"})  # commands that take no --home
JUDGING = frozenset(  # commands that take --policy
    {
        "weigh",
        "recommend",
        "plans",
        "report",
        "decide",
        "gate",
        "push",
        "diff",
        "reweigh",
        "attest",
        "languages",
        "replay",
    }
)
_JOINERS = frozenset("\u200c\u200d")  # Persian, the Indic scripts and emoji are spelt with them


def clean(text: str) -> str:
    """The text on one line, with every character that hides or reorders others written out by its number.

    Examples
    --------
    >>> clean("safe\u202etxt.exe")
    'safe⟨U+202E⟩txt.exe'
    """
    line = _SPACES.sub(" ", text)
    return line if line.isascii() and line.isprintable() else "".join(_shown(character) for character in line)


def sentence(phrase: Phrase) -> str:
    """A stored sentence as a sentence: with an end mark, and a capital unless it starts with a name."""
    return ended(instruction(phrase))


def instruction(phrase: Phrase) -> str:
    """A stored remedy: with a capital likewise, and without an end mark, since it may end in a command to be pasted."""
    text, starts_with_a_name = told(phrase), _(phrase.template).startswith("{")
    return text if starts_with_a_name else capital(text)


def ended(text: str) -> str:
    """The text with a full stop, where it has no end mark yet."""
    text = text.rstrip()
    return text if not text or text[-1] in _ENDS else f"{text}."


def capital(text: str) -> str:
    """The text with its first letter raised; scripts without case stay as they are."""
    return text[:1].upper() + text[1:]


def told(phrase: Phrase) -> str:
    """A stored sentence in the reader's language, made safe to show."""
    return clean(phrase.told())


def pasteable(text: str, path: str, *, home: str = "", policy: str = "") -> str:
    """The text with the candidate's own path in commands where a policy or a probe, which know no path, wrote DIR.

    Parameters
    ----------
    home, policy : what the reader's own command named; commands that take it get it too

    Examples
    --------
    >>> pasteable("then: weighbridge weigh DIR --probe p", "my model", home="my home")
    "then: weighbridge weigh 'my model' --home 'my home' --probe p"
    """

    def filled(found: re.Match[str]) -> str:
        name = found[1].split()[1]
        words = [found[1], shlex.quote(clean(path))]
        words += ["--home", shlex.quote(clean(home))] if home and name not in HOMELESS else []
        words += ["--policy", shlex.quote(clean(policy))] if policy and name in JUDGING else []
        return " ".join(words)

    return _COMMAND.sub(filled, text)


def anchor(slug: str) -> str:
    """The slug as an identifier within a page."""
    return _NO_ANCHOR.sub("-", clean(slug))


def _shown(character: str) -> str:
    hides = unicodedata.category(character) in _HIDING and character not in _JOINERS
    return f"⟨U+{ord(character):04X}⟩" if hides else character
