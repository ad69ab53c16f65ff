"""Names of fields and tags in running text: `Address: ...`, `"address": ...`, `<ADDRESS>`, `B-ADDRESS`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MOST_WORDS = 4  # of a field's name before a colon; more are a sentence. Ours
_MAX_TEXT = 1 << 16  # characters of a text that are looked at; ours
_LINE = re.compile(
    r"""^[ \t>*\-"']{0,8}([^\s:=："'<>{}\[\]#|*][^:=："'<>{}\[\]\n|*]{0,40})["'*]{0,3}[ \t]{0,4}"""
    r"""(?:：|[:=](?=[\s"'\[{\d*]|$))""",
    re.MULTILINE,
)
_JSON = re.compile(r'"([^"\\\n]{1,60})"[ \t]{0,8}:')
_TAG = re.compile(r"</?([^\s<>/!?=&]{1,40})>")
_SQUARE = re.compile(r"\[/?([A-Z][A-Z_]{1,30})\]")
_CURLY = re.compile(r"\{\{?[ \t]{0,4}([^\s{}:\",]{1,40})[ \t]{0,4}\}\}?")
_ENTITY = re.compile(r"(?<![\w-])([BIESLU]-[A-Z][A-Za-z_]{1,30})(?![\w-])")
_MARKUP = re.compile(r"<(?:p|div|html|body|br|span|td|li)\b", re.IGNORECASE)
_OF_MARKUP = frozenset({"address", "map", "area", "section", "body", "head", "main", "time", "label", "form"})


def names_in(text: str) -> Iterator[str]:
    r"""Each name where it stands, as often as it stands there.

    >>> sorted(set(names_in('Address: x\n{"religion": 1} <LOC>Ada</LOC> B-PER so he said: no')))
    ['Address', 'B-PER', 'LOC', 'religion']
    """
    shown = text[:_MAX_TEXT]
    yield from (m[1].strip() for m in _LINE.finditer(shown) if len(m[1].split()) <= _MOST_WORDS)
    for pattern in (_JSON, _SQUARE, _CURLY, _ENTITY):
        yield from (m[1] for m in pattern.finditer(shown))
    is_markup = _MARKUP.search(shown) is not None
    yield from (m[1] for m in _TAG.finditer(shown) if not (is_markup and m[1] in _OF_MARKUP))
