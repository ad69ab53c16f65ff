"""The formats of text: told by the first bytes, with the name where they leave it open."""

from __future__ import annotations

import codecs
import csv
import json
import re

_BY_SUFFIX = {
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "toml": "toml",
    "yaml": "yaml",
    "yml": "yaml",
    "md": "markdown",
    "markdown": "markdown",
    "mdown": "markdown",
    "html": "html",
    "htm": "html",
    "xml": "xml",
    "txt": "text",
    "text": "text",
    "rst": "text",
    "tex": "text",
    "log": "text",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "ipynb": "notebook",
    "py": "python",
    "pyw": "python",
    "pyi": "python",
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "ps1": "script",
    "bat": "script",
    "cmd": "script",
    "js": "script",
    "mjs": "script",
    "cjs": "script",
    "vbs": "script",
    "rb": "script",
    "pl": "script",
    "lua": "script",
    "php": "script",
    "r": "script",
    "jl": "script",
}
_SCRIPTS = frozenset({"python", "shell", "script"})
_TEXT_CONTROLS = frozenset(b"\t\n\x0b\x0c\r\x1b")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = {",": "csv", ";": "csv", "|": "csv", "\t": "tsv"}
_FRONT_MATTER = re.compile(r"---\r?\n.*?\n---\r?\n", re.DOTALL)
_YAML_KEY = re.compile(r"[\w\"'.-][\w\"' .-]*:(?:\s|$)")
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_TABULAR_ROWS = 3  # ours: two lines alike are chance


def decoded(head: bytes) -> str | None:
    """The bytes as text, or None where they are none; the last character may be cut."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    if any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in set(head)) or 0x7F in head:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        ascii_share = sum(byte < 0x80 for byte in head) / len(head)
        return head.decode("latin-1") if ascii_share > 0.5 else None  # ours: a page in an old 8-bit encoding


def text_format(text: str, suffix: str, *, is_whole: bool) -> str:
    """The format of text that starts so; `suffix` is that of the name, in lower case, without its dot."""
    named = _BY_SUFFIX.get(suffix, "")
    body = text.lstrip()
    if text.startswith("#!"):
        return _interpreter(text.partition("\n")[0])
    if body[:1] in ("{", "["):
        found = _json_format(body, named, is_whole=is_whole)
        if found:
            return found
    if named in _SCRIPTS:
        return named
    return _marked_up(body) or _by_name_or_shape(text, named, is_whole=is_whole)


def _interpreter(line: str) -> str:
    if "python" in line:
        return "python"
    return "shell" if re.search(r"\b(?:ba|z|k|da|fi)?sh\b", line) else "script"


def _json_format(body: str, named: str, *, is_whole: bool) -> str:
    if is_whole and (found := _whole_json(body)):
        return "jsonl" if found == "json" and named == "jsonl" and "\n" not in body.strip() else found
    first, _, rest = body.partition("\n")
    if rest and _parses(first):
        return "jsonl" if rest.lstrip()[:1] in ("{", "[") or not rest.strip() else ""
    if is_whole:
        return named if named in ("json", "jsonl", "notebook") else ""  # broken, but meant to be
    if named in ("json", "jsonl", "notebook"):
        return named
    return "json" if re.match(r'[{\[]\s*["{\[\d]', body) and named not in ("csv", "tsv", "markdown", "text") else ""


def _whole_json(body: str) -> str:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return "notebook" if isinstance(value, dict) and "nbformat" in value and "cells" in value else "json"


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _marked_up(body: str) -> str:
    start = body[:512].lower()
    if start.startswith(("<!doctype html", "<html")):
        return "html"
    if start.startswith("<svg") or (start.startswith("<?xml") and "<svg" in body[:4096].lower()):
        return "svg"
    return "xml" if start.startswith("<?xml") else ""


def _by_name_or_shape(text: str, named: str, *, is_whole: bool) -> str:
    if named and named not in ("json", "jsonl", "notebook"):
        return named
    if front := _FRONT_MATTER.match(text):
        return "markdown" if text[front.end() :].strip() else "yaml"
    if text.startswith("---\n") and _YAML_KEY.match(text[4:]):
        return "yaml"
    return _tabular(text, is_whole=is_whole) or ("markdown" if _HEADING.match(text) else "text")


def _tabular(text: str, *, is_whole: bool) -> str:
    """The table format whose delimiter cuts every line into the same number of fields, two at least."""
    lines = text.splitlines()
    lines = [line for line in (lines if is_whole else lines[:-1]) if line][:200]
    if len(lines) < _TABULAR_ROWS:
        return ""
    for delimiter, found in _DELIMITERS.items():
        if delimiter not in lines[0]:
            continue
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=delimiter, strict=True)}
        except csv.Error:
            continue
        if len(widths) == 1 and widths.pop() > 1:
            return found
    return ""
