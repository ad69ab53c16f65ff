"""The shelves of actors and of delays, read from TOML: those shipped, or files of one's own."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TypeVar

from weighbridge.core.assumed import Assumed, Delays
from weighbridge.core.errors import Fault, Faulty, Unusable
from weighbridge.core.toml import parse
from weighbridge.core.wording import _

T = TypeVar("T", Assumed, Delays)

ACTORS = "actors/assumed-2026.toml"
DELAYS = "delays/published-2026.toml"
_MOST_BYTES = 1 << 20


def load_assumed(path: Path | None = None) -> Assumed:
    """The shelf of actors in a file, or the shipped one.

    Raises
    ------
    Unusable
        For a file that cannot be read, or holds more than a shelf can.
    Faulty
        With all faults of the file at once.
    """
    if path is None:
        return _shipped(Assumed, ACTORS)
    made = _parsed(Assumed, _text(path), path.name)
    names = [actor.name for actor in made.actor]
    twice = sorted({name for name in names if names.count(name) > 1})
    says = [_("{name} stands there twice").format(name=name) for name in twice] + ([] if names else [_("names nobody")])
    if says:
        faults = [Fault(file=path.name, line=0, key="actor", says=text) for text in says]
        raise Faulty(_("cannot use {file}").format(file=path.name), faults, _fix(path.name))
    return made


def load_delays() -> Delays:
    """The shipped shelf of delays."""
    return _shipped(Delays, DELAYS)


def _shipped(cls: type[T], name: str) -> T:
    text = (resources.files("weighbridge") / "shelves" / name).read_text(encoding="utf-8")
    return _parsed(cls, text, name)


def _parsed(cls: type[T], text: str, name: str) -> T:
    return parse(cls, text, file=name, fix=_fix(name))


def _fix(name: str) -> str:
    return _("mend the lines named in {file}").format(file=name)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            held = file.read(_MOST_BYTES + 1)
        if len(held) > _MOST_BYTES:
            why = _("it is larger than any shelf: {n} bytes at most").format(n=_MOST_BYTES)
            raise Unusable(_("cannot read {path}").format(path=path), why, _fix(path.name))
        return held.decode()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or _("it is not UTF-8")
        raise Unusable(_("cannot read {path}").format(path=path), why, "weighbridge plans DIR --actors FILE") from None
