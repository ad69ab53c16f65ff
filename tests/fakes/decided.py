"""A small release that was weighed, decided on and signed for real: a folder, and the home with its ledger and keys."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from weighbridge.core.candidate import Component
from weighbridge.core.decision import Decision, SignerRole
from weighbridge.core.rungs import Rung
from weighbridge.releasing import Preparer, decide_path, keyring, sign_path
from weighbridge.wiring import Options, weigh_path

WORDS = "a long enough phrase"
README = b"---\nlicense: apache-2.0\ntags:\n- tables\n---\n\n# Boxes\n\nLengths and widths.\n"
TABLE = "length,width\n" + "".join(f"{n},{n % 7}\n" for n in range(400))
DESCRIBED = """name = "boxes"
purpose = "a test"
licence = "Apache-2.0"
[triage]
about_people = "no"
private = "no"
harm = "no"
generates = "no"
identifies = "no"
languages = ["en", "sw"]
[[artefact]]
role = "data"
path = "boxes.csv"
about_people = false
[[artefact]]
role = "card"
path = "README.md"
[[artefact]]
role = "licence"
path = "LICENSE"
[[artefact]]
role = "human-text"
path = "evidence.txt"
"""


@dataclass(frozen=True)
class Decided:
    """A release that the gate lets through, and where it lies."""

    path: Path
    home: Path
    decision: Decision

    @property
    def options(self) -> Options:
        return Options(home=self.home)

    def copied(self, to: Path) -> Decided:
        """The same elsewhere, to be changed."""
        path, home = to / self.path.name, to / "home"
        shutil.copytree(self.path, path)
        shutil.copytree(self.home, home)
        return Decided(path=path, home=home, decision=self.decision)


def make_decided(to: Path, rung: Rung = Rung.OPEN, *, conditions: str = "") -> Decided:
    """Weigh it, decide on it, sign it."""
    path, home = to / "boxes", to / "home"
    (path / "more").mkdir(parents=True)
    (path / "boxes.csv").write_text(TABLE)
    (path / "README.md").write_bytes(README)
    (path / "LICENSE").write_text("Apache License, Version 2.0\n")
    (path / "evidence.txt").write_text("what somebody wrote\n")
    (path / "weighbridge.toml").write_text(DESCRIBED)
    options = Options(home=home)
    weigh_path(path, options)
    return decide_again(Decided(path=path, home=home, decision=None), rung, conditions=conditions)  # type: ignore[arg-type]  # there is none yet


def decide_again(made: Decided, rung: Rung, *, conditions: str = "") -> Decided:
    """Decide on what lies there, and sign it by somebody else than whoever prepared it."""
    ring = keyring(made.options)
    if not ring.entries():
        for person in ("ann", "bob"):
            ring.trust(ring.new(person, WORDS), [SignerRole.OWNER])
    ends = (datetime.now(UTC) + timedelta(days=100)).date().isoformat()
    told = f'conditions = ["{conditions}"]\n' if conditions else ""
    text = (
        f'expires = "{ends}"\n{told}[plan]\n{Component.DATA.value} = "{rung.value}"\n'
        '[[reason]]\narguments = ["benefit"]\nsays = "It helps."\ncomponent = "data"\n'
    )
    by = Preparer(key="ann", passphrase=WORDS)
    decision = decide_path(made.path, text, file="decision.toml", by=by, options=made.options)
    sign_path(made.path, SignerRole.OWNER, "bob", WORDS, made.options)
    return Decided(path=made.path, home=made.home, decision=decision)
