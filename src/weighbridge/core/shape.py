"""Frozen data classes from TOML and JSON, and back: read once at the edge, every fault told at once.

What a field may be: `str`, `int`, `float`, `bool`, a `StrEnum`, a `Phrase`, another data class, `X | None`, a union of
plain
scalars, `tuple[X, ...]` for an array, and `tuple[tuple[str, X], ...]` for a table whose keys are free. A field's first
`Annotated` string is its description, for people and for JSON Schema.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from weighbridge.core.canon import Plain
from weighbridge.core.errors import Fault, nearest_hint
from weighbridge.core.wording import Phrase

T = TypeVar("T")
Path = tuple[str | int, ...]

LEFT_OUT = "left-out"  # metadata of a field that a later version added: at its default it is not written, so that what
# an earlier version sealed keeps its digest

_SCALARS: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_SPOKEN = {"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}


@dataclass(slots=True)
class Reading:
    """One file being read: its name, where its keys stand, and the faults met so far."""

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, says: str) -> None:
        """Note a fault at this key; the line is that of the nearest key above that has one."""
        line = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 0)
        self.faults.append(Fault(file=self.file, line=line, key=_dotted(path), says=says))


def _dotted(path: Path) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def read(cls: type[T], value: object, reading: Reading, path: Path = ()) -> T | None:
    """The data class that `value` (a parsed table) describes, or None where faults were noted."""
    return cast("T | None", _read(cls, value, reading, path))


def plain(value: object) -> Plain:
    """What JSON holds of a value made of the types above; a field that is None stays, as null."""
    if isinstance(value, Phrase):
        return {"template": value.template, "fields": dict(value.fields)} if value.fields else value.template
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        written = [f for f in fields(value) if not f.metadata.get(LEFT_OUT) or getattr(value, f.name) != f.default]
        return {f.name: _plain_field(getattr(value, f.name), hints[f.name]) for f in written}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return cast("Plain", value)


def schema(cls: type, title: str) -> dict[str, Plain]:
    """JSON Schema (draft 2020-12) of what `read` takes for this class."""
    definitions: dict[str, Plain] = {}
    body = _schema(cls, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **cast("dict[str, Plain]", body),
        "$defs": definitions,
    }


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls, include_extras=True)


def _bare(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint


def _is_pairs(hint: Any) -> bool:
    """Whether the hint is `tuple[tuple[str, X], ...]`, a table with free keys."""
    args = typing.get_args(hint)
    if typing.get_origin(hint) is not tuple or len(args) != 2 or args[1] is not Ellipsis:
        return False
    inner = typing.get_args(args[0])
    return typing.get_origin(args[0]) is tuple and len(inner) == 2 and inner[0] is str and inner[1] is not Ellipsis


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _plain_field(value: object, hint: Any) -> Plain:
    is_table = isinstance(value, tuple) and not any(is_dataclass(item) for item in value)
    if is_table and any(_is_pairs(option) for option in (_bare(hint), *typing.get_args(_bare(hint)))):
        return {key: plain(item) for key, item in cast("tuple[tuple[str, object], ...]", value)}
    return plain(value)


def _read(hint: Any, value: object, reading: Reading, path: Path) -> object:
    hint = _bare(hint)
    if _is_union(hint):
        return _read_union(hint, value, reading, path)
    if hint is Phrase:
        return _read_phrase(value, reading, path)
    if isinstance(hint, type) and is_dataclass(hint):
        return _read_class(hint, value, reading, path)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _read_enum(hint, value, reading, path)
    if typing.get_origin(hint) is tuple:
        return _read_tuple(hint, value, reading, path)
    if isinstance(hint, type(typing.NewType("N", str))):
        hint = hint.__supertype__
    return _read_scalar(hint, value, reading, path)


def _read_scalar(hint: Any, value: object, reading: Reading, path: Path) -> object:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is object or (isinstance(value, hint) and (hint is bool or not isinstance(value, bool))):
        return value
    reading.fault(path, f"should be {_SPOKEN[_SCALARS[hint]]}, is {_told(value)}")
    return None


def _read_union(hint: Any, value: object, reading: Reading, path: Path) -> object:
    options = [option for option in typing.get_args(hint) if option is not type(None)]
    if value is None and len(options) < len(typing.get_args(hint)):
        return None
    for option in options:  # the first that takes the value without a fault
        trial = Reading(file=reading.file, lines=reading.lines)
        got = _read(option, value, trial, path)
        if not trial.faults:
            return got
    fitting = [option for option in options if _has_form(option, value)]
    if len(options) == 1 or len(fitting) == 1:  # the faults inside it say more than that it is neither
        return _read((fitting or options)[0], value, reading, path)
    spoken = " or ".join(_SPOKEN.get(_SCALARS.get(_bare(o), ""), "a table") for o in options)
    reading.fault(path, f"should be {spoken}, is {_told(value)}")
    return None


def _has_form(hint: Any, value: object) -> bool:
    """Whether the hint takes a value of this form, table or list, whatever stands in it."""
    hint = _bare(hint)
    if isinstance(value, Mapping):
        return _is_pairs(hint) or is_dataclass(hint)
    return isinstance(value, list | tuple) and typing.get_origin(hint) is tuple and not _is_pairs(hint)


def _read_enum(hint: type[StrEnum], value: object, reading: Reading, path: Path) -> object:
    known = [member.value for member in hint]
    if isinstance(value, str) and value in known:
        return hint(value)
    told = f"{value!r} is not known" if isinstance(value, str) and len(value) <= 40 else f"is {_told(value)}"
    reading.fault(path, f"{told}; {nearest_hint(str(value)[:40], known)}")
    return None


def _read_phrase(value: object, reading: Reading, path: Path) -> object:
    if isinstance(value, str):
        return Phrase(template=value)
    if isinstance(value, Mapping) and set(value) == {"template", "fields"}:
        return Phrase(template=str(value["template"]), fields=tuple(sorted(value["fields"].items())))
    reading.fault(path, f"should be a sentence, is {_told(value)}")
    return None


def _read_tuple(hint: Any, value: object, reading: Reading, path: Path) -> object:
    args = typing.get_args(hint)
    if _is_pairs(hint):
        if not isinstance(value, Mapping):
            reading.fault(path, f"should be a table, is {_told(value)}")
            return ()
        inner = typing.get_args(args[0])[1]
        return tuple((key, _read(inner, item, reading, (*path, key))) for key, item in sorted(value.items()))
    if not isinstance(value, list | tuple):
        reading.fault(path, f"should be a list, is {_told(value)}")
        return ()
    return tuple(_read(args[0], item, reading, (*path, n)) for n, item in enumerate(value))


def _read_class(hint: type, value: object, reading: Reading, path: Path) -> object:
    if not isinstance(value, Mapping):
        reading.fault(path, f"should be a table, is {_told(value)}")
        return None
    hints, before = _hints(hint), len(reading.faults)
    known = {f.name: f for f in fields(hint)}
    for key in value:
        if key not in known:
            reading.fault((*path, key), f"unknown key; {nearest_hint(key, known)}")
    got: dict[str, object] = {}
    for name, spec in known.items():
        if name in value:
            got[name] = _read(hints[name], value[name], reading, (*path, name))
        elif spec.default is MISSING and spec.default_factory is MISSING:
            reading.fault((*path, name), "is missing")
    if len(reading.faults) > before:
        return None
    try:
        return hint(**got)
    except ValueError as error:  # a class may refuse values that fit its types but not each other
        reading.fault(path, str(error))
        return None


def _told(value: object) -> str:
    """The kind of a value, never the value: a file may hold anything by mistake."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return _SPOKEN.get(_SCALARS.get(type(value), ""), "nothing" if value is None else f"a {type(value).__name__}")


def _schema(hint: Any, definitions: dict[str, Plain]) -> Plain:
    notes = [note for note in getattr(hint, "__metadata__", ()) if isinstance(note, str)]
    body = _schema_bare(_bare(hint), definitions)
    return {**cast("dict[str, Plain]", body), "description": notes[0]} if notes else body


def _schema_bare(hint: Any, definitions: dict[str, Plain]) -> Plain:
    args = typing.get_args(hint)
    if _is_union(hint):
        return {
            "anyOf": [{"type": "null"} if option is type(None) else _schema(option, definitions) for option in args]
        }
    if _is_pairs(hint):
        return {"type": "object", "additionalProperties": _schema(typing.get_args(args[0])[1], definitions)}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(args[0], definitions)}
    if hint is Phrase:
        template: Plain = {
            "type": "object",
            "required": ["template", "fields"],
            "properties": {"template": {"type": "string"}, "fields": {"type": "object"}},
        }
        return {"anyOf": [{"type": "string"}, template]}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"type": "string", "enum": [member.value for member in hint]}
    if isinstance(hint, type) and is_dataclass(hint):
        return _schema_class(hint, definitions)
    supertype = getattr(hint, "__supertype__", hint)
    return {"type": _SCALARS[supertype]} if supertype in _SCALARS else {}


def _schema_class(hint: type, definitions: dict[str, Plain]) -> Plain:
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = {}  # stands in while the class is described, should it hold itself
        hints = _hints(hint)
        required: list[Plain] = [f.name for f in fields(hint) if f.default is MISSING and f.default_factory is MISSING]
        definitions[hint.__name__] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {f.name: _schema(hints[f.name], definitions) for f in fields(hint)},
            "required": required,
        }
    return {"$ref": f"#/$defs/{hint.__name__}"}
