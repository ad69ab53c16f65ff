"""A repository on the Hugging Face Hub as a place to push to.

What was decided for few is never open to more, not even while it arrives: a new repository is made private, one that is
there is narrowed before the first byte, and it is opened only after all of it was compared.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weighbridge.adapters.staging import Staging
from weighbridge.app.compare import There
from weighbridge.app.push import Shown
from weighbridge.core.canon import Digest
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.passage import Destination
from weighbridge.core.wording import _

TOKENS = ("WEIGHBRIDGE_HUB_TOKEN", "HF_TOKEN")
_NAME = re.compile(r"(?:(datasets|models)/)?([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})")
_HUBS_OWN = ".gitattributes"  # the Hub makes it with the repository: which files it keeps by their sha256
# The library's settings. Xet is another protocol, to another server, that was not tried here; no telemetry; and no
# token that somebody left on this machine: only the one in the environment.
_SETTINGS = {
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_SYMLINKS_WARNING": "1",
}
_NOT_HANDED_ON = ("HF_", "HUGGING", "TRANSFORMERS_OFFLINE", "WEIGHBRIDGE_")
_OPEN: dict[Destination, tuple[bool, str | bool | None]] = {  # private, gated; None: either
    Destination.PARTNERS: (True, None),
    Destination.GATED: (False, "manual"),  # "auto" lets in whoever asks: nobody is vetted by that
    Destination.PUBLIC: (False, False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Whose repository, and of which kind."""

    name: str  # "org/name"
    kind: str  # "model" or "dataset"

    def __str__(self) -> str:
        return f"hf:{'datasets/' if self.kind == 'dataset' else ''}{self.name}"


def repository(text: str) -> Repository:
    """The repository that `ORG/NAME` or `datasets/ORG/NAME` names.

    Raises
    ------
    Unusable
        For what names none.
    """
    found = _NAME.fullmatch(text)
    if found is None:
        raise Unusable(
            _("this names no repository"),
            _('"{text}" is not of the form ORG/NAME').format(text=text),
            "weighbridge push DIR --to hf:ORG/NAME",
        )
    return Repository(name=found.group(2), kind="dataset" if found.group(1) == "datasets" else "model")


def hub_token() -> str:
    """The token, from the environment and nowhere else.

    Raises
    ------
    Unusable
        Where there is none.
    """
    found = next((os.environ[name].strip() for name in TOKENS if os.environ.get(name, "").strip()), "")
    if not found:
        raise Unusable(
            _("there is no token for the Hub"),
            _("{names} are not set, and a token that lies on the disk is not used").format(names=", ".join(TOKENS)),
            _("make a token that may write to the repository, then: export HF_TOKEN"),
        )
    return found


class Hub:
    """The process that talks to the Hub, as its parent sees it."""

    def __init__(self, process: subprocess.Popen[str], to: Repository) -> None:
        self._process = process
        self.to = to

    def ask(self, do: str, **job: Any) -> dict[str, Any]:
        """Have one job done.

        Raises
        ------
        Outside
            With what the Hub answered, or that nothing came.
        """
        lines, answers = self._process.stdin, self._process.stdout
        told = ""
        if lines is not None and answers is not None:
            with suppress(BrokenPipeError):
                lines.write(json.dumps({"do": do, "repo": self.to.name, "kind": self.to.kind, **job}) + "\n")
                lines.flush()
            told = answers.readline()
        answer: dict[str, Any] = json.loads(told) if told.endswith("\n") else {"fault": "ended", "status": 0}
        if "fault" in answer:
            raise _fault(self.to, str(answer["fault"]), int(answer["status"]))
        return answer


@contextmanager
def hub(to: Repository, token: str, *, below: Path) -> Iterator[Hub]:
    """Start the process; it ends with the block, however that ends. Its own files lie below this folder meanwhile."""
    with tempfile.TemporaryDirectory(prefix="hub-", dir=below) as folder:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "weighbridge.adapters.hub_child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            env=_environment(token, Path(folder)), cwd=folder,
        )  # fmt: skip
        try:
            yield Hub(process, to)
        finally:
            process.kill()
            process.communicate()


def _environment(token: str, folder: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
    server = {"HF_ENDPOINT": os.environ["HF_ENDPOINT"]} if os.environ.get("HF_ENDPOINT") else {}
    return {**kept, **server, **_SETTINGS, "HF_HOME": str(folder), "TMPDIR": str(folder), "HF_TOKEN": token}


class HubPlace:
    """Implements `app.push.Place`."""

    def __init__(self, line: Hub, destination: Destination, staging: Staging, files: tuple[There, ...]) -> None:
        self._hub = line
        self._destination = destination
        self._staging = staging
        self._sizes = {file.label: file.size_bytes for file in files}

    def show(self) -> Shown:
        """What lies at the repository's head now."""
        seen = self._hub.ask("look", sizes=self._sizes)
        if not seen["exists"]:
            return Shown(files=(), is_let_in=False)
        files = [
            There(label=file["path"], digest=Digest(f"sha256:{file['sha256']}"), size_bytes=file["size"])
            for file in seen["files"]
            if file["path"] != _HUBS_OWN or _HUBS_OWN in self._sizes
        ]
        return Shown(files=tuple(files), is_let_in=_is_open(seen, self._destination), revision=str(seen["head"]))

    def send(self, labels: tuple[str, ...], gone: tuple[str, ...]) -> None:
        """One commit with all of it, on what lies there now; refused by the Hub if somebody commits meanwhile."""
        if not self._settings()["exists"]:
            self._hub.ask("make")
        seen = self._settings()
        self._narrow(seen)
        files = [[label, str(self._staging.path(label))] for label in labels]
        self._hub.ask("send", files=files, gone=list(gone), head=seen["head"], says="Release through weighbridge")

    def let_in(self) -> None:
        """The access that was decided: first who is asked for, then whether it can be seen, so that none slips in."""
        is_private, gated = _OPEN[self._destination]
        if gated is not None:
            self._hub.ask("set", settings={"gated": gated})
        self._hub.ask("set", settings={"private": is_private})
        if not _is_open(self._settings(), self._destination):
            raise Outside(
                _("the Hub did not set the access that was decided"),
                _("{to} should be {destination} now, and is something else").format(
                    to=self._hub.to, destination=self._destination.value
                ),
                _("set it by hand in the repository's settings, then run the same command again"),
            )

    def _settings(self) -> dict[str, Any]:
        return self._hub.ask("look", sizes=None)

    def _narrow(self, seen: dict[str, Any]) -> None:
        if self._destination is Destination.PARTNERS and not seen["private"]:
            self._hub.ask("set", settings={"private": True})
        if self._destination is Destination.GATED and not seen["private"] and seen["gated"] != "manual":
            self._hub.ask("set", settings={"gated": "manual"})


def _is_open(seen: dict[str, Any], destination: Destination) -> bool:
    is_private, gated = _OPEN[destination]
    return bool(seen["private"]) is is_private and (gated is None or seen["gated"] == gated)


def _fault(to: Repository, kind: str, status: int) -> Outside | Unusable:
    again = _("run the same command again: what has arrived is not sent twice")
    what = _("the push to {to} did not come through").format(to=to)
    if kind in ("ImportError", "ModuleNotFoundError"):
        return Unusable(what, _("huggingface_hub is not installed"), "pip install 'weighbridge[hub]'")
    if status in (401, 403):
        why = _("the Hub does not let this token do that (status {status})").format(status=status)
        return Outside(what, why, _("make a token that may write to {to}, and put it in HF_TOKEN").format(to=to))
    if status in (409, 412):
        why = _("somebody else has changed the repository meanwhile (status {status})").format(status=status)
        return Outside(what, why, again)
    if status == 429:
        return Outside(
            what, _("the Hub asks to wait (status 429)"), _("wait some minutes; then {again}").format(again=again)
        )
    if status:
        return Outside(what, _("the Hub answered with status {status}").format(status=status), again)
    return Outside(what, _("the connection broke off ({kind})").format(kind=re.sub(r"\W", "", kind)), again)
