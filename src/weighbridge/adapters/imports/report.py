"""A report of another tool, whichever it is: told by what it holds, or by what whoever brings it says."""

from __future__ import annotations

import importlib
from pathlib import Path

from weighbridge.adapters.imports.reading import NoReport, opened
from weighbridge.app.import_report import Report
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _

_HEAD = 1 << 16  # bytes in which both tools have named themselves
_MOST_BYTES = 512 << 20  # each reader has its own bound, none a larger one
_MARKS = ((b'"entry_type"', "garak"), (b'"sacroml_version"', "sacro-ml"))
TOOLS = tuple(tool for _mark, tool in _MARKS)


def read_report(path: Path, tool: str = "") -> Report:
    """What another tool wrote into a file.

    Parameters
    ----------
    tool : one of `TOOLS`; empty: told by what the file holds

    Raises
    ------
    Unusable
        For a file that is no report of a known tool and version, or is broken. Nothing of it is quoted.
    """
    try:
        return _read_by(tool or _tool_of(path), path)
    except NoReport as error:
        raise Unusable(
            _("cannot import {path}").format(path=path),
            str(error),
            _("import a whole report of {tools}, as the tool wrote it: weighbridge import-report --help").format(
                tools=_(" or ").join(TOOLS)
            ),
        ) from None


def _read_by(tool: str, path: Path) -> Report:
    """By the tool's reader, loaded when it is named, as commands are: its statistics take a second to load."""
    name = tool.replace("-", "_")
    made: Report = getattr(importlib.import_module(f"weighbridge.adapters.imports.{name}"), f"read_{name}")(path)
    return made


def _tool_of(path: Path) -> str:
    with opened(path, _MOST_BYTES) as stream:
        head = stream.read(_HEAD)
    for mark, tool in _MARKS:
        if mark in head:
            return tool
    raise NoReport("it is no report of a tool that is known here")
