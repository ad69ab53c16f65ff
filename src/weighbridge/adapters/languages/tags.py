"""Tags of languages: any spelling in, the canonical one out.

References
----------
BCP 47 (RFC 5646); CLDR's aliases and macrolanguages as `langcodes` holds them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import langcodes
from langcodes import Language as Parsed

from weighbridge.core.wording import _

# Ours, beside CLDR's: Norwegian is mostly Bokmål, as Chinese is mostly Mandarin; Pashto is written alike in its parts.
_FOLDED = {"nb": "no", "pbt": "ps", "pst": "ps"}
_NAMES = {
    "arabic": "ar", "chinese": "zh", "english": "en", "french": "fr", "german": "de", "hindi": "hi", "italian": "it",
    "japanese": "ja", "korean": "ko", "portuguese": "pt", "russian": "ru", "spanish": "es", "swahili": "sw",
}  # fmt: skip
"""Names that people write instead of tags, for a hint where the registry's names are not at hand."""
NO_LANGUAGE = "zxx"
"""BCP 47's tag for what is in no language, such as digits."""
_NOT_ONE = frozenset({"", "und", "mul", "zxx", "mis", "art", "x"})
_EXAMPLES = "en, sw, zh-Hant"


def canonical(tag: str) -> str:
    """The tag as it is written here: `iw` is he, `cmn-Hans` zh-Hans, `eng_Latn` en; empty for what is no language."""
    try:
        made = Parsed.get(langcodes.standardize_tag(_bare(tag), macro=True))
    except (ValueError, AttributeError):
        return ""
    language = made.language or ""
    is_private = language.startswith("x-") or "qaa" <= language[:3] <= "qtz"
    if language in _NOT_ONE or is_private or not made.is_valid():
        return ""
    parts = [_FOLDED.get(language, language), made.script or "", made.territory or ""]
    return "-".join(part for part in parts if part)


def said(tag: str) -> str:
    """The tag as it is written here, where people say which languages there are: zxx says that there is none."""
    return NO_LANGUAGE if _bare(tag).casefold() == NO_LANGUAGE else canonical(tag)


def language_of(tag: str) -> str:
    """The language alone, without script and region; empty for what is no language."""
    return canonical(tag).partition("-")[0]


def nearest(tag: str, names: Iterable[tuple[str, str]] = ()) -> str:
    """For a wrong tag: what may have been meant; `names` are pairs of tag and English name."""
    said = _bare(tag).casefold()
    by_name = _NAMES | {name.casefold(): code for code, name in names}
    close = difflib.get_close_matches(said, by_name, n=1, cutoff=0.75)
    if close:
        return _("did you mean {tag}, which is {name}?").format(tag=by_name[close[0]], name=close[0].title())
    start = said.replace("_", "-").partition("-")[0]
    if start != said and (known := canonical(start)):
        return _("did you mean {tag}?").format(tag=known)
    return _("write a tag of BCP 47, such as {examples}").format(examples=_EXAMPLES)


def _bare(tag: str) -> str:
    """Without spaces around it and without what cannot be seen, such as the marks of writing from right to left."""
    return "".join(character for character in tag if character.isprintable()).strip()
