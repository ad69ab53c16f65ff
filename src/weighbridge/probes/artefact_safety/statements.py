"""What files say about licences: the licence's own text, the head of a card, a line of settings, a line of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from weighbridge.probes.artefact_safety.licences import UNKNOWN, named, recognised


class Place(StrEnum):
    """Where a statement stands."""

    FILE = "file"  # the text of a licence
    CARD = "card"  # the head of a card: speaks for the whole
    SETTINGS = "settings"
    NOTICE = "notice"  # a line in some other file


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One licence named in one place. An expression may name several."""

    label: str
    line: int
    licence: str
    place: Place


_FILE = re.compile(r"(?i)^(?:un)?(?:licen[cs]e|copying|licen[cs]es?[-_.].*)(?:\..*|[-_].*)?$")
_CARD = re.compile(r"(?i)^(?:readme|model_?card|data_?card|dataset_?card|datasheet)(?:\..*)?$")
_HEAD = re.compile(r"\A\ufeff?---\s*\n(.*?)\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_YAML = re.compile(r"^licen[cs]e:[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)
_YAML_ITEM = re.compile(r"\s*-\s*(\S.*)")
_JSON = re.compile(r'^\s{0,4}[{\[]?\s*"licen[cs]e"\s*:\s*"([^"\n]{1,80})"', re.MULTILINE | re.IGNORECASE)
_TOML = re.compile(r"""^licen[cs]e\s*=\s*(?:\{\s*(?:text|name)\s*=\s*)?["']([^"'\n]{1,80})["']""", re.MULTILINE)
_SPDX = re.compile(r"SPDX-License-Identifier:[ \t]*([A-Za-z0-9 .()+-]{1,80}?)[ \t]*(?:\*/|-->|$)", re.MULTILINE)
_SETTINGS = {"json": _JSON, "toml": _TOML, "yaml": _YAML}


def statements_in(label: str, format_: str, text: str) -> tuple[Statement, ...]:
    """The licences that a file names; `text` is its start."""
    name = label.rpartition("/")[2]
    if _FILE.match(name) and format_ in ("text", "markdown", "html", "unknown"):
        return (Statement(label=label, line=1, licence=recognised(text), place=Place.FILE),)
    return tuple(_found(label, name, format_, text))


def _found(label: str, name: str, format_: str, text: str) -> Iterator[Statement]:
    head = _HEAD.match(text)
    if head and (_CARD.match(name) or format_ == "markdown"):
        place = Place.CARD if _CARD.match(label) else Place.NOTICE
        for at, value in _yaml_values(head[1]):
            line = text.count("\n", 0, head.start(1) + at) + 1
            yield Statement(label=label, line=line, licence=expression(value), place=place)
    elif format_ in _SETTINGS:
        for found in _SETTINGS[format_].finditer(text):
            values = (
                [found[1]] if format_ != "yaml" else [value for _, value in _yaml_values(text[found.start() :])][:1]
            )
            line = text.count("\n", 0, found.start(1)) + 1
            yield from (Statement(label=label, line=line, licence=expression(v), place=Place.SETTINGS) for v in values)
    for found in _SPDX.finditer(text[:4096]):
        line = text.count("\n", 0, found.start()) + 1
        yield Statement(label=label, line=line, licence=expression(found[1]), place=Place.NOTICE)


def _yaml_values(text: str) -> Iterator[tuple[int, str]]:
    """The licence of a YAML head: one value, or the items of a list joined as a choice of the reader's."""
    found = _YAML.search(text)
    if not found:
        return
    value = found[1].split(" #")[0].strip()
    if not value:
        lines = text[found.end() :].lstrip("\n").split("\n")
        items = []
        for line in lines:
            item = _YAML_ITEM.fullmatch(line)
            if not item:
                break
            items.append(item[1])
        value = " AND ".join(items)
    elif value.startswith("["):
        value = " AND ".join(item.strip() for item in value.strip("[]").split(","))
    if value:
        yield found.start(), value


def expression(text: str) -> str:
    """The expression with every name we know in its one form; what no part of is known is `UNKNOWN`."""
    parts = re.split(r"(?i)(\s+(?:or|and)\s+)", re.sub(r"(?i)\s+with\s+[\w.-]+", "", text.strip().strip("\"'")))
    names = [part if n % 2 else named(part) for n, part in enumerate(parts)]
    return (
        UNKNOWN
        if all(name == UNKNOWN for name in names[::2])
        else "".join(n.upper() if i % 2 else n for i, n in enumerate(names))
    )
