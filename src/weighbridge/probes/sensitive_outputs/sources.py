"""Where the names of outputs stand: in the classifier, its settings, schemas, sample outputs and the card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from weighbridge.core.candidate import Belonging, Role, Subject
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bench, Stream
from weighbridge.probes.sensitive_outputs.recognition import is_hidden, names_no_output
from weighbridge.probes.sensitive_outputs.structure import names_in

_MAX_JSON = 1 << 24  # bytes of a file of settings that is read; ours
_MAX_LINE = 1 << 20
_MAX_OUTPUTS = 1 << 26  # bytes of sample outputs that are read; ours
_MAX_NAMES = 200_000  # of one file; ours
_SKIPPED = frozenset({
    Role.DATA, Role.TRAIN_DATA, Role.HELD_OUT, Role.POPULATION, Role.PARALLEL_TEXT, Role.RELEASE_TEXT, Role.HUMAN_TEXT,
    Role.REFERENCE_WEIGHTS, Role.TOKENIZER, Role.PAPER, Role.LICENCE, Role.RECIPE, Role.CODE,
})  # fmt: skip
_TOKENIZER_FILES = (
    "tokenizer",
    "vocab",
    "merges",
    "added_tokens",
    "special_tokens",
    "preprocessor",
    "generation_config",
)
_LABEL_KEYS = ("id2label", "label2id", "label_names", "labels", "class_names", "classes", "class_labels", "label_map")
_HEADING = re.compile(
    r"^#{1,6}\s.*(?:output|label|class(?:es)?\b|field|schema|\btags?\b|entit|sortie|étiquette|salida|etiqueta|saída|"
    r"ausgabe|klassen|uscit|etichett|выход|метк|вихід|мітк|مخرجات|تصنيف|输出|标签|类别|आउटपुट|matokeo|keluaran|çıktı|ውጤት)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+[`*_\"']*([^`*\"':–—(|]{1,80})")
_ROW = re.compile(r"^\s*\|\s*[`*_\"']*([^|`*\"']{1,80}?)[`*_\"']*\s*\|")
HOSTILE = (OSError, ValueError, EOFError, LookupError, OverflowError, MemoryError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Names that belong together: the classes of a classifier, the fields of a schema."""

    source: str  # "the classifier", or the label of a file
    names: tuple[str, ...]
    are_classes: bool


@dataclass(slots=True, kw_only=True)
class Gathered:
    """All groups, and what could not be read."""

    groups: list[Group] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # labels of files
    said: list[Phrase] = field(default_factory=list)
    silent: Silent | None = None

    def add(self, source: str, names: Iterable[str], *, are_classes: bool) -> None:
        """Take in a group, if it has names."""
        different = tuple(dict.fromkeys(name for name in names if name.strip()))
        if different:
            self.groups.append(Group(source=source, names=different, are_classes=are_classes))


def gather(bench: Bench) -> Gathered:
    """Every name that the candidate gives to what comes out of it."""
    found = Gathered()
    _from_classifier(bench, found)
    _from_target(bench, found)
    is_classifier = not {Subject.CLASSIFIER, Subject.UNTOLD_MODEL}.isdisjoint(bench.candidate.subjects)
    for stream in bench.streams():
        bench.progress(len(found.groups), len(bench.candidate.artefacts), "file")
        _from_file(stream, found, is_classifier=is_classifier)
    for table in bench.tables(Role.OUTPUTS):
        if not table.label.endswith((".jsonl", ".ndjson", ".json")):
            found.add(table.label, (column.name for column in table.columns), are_classes=False)
    return found


def _from_classifier(bench: Bench, found: Gathered) -> None:
    if Subject.CLASSIFIER not in bench.candidate.subjects:
        return
    try:
        classifier = bench.classifier()
    except Silent as silent:
        found.silent = silent
        found.said.append(silent.outcome.because)
        return
    found.said += classifier.notes
    found.add("the classifier", classifier.classes, are_classes=True)


def _from_target(bench: Bench, found: Gathered) -> None:
    """The column that the model is to predict names its output."""
    declared = [a.declared.target for a in bench.candidate.of_role(Role.TRAIN_DATA, Role.HELD_OUT)]
    for name in dict.fromkeys(name for name in declared if name and not names_no_output(name)):
        found.add("the declared target", (name,), are_classes=False)


def _from_file(stream: Stream, found: Gathered, *, is_classifier: bool) -> None:
    artefact = stream.artefact
    is_output = artefact.role is Role.OUTPUTS
    if artefact.role in _SKIPPED or (artefact.belongs is Belonging.EVIDENCE_ONLY and not is_output):
        return
    name = artefact.label.rpartition("/")[2].lower()
    try:
        with stream.open() as reader:
            if is_output and artefact.format in ("jsonl", "text", "json", "markdown"):
                _from_outputs(reader, artefact.label, found)
            elif artefact.format == "json" and not name.startswith(_TOKENIZER_FILES):
                _from_json(reader, artefact.label, found, is_classifier=is_classifier)
            elif artefact.format in ("text", "csv") and _is_of_labels(name):
                lines = _whole(reader).decode("utf-8").splitlines()
                found.add(artefact.label, lines[:_MAX_NAMES], are_classes=True)
            elif artefact.role is Role.CARD and artefact.format in ("markdown", "text"):
                found.add(artefact.label, _in_card(_whole(reader).decode("utf-8", "replace")), are_classes=False)
    except HOSTILE:
        found.unread.append(artefact.label)


def _whole(reader: BinaryIO) -> bytes:
    data = reader.read(_MAX_JSON + 1)
    if len(data) > _MAX_JSON:
        raise ValueError("too long")
    return data


def _is_of_labels(name: str) -> bool:
    return any(word in name for word in ("label", "class", "category", "categories"))


# ---- JSON ----


def _from_json(reader: BinaryIO, label: str, found: Gathered, *, is_classifier: bool) -> None:
    told = json.loads(_whole(reader))
    if _is_of_labels(label.rpartition("/")[2].lower()):
        found.add(label, _texts(told), are_classes=True)
        return
    fields: list[str] = []
    for table in _tables(told):
        for key in _LABEL_KEYS:
            names = _texts(table.get(key))
            if is_classifier or not all(is_hidden(name) for name in names):  # language models carry idle LABEL_0 along
                found.add(label, names, are_classes=True)
        properties = table.get("properties")
        if isinstance(properties, dict) and all(isinstance(held, dict | bool) for held in properties.values()):
            fields.extend(properties)
            fields += [text for held in properties.values() for text in _allowed(held)]
    found.add(label, fields, are_classes=False)


def _tables(told: object) -> Iterator[dict[str, object]]:
    """Every table in it, outermost first."""
    waiting = [told]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def _texts(told: object) -> list[str]:
    """The names in a list of labels, or in a table between labels and numbers."""
    if isinstance(told, dict):
        told = [text for pair in told.items() for text in pair if not _is_number(text)]
    held = told if isinstance(told, list) else []
    return [text if isinstance(text, str) else str(text) for text in held if isinstance(text, str | int)][:_MAX_NAMES]


def _is_number(text: object) -> bool:
    return not isinstance(text, str) or text.lstrip("-").isdecimal()


def _allowed(held: object) -> list[str]:
    """The texts that a field may have."""
    if not isinstance(held, dict):
        return []
    values = held.get("enum")
    only = held.get("const")
    listed = [*values] if isinstance(values, list) else []
    return [text for text in (*listed, only) if isinstance(text, str)][:_MAX_NAMES]


# ---- sample outputs and the card ----


def _from_outputs(reader: BinaryIO, label: str, found: Gathered) -> None:
    names: dict[str, None] = {}
    left = _MAX_OUTPUTS
    while line := reader.readline(_MAX_LINE):
        left -= len(line)
        if left < 0 or len(names) > _MAX_NAMES or (len(line) == _MAX_LINE and not line.endswith(b"\n")):
            found.unread.append(label)
            break
        names |= dict.fromkeys(_in_output(line.decode("utf-8", "replace")))
    found.add(label, names, are_classes=False)


def _in_output(line: str) -> Iterator[str]:
    try:
        told = json.loads(line)
    except HOSTILE:
        yield from names_in(line)
        return
    for table in _tables(told):
        yield from table
        for text in table.values():
            yield from names_in(text) if isinstance(text, str) else ()
    if isinstance(told, str):
        yield from names_in(told)


def _in_card(text: str) -> Iterator[str]:
    """Items of lists and first cells of tables below a heading that speaks of outputs or labels."""
    is_below = False
    for line in text.splitlines():
        if line.startswith("#"):
            is_below = _HEADING.match(line) is not None
        match = (_ITEM.match(line) or _ROW.match(line)) if is_below else None
        if match and set(match[1].strip()) - set(":-"):
            yield match[1].strip()
