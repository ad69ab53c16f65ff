"""The door: where a path becomes a digest. Inward of here nobody knows a path."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from weighbridge.adapters.cells import look_into_cells
from weighbridge.adapters.files import mark_of, stay_below, unreadable, walk
from weighbridge.adapters.formats.canary_kit import is_of_kit
from weighbridge.adapters.formats.candidate_file import (
    FILE_NAME,
    ArtefactEntry,
    BaseEntry,
    CandidateFile,
    belongs_by_default,
    parse_candidate,
)
from weighbridge.adapters.formats.draft import Draft, Found, draft
from weighbridge.adapters.models.weights import model_weights
from weighbridge.core.candidate import Artefact, Base, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.errors import Unusable, WeighbridgeError
from weighbridge.core.wording import _
from weighbridge.probekit.formats import inside, is_table, is_text, may_hold_media

_CHUNK = 1 << 20
_CONFIGURATIONS = ("config.json", "adapter_config.json")
_CAUSAL = ("ForCausalLM", "LMHeadModel")
CLASSIFIER_FORMATS = frozenset({"onnx", "skops", "xgboost", "lightgbm"})  # a classifier in one file
_CLASSIFYING = "ForSequenceClassification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file as it was when it was hashed; any later difference means that it was changed."""

    path: Path
    mark: tuple[int, int, int, int, int]  # device, inode, size, and the times of last change of content and of inode


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A candidate, with the paths that stay at the door."""

    candidate: Candidate
    files: tuple[tuple[str, Seen], ...]  # by label
    base_folder: Path | None
    guesses: tuple[str, ...]
    source: CandidateFile

    def path(self, label: str) -> Path:
        """Where an artefact lies."""
        return dict(self.files)[label].path

    def model_folders(self) -> tuple[Path, ...]:
        """The folders that hold a model's configuration, in the order of their labels."""
        configured = [a.label for a in self.candidate.of_role(Role.WEIGHTS) if Path(a.label).name in _CONFIGURATIONS]
        return tuple(dict.fromkeys(self.path(label).parent for label in configured))

    def tokenizer_folder(self) -> Path | None:
        """Where a tokenizer lies that came without a model."""
        found = [a.label for a in self.candidate.of_role(Role.TOKENIZER) if Path(a.label).name == "tokenizer.json"]
        return self.path(found[0]).parent if len(found) == 1 else None

    def check_unchanged(self) -> None:
        """Raise Unusable if a file is not the one that was hashed."""
        for label, seen in self.files:
            try:
                now = mark_of(seen.path.stat())
            except OSError:
                now = None
            if now != seen.mark:
                raise Unusable(
                    _("{label} was changed while it was weighed").format(label=label),
                    _("what was measured so far belongs to other bytes than those that lie there now"),
                    _("let nothing write to the candidate, then run the same command again"),
                )


# Files of these roles hold no rows; those that only describe the rest are no data.
_NO_ROWS = frozenset({Role.WEIGHTS, Role.TOKENIZER, Role.CODE})
_ABOUT_DATA = frozenset({Role.CARD, Role.LICENCE, Role.PAPER, Role.RECIPE, Role.RELEASE_TEXT})
_DATA = frozenset({Belonging.DATA, Belonging.TRAIN_DATA, Belonging.SAMPLES})
_BESIDE_WEIGHTS = frozenset({"json", "text", "markdown", "toml", "yaml", "empty"})


def open_candidate(path: Path) -> Opened:
    """Everything known of the candidate at this path: a candidate file, a folder, or one data file.

    Raises
    ------
    Unusable
        For a path that is missing or empty, a link that leads out of the folder, a file that is no file.
    Outside
        For what cannot be read.
    """
    if not path.exists():
        raise Unusable(
            _("cannot weigh {path}").format(path=path),
            _("there is no such file or folder"),
            _("name a folder, a data file or a weighbridge.toml that exists, as in: weighbridge weigh ./model"),
        )
    if path.is_dir():
        inside = path / FILE_NAME
        return _from_file(inside) if inside.exists() else _from_draft(path, draft_folder(path))
    return _from_file(path) if path.suffix == ".toml" else _from_draft(path.parent, draft_file(path))


def draft_folder(folder: Path) -> Draft:
    """The candidate file that a folder suggests."""
    root = folder.resolve()
    found = [Found(label=label, format=_format(at)) for label, at in walk(root)]
    if not found:
        raise Unusable(
            _("cannot weigh {path}").format(path=folder),
            _("the folder holds no file"),
            _("name the folder that holds the model or the data"),
        )
    base_name = _named_base(root)
    base_path = base_name if base_name and (root / base_name).is_dir() else ""
    return draft(
        root.name or "candidate",
        found,
        base_path=base_path,
        base_name=base_name,
        n_parameters=_n_parameters(root, found),
    )


def _n_parameters(root: Path, found: list[Found]) -> int:
    """How many numbers the heads of a model's weights tell of; 0 where there are none, several models, or an adapter.

    A head is read and nothing else; weights that are damaged are told when they are weighed, not here.
    """
    folders = {(root / f.label).parent for f in found if f.format == "safetensors"}
    if len(folders) != 1 or any(Path(f.label).name == "adapter_config.json" for f in found):
        return 0
    try:
        return model_weights(folders.pop(), label=root.name).n_values
    except WeighbridgeError:
        return 0


def draft_file(path: Path) -> Draft:
    """The candidate file that one data file suggests."""
    return draft(path.stem or "candidate", [Found(label=path.name, format=_format(path.resolve()))])


def _from_draft(root: Path, made: Draft) -> Opened:
    told = tuple(
        _("{path}: taken as {role} ({why})").format(path=g.entry.path, role=g.entry.role.value, why=g.why)
        for g in made.guesses
    )
    return _open(root.resolve(), made.file, told)


def _from_file(path: Path) -> Opened:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(
            _("cannot use {path}").format(path=path),
            _("it is not UTF-8: the byte at {at} is not").format(at=error.start),
            _("save it as UTF-8"),
        ) from None
    except OSError as error:
        raise unreadable(path, error) from error
    return _open(path.parent.resolve(), parse_candidate(text, file=path.name), ())


def _open(root: Path, source: CandidateFile, guesses: tuple[str, ...]) -> Opened:
    has_weights = any(entry.role is Role.WEIGHTS for entry in source.artefact)
    files: dict[str, Seen] = {}
    artefacts: dict[str, Artefact] = {}
    for entry in source.artefact:
        belongs = entry.component or belongs_by_default(entry.role, has_weights=has_weights)
        for label, path in _entry_files(root, entry, belongs):
            if label not in artefacts:  # the first entry that names a file says what it is
                home = _kept_back(label, entry) if is_of_kit(path) else belongs
                artefact, files[label] = _hashed(path, label, entry.role, home, entry.declared)
                artefacts[label] = _as_data(artefact) if entry.component is None else artefact
    base, base_folder = _open_base(root, source.base, artefacts, files)
    bare = Candidate(
        name=source.name, version=source.version, artefacts=tuple(artefacts[label] for label in sorted(artefacts)),
        subjects=(), claims=source.claims, triage=source.triage.triage, base=base, plan=source.proposed,
        probes=source.probes, served=source.served, replication=source.replication,
        worth=source.worth, misuses=source.misuse,
    )  # fmt: skip
    candidate = replace(bare, subjects=_subjects(bare, files))
    return Opened(
        candidate=candidate, files=tuple(sorted(files.items())), base_folder=base_folder, guesses=guesses, source=source
    )


def _kept_back(label: str, entry: ArtefactEntry) -> Belonging:
    """A kit of canaries is worth something only while nobody has it."""
    if entry.component not in (None, Belonging.EVIDENCE_ONLY):
        raise Unusable(
            _("{label} must not be released").format(label=label),
            _("it belongs to a kit of canaries, and whoever has the kit knows every secret that was planted"),
            _('say component = "evidence-only" in its entry in {file}').format(file=FILE_NAME),
        )
    return Belonging.EVIDENCE_ONLY


def _as_data(artefact: Artefact) -> Artefact:
    """A table that is called a card, a paper or a licence is released as data all the same."""
    disguised = artefact.role in (Role.CARD, Role.PAPER, Role.LICENCE) and is_table(artefact.format)
    return replace(artefact, belongs=Belonging.DATA) if disguised else artefact


def _entry_files(root: Path, entry: ArtefactEntry, belongs: Belonging) -> Iterator[tuple[str, Path]]:
    """Label and path of every file that an entry names."""
    target = root / entry.path
    if any(mark in entry.path for mark in "*?[") and not target.exists():
        matched = [(label, path) for label, path in walk(root) if fnmatch.fnmatch(label, entry.path)]
    elif target.is_dir():
        matched = [(f"{_clean(entry.path)}/{label}".removeprefix("./"), path) for label, path in walk(target.resolve())]
    else:
        matched = [(_clean(entry.path), target)] if target.exists() else []
    if not matched:
        raise Unusable(
            _("cannot find an artefact"),
            _('path = "{path}" (role {role}) names no file').format(path=entry.path, role=entry.role.value),
            _("mend the path in {file}, relative to that file").format(file=FILE_NAME),
        )
    for label, path in matched:
        if belongs is not Belonging.EVIDENCE_ONLY:
            stay_below(root, path, label)
        yield label, path.resolve()


def _clean(path: str) -> str:
    return Path(path).as_posix()


def _hashed(path: Path, label: str, role: Role, belongs: Belonging, declared: Declared) -> tuple[Artefact, Seen]:
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:  # noqa: PTH123  a descriptor is no path
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unusable(
                    _("{label} is not a file").format(label=label),
                    _("only regular files can be weighed: no pipe, device or socket"),
                    _("take it out of the candidate"),
                )
            digest = Digest("sha256:" + hashlib.file_digest(stream, "sha256").hexdigest())
            stream.seek(0)
            found = _content(stream, label)
    except OSError as error:
        raise unreadable(path, error) from error
    artefact = Artefact(
        role=role,
        label=label,
        digest=digest,
        size_bytes=status.st_size,
        format=found, belongs=belongs, declared=declared,
    )  # fmt: skip
    return artefact, Seen(path=path, mark=mark_of(status))


def _format(path: Path) -> str:
    if not path.is_file():
        return "unknown"
    try:
        with path.open("rb") as stream:
            return _content(stream, path.name)
    except OSError as error:
        raise unreadable(path, error) from error


def _content(stream: BinaryIO, name: str) -> str:
    """The format by content; of a compressed table or text, that of what is inside."""
    found = inside(stream, name)
    return found.format if is_text(found.format) or not found.compression else found.compression


def _open_base(
    root: Path, entry: BaseEntry | None, artefacts: dict[str, Artefact], files: dict[str, Seen]
) -> tuple[Base | None, Path | None]:
    """The base as a noun and a folder.

    Its files become evidence-only artefacts, so that a changed base is noticed too.
    """
    if entry is None:
        return None, None
    if not entry.path:
        return Base(name=entry.name, digest=entry.digest, licence=entry.licence), None
    folder = (root / entry.path).resolve()
    if not folder.is_dir():
        raise Unusable(
            _("cannot find the base"),
            _('[base] path = "{path}" is no folder').format(path=entry.path),
            _("mend the path in {file}, relative to that file").format(file=FILE_NAME),
        )
    pairs = []
    for label, path in walk(folder):
        if (folder / label).resolve() in {seen.path for seen in files.values()}:
            continue
        named = f"base/{label}"
        artefact, seen = _hashed(path, named, Role.REFERENCE_WEIGHTS, Belonging.EVIDENCE_ONLY, Declared())
        artefacts[named], files[named] = artefact, seen
        pairs.append([label, artefact.digest])
    digest = digest_of(pairs)
    if _tensors(artefacts, files, Role.WEIGHTS) & _tensors(artefacts, files, Role.REFERENCE_WEIGHTS):
        raise Unusable(
            _("the base is the candidate itself"),
            _("both have weights of the same digest, so that all it gives away would count as inherited"),
            _("name the folder of the model it was made from, or take [base] out of {file}").format(file=FILE_NAME),
        )
    if entry.digest is not None and entry.digest != digest:
        raise Unusable(
            _("the base is not the one declared"),
            _("[base] digest says {said}, the folder has {has}").format(said=entry.digest, has=digest),
            _("name the folder of the declared base, or mend the digest"),
        )
    return Base(name=entry.name or entry.path, digest=digest, licence=entry.licence), folder


def _tensors(artefacts: dict[str, Artefact], files: dict[str, Seen], role: Role) -> set[str]:
    """Digests of the tensors alone: a header can be written anew without changing the model."""
    found = set()
    for label, artefact in artefacts.items():
        if artefact.role is role and artefact.format == "safetensors":
            with files[label].path.open("rb") as stream:
                stream.seek(int.from_bytes(stream.read(8), "little"), os.SEEK_CUR)
                found.add(hashlib.file_digest(stream, "sha256").hexdigest())
    return found


def _named_base(root: Path) -> str:
    """The base that an adapter's configuration names; empty where there is none."""
    config = _json(root / "adapter_config.json")
    named = config.get("base_model_name_or_path", "") if isinstance(config, dict) else ""
    return named if isinstance(named, str) else ""


def _subjects(candidate: Candidate, files: dict[str, Seen]) -> tuple[Subject, ...]:
    weights = candidate.of_role(Role.WEIGHTS)
    found = {Subject.BYTES}
    if any(_is_causal(files[a.label].path) for a in weights):
        found.add(Subject.CAUSAL_LM)
    if any(a.format in CLASSIFIER_FORMATS or _is_sequence_classifier(files[a.label].path) for a in weights):
        found.add(Subject.CLASSIFIER)
    if candidate.served is not None:
        found.add(candidate.served)
    if not found & {Subject.CAUSAL_LM, Subject.CLASSIFIER} and any(a.format not in _BESIDE_WEIGHTS for a in weights):
        found.add(Subject.UNTOLD_MODEL)
    released = [a for a in candidate.artefacts if _is_released(a) and a.role not in _NO_ROWS]
    if any(is_table(a.format) for a in released):
        found.add(Subject.TABLE)
    if any(is_text(a.format) for a in released):
        found.add(Subject.TEXT)
    data = [a for a in released if a.belongs in _DATA and a.role not in _ABOUT_DATA]
    cells = {a.label: look_into_cells(files[a.label].path, a.format) for a in released}
    if any(not is_table(a.format) or cells[a.label].have_media for a in data):
        found.add(Subject.UNREAD_DATA)
    leaving = (a for a in candidate.artefacts if _is_released(a))
    if any(may_hold_media(a.format, a.label) for a in leaving) or any(c.have_bytes for c in cells.values()):
        found.add(Subject.MEDIA)
    return tuple(subject for subject in Subject if subject in found)


def _is_released(artefact: Artefact) -> bool:
    return artefact.belongs is not Belonging.EVIDENCE_ONLY


def _is_causal(path: Path) -> bool:
    if path.name == "adapter_config.json":
        config = _json(path)
        return isinstance(config, dict) and config.get("task_type") == "CAUSAL_LM"
    if path.name != "config.json":
        return False
    config = _json(path)
    if not isinstance(config, dict):
        return False
    names = config.get("architectures")
    if not names:  # left out: whether a causal language model can be made of it is for its adapter to find
        return "vocab_size" in config
    return isinstance(names, list) and any(str(name).endswith(_CAUSAL) for name in names)


def _is_sequence_classifier(path: Path) -> bool:
    config = _json(path) if path.name == "config.json" else None
    names = config.get("architectures") if isinstance(config, dict) else None
    return isinstance(names, list) and any(str(name).endswith(_CLASSIFYING) for name in names)


def _json(path: Path) -> object:
    """A small JSON file, or None where it is none: whether it is well-formed is for the model's adapter to say."""
    try:
        if path.stat().st_size > _CHUNK:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
