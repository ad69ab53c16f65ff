"""A report of another tool, whichever it is: told by what it holds, or by what whoever brings it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from weighbridge.adapters.imports import garak, sacro_ml
from weighbridge.adapters.imports.reading import NoReport, opened
from weighbridge.app.import_report import Report
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _

_HEAD = 1 << 16  # bytes in which both tools have named themselves
_READERS: Mapping[str, Callable[[Path], Report]] = {
    garak.TOOL: garak.read_garak,
    sacro_ml.TOOL: sacro_ml.read_sacro_ml,
}
_MARKS = ((b'"entry_type"', garak.TOOL), (b'"sacroml_version"', sacro_ml.TOOL))
TOOLS = tuple(_READERS)


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
        return _READERS[tool or _tool_of(path)](path)
    except NoReport as error:
        raise Unusable(
            _("cannot import {path}").format(path=path),
            str(error),
            _("import a whole report of {tools}, as the tool wrote it: weighbridge import-report --help").format(
                tools=_(" or ").join(TOOLS)
            ),
        ) from None


def _tool_of(path: Path) -> str:
    with opened(path, max(garak.MOST_BYTES, sacro_ml.MOST_BYTES)) as stream:
        head = stream.read(_HEAD)
    for mark, tool in _MARKS:
        if mark in head:
            return tool
    raise NoReport("it is no report of a tool that is known here")
