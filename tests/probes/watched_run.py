"""Run a probe's toys under an audit hook and print what it opened; a process of its own, since a hook cannot be taken off."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

import weighbridge
from weighbridge.catalogue import find_probes
from weighbridge.core.evidence import Measured
from weighbridge.probekit.ports import Calibration, LoadedProbe

WATCHED = ("open", "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.remove", "os.rename",
           "os.mkdir", "os.listdir", "os.scandir", "shutil.", "sqlite3.", "urllib.", "ctypes.dlopen", "glob.", "tempfile.")  # fmt: skip
# Code and data of installed packages may be read: imports do it, and so do libraries that load their tables late.
CODE = tuple(
    os.path.realpath(folder) + os.sep
    for folder in (sys.prefix, sys.base_prefix, str(Path(weighbridge.__file__).parent), str(Path(os.__file__).parent))
)

opened: list[str] = []
armed = False


def _hook(event: str, args: tuple[object, ...]) -> None:
    if not armed or not event.startswith(WATCHED):
        return
    target = args[0] if args else ""
    if event in ("open", "os.listdir", "os.scandir") and isinstance(target, str | bytes | os.PathLike):
        path = os.path.realpath(os.fsdecode(target))
        writes = event == "open" and isinstance(args[1], str) and bool(set(args[1]) & set("wax+"))
        if (path + os.sep).startswith(CODE) and not writes:
            return
    opened.append(f"{event} {Path(str(target)).name}")


def _run(loaded: LoadedProbe, calibration: Calibration, seed: int) -> None:
    probe = loaded.load()
    for weight in (calibration.null(seed), calibration.planted(seed)):
        outcome = probe.measure(weight.bench, probe.settings(**dict(weight.settings)))
        if not isinstance(outcome, Measured):
            raise SystemExit(f"{loaded.card.slug} measured nothing on its own toy")


def main(slug: str) -> None:
    """Warm up once, arm the hook, run again."""
    global armed  # noqa: PLW0603  a hook sees nothing but module state
    loaded = next(p for p in find_probes() if p.card.slug == slug)
    calibration = importlib.import_module(f"weighbridge.probes.{slug.replace('-', '_')}.calibration").CALIBRATION
    _run(loaded, calibration, 0)
    sys.addaudithook(_hook)
    armed = True
    _run(loaded, calibration, 1)
    armed = False
    print(json.dumps(opened))  # noqa: T201  the test reads it


if __name__ == "__main__":
    main(sys.argv[1])
