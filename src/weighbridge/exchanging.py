"""Where what other tools write comes in, and what they read goes out: joined with the disk here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.imports.report import TOOLS, read_report
from weighbridge.app.import_report import import_report
from weighbridge.core.attestations import enveloped, tested
from weighbridge.core.canon import canonical
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import NotSettled
from weighbridge.core.evidence import Evidence
from weighbridge.core.wording import _
from weighbridge.releasing import keyring
from weighbridge.wiring import Options, check_home, home_folder, opened_ledger, recommend_path

IMPORTABLE = TOOLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose key signs, and what opens it. It says who attests; it approves nothing."""

    key: str  # a holder, or how a fingerprint begins
    passphrase: str


def attest_path(path: Path, signer: Signer | None = None, options: Options | None = None) -> bytes:
    """What was last found about what lies at a path, as an in-toto Statement of the predicate test-result.

    Parameters
    ----------
    signer : whose key signs it into a DSSE envelope; left out: the statement alone

    Raises
    ------
    NotSettled
        Where these bytes were not weighed, or nothing of them is to be released: there is nothing to say it of.
    Unusable
        Where the key cannot sign.
    """
    options = options or Options()
    statement = tested(recommend_path(path, options).weighing)
    if not statement["subject"]:
        raise NotSettled(
            _("there is nothing to attest"), _("no file of it is to be released"),
            _("name what is to be released: weighbridge init {path}").format(path=path),
        )  # fmt: skip
    if signer is None:
        return canonical(statement)
    ring = keyring(options)
    known = ring.find(signer.key)
    return enveloped(statement, known.fingerprint, ring.signer(known, signer.passphrase))


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
