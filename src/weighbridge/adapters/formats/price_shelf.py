"""The shelf of prices as a file: the one that came with the tool, or the user's own."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from weighbridge.core.canon import Plain
from weighbridge.core.errors import Faulty, Unusable
from weighbridge.core.prices import Prices, shelf_doubts
from weighbridge.core.shape import Reading, schema
from weighbridge.core.toml import locate, parse
from weighbridge.core.wording import _

SHIPPED = "2025-03.toml"


def read_prices(path: Path | None = None) -> Prices:
    """The shelf in a file, or the shipped one.

    Raises
    ------
    Unusable
        For a file that cannot be read; with every fault of it, each with its line.
    """
    if path is None:
        return _shipped()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _("cannot read the shelf of prices {path}").format(path=path),
            getattr(error, "strerror", None) or _("it is not UTF-8"),
            _("name a file as --prices; `weighbridge schema prices` prints what it holds"),
        ) from None
    return parse_prices(text, file=path.name)


def parse_prices(text: str, *, file: str) -> Prices:
    """Read a shelf of prices; raises as `read_prices`."""
    fix = _("mend the lines named; `weighbridge schema prices` prints what is known")
    made = parse(Prices, text, file=file, fix=fix)
    reading = Reading(file=file, lines=locate(text))
    for doubt in shelf_doubts(made):
        reading.fault(doubt.path, doubt.says)
    if reading.faults:
        raise Faulty(_("cannot use {file}").format(file=file), reading.faults, fix)
    return made


@cache
def _shipped() -> Prices:
    return parse_prices(shipped_prices(), file=SHIPPED)


def shipped_prices() -> str:
    """The shipped shelf, as TOML."""
    return (resources.files("weighbridge") / "shelves" / "prices" / SHIPPED).read_text(encoding="utf-8")


def prices_schema() -> dict[str, Plain]:
    """JSON Schema of such a file."""
    return schema(Prices, "prices.toml")
