"""Where what other tools write comes in, and what they read goes out: joined with the disk here."""

from __future__ import annotations

from pathlib import Path

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.imports.report import TOOLS, read_report
from weighbridge.app.import_report import import_report
from weighbridge.core.decision import SignerRole
from weighbridge.core.evidence import Evidence
from weighbridge.wiring import Options, check_home, home_folder, opened_ledger

IMPORTABLE = TOOLS


def import_path(
    path: Path, file: Path, role: SignerRole, tool: str = "", options: Options | None = None
) -> tuple[Evidence, bool]:
    """Seal what another tool's report says, on the word of a role, about what lies at a path; with whether it is new.

    Raises
    ------
    Unusable
        For a report that is broken, or of no known tool and version; nothing is sealed then.
    """
    home = home_folder((options or Options()).home)
    check_home(home, path)
    report = read_report(file, tool)
    opened = open_candidate(path)
    with opened_ledger(home) as ledger:
        made = import_report(opened.candidate, report, role, ledger)
    opened.check_unchanged()
    return made
