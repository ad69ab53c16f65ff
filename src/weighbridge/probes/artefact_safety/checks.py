"""What a file may hold besides what its format is for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from weighbridge.probekit.compression import HEAD_BYTES
from weighbridge.probekit.formats import identify_start
from weighbridge.probekit.tape import Tape, tape_of
from weighbridge.probes.artefact_safety import contents, structures
from weighbridge.probes.artefact_safety.graph import graph_report
from weighbridge.probes.artefact_safety.opinions import Tally, tally

MAX_CONFIG = 1 << 24  # bytes of a model's configuration that are read; ours
_MAX_HEADER = 1 << 25  # bytes of a safetensors header that are read; the largest models have a tenth of it
_MAX_SCHEMA = 1 << 25
_LAMBDA = re.compile(rb'"class_name":\s*"(?:Lambda|__lambda__)"')
_YAML_OBJECT = re.compile(rb"!!python/(?:object|name|module)")
_YAML_NODE = re.compile(rb"(?m)^[ \t-]*(?:[\w\"'.-]+[ \t]*:[ \t]+)?!!python/(?:object|name|module)[/:]")
_YAML_LIKE = frozenset({"yaml", "text", "toml", "json"})
_PATH_IMPORT = re.compile(rb"(?m)^(?:\xef\xbb\xbf)?import[ \t]")  # Python runs such a line at its start
_PDF_ACTION = re.compile(rb"/(?:JavaScript|Launch)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found: kinds of code, bytes that nothing accounts for, opinions on pickles."""

    kinds: tuple[str, ...] = ()
    is_unknown: bool = False
    pickles: Tally = field(default_factory=Tally)


def check(format_: str, name: str, whole: BinaryIO) -> Verdict:
    """The check of this format; nothing is found where there is none.

    Raises the exceptions of `tape.HOSTILE` where the bytes are not what their format says.
    """
    whole.seek(0)
    if is_configuration(name):
        return _config(whole, structures.fetches_code)
    if name.rpartition("/")[2] == "modules.json":
        return _config(whole, structures.names_foreign_modules)
    if format_ in contents.TEXT:
        return _text(format_, name, whole)
    found = _CHECKS.get(format_)
    return found(whole) if found else Verdict()


def check_packed(outer_format: str, name: str, whole: BinaryIO) -> Verdict:
    """The check of a part that says what is to be built from the archive around it."""
    whole.seek(0)
    if outer_format == "skops" and name == "schema.json":
        return _kind("types", holds=structures.untrusted_skops_types(whole.read(_MAX_SCHEMA)) > 0)
    if outer_format == "keras" and name == "config.json":
        return _kind("operators", holds=structures.keras_runs_code(whole.read(_MAX_SCHEMA)))
    return _kind("script", holds=name.endswith("vbaProject.bin"))


def _kind(kind: str, *, holds: bool) -> Verdict:
    return Verdict(kinds=(kind,) if holds else ())


def is_configuration(name: str) -> bool:
    """Whether a model's reader takes a file of this name for the model's configuration."""
    return name.endswith("config.json")


def _config(whole: BinaryIO, runs_code: Callable[[bytes], bool]) -> Verdict:
    data = whole.read(MAX_CONFIG + 1)
    if len(data) > MAX_CONFIG:
        raise ValueError("a configuration beyond what we read")
    return _kind("remote-code", holds=runs_code(data))


def _text(format_: str, name: str, whole: BinaryIO) -> Verdict:
    """Text that some program builds objects from, or runs, whatever it is called."""
    if name.lower().endswith(".pth") and _holds(tape_of(whole), _PATH_IMPORT):
        return _kind("script", holds=True)
    if format_ not in _YAML_LIKE:
        return Verdict()
    return _kind("types", holds=_holds(tape_of(whole), _YAML_OBJECT if format_ == "yaml" else _YAML_NODE))


def _pickle(whole: BinaryIO) -> Verdict:
    return Verdict(pickles=tally(whole))


def _object_array(whole: BinaryIO) -> Verdict:
    start = whole.read(12)
    head, width = (10, 2) if start[6:7] == b"\x01" else (12, 4)
    whole.seek(head + int.from_bytes(start[8 : 8 + width], "little"))
    return Verdict(pickles=tally(whole))


def _safetensors(whole: BinaryIO) -> Verdict:
    length = int.from_bytes(whole.read(8), "little")
    if length > _MAX_HEADER:
        raise ValueError("a header beyond what we read")
    report = structures.safetensors_report(whole.read(length))
    whole.seek(report.end)
    behind = whole.read(HEAD_BYTES)
    is_code = bool(behind) and identify_start(behind, "", is_whole=len(behind) < HEAD_BYTES) in contents.CODE
    is_short = whole.seek(0, io.SEEK_END) < report.end
    return Verdict(
        kinds=("hidden",) if report.has_code or is_code else (),
        is_unknown=bool(behind) or report.has_gaps or is_short,
    )


def _graph(whole: BinaryIO) -> Verdict:
    report = graph_report(whole)
    kinds = (("operators", report.is_custom), ("escaping-path", report.points_outside))
    return Verdict(kinds=tuple(kind for kind, holds in kinds if holds))


def _holding(pattern: re.Pattern[bytes], kind: str) -> Callable[[BinaryIO], Verdict]:
    return lambda whole: _kind(kind, holds=_holds(tape_of(whole), pattern))


def _holds(tape: Tape, pattern: re.Pattern[bytes]) -> bool:
    rest = b""
    for chunk in tape.chunks():
        if pattern.search(rest + chunk):
            return True
        rest = chunk[-256:]
    return False


_CHECKS: dict[str, Callable[[BinaryIO], Verdict]] = {
    "pickle": _pickle,
    "npy-object": _object_array,
    "safetensors": _safetensors,
    "onnx": _graph,
    "hdf5": _holding(_LAMBDA, "operators"),
    "pdf": _holding(_PDF_ACTION, "script"),
}
