"""Weighbridge weighs a model or data set before it is released.

The question it answers is: should I open-source this?

>>> import weighbridge as wb
>>> sorted(wb.__all__)
['plans', 'recommend', 'spans', 'weigh']
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.core.tradeoffs import Comparison
    from weighbridge.core.weighing import Weighing
    from weighbridge.planning import Planning
    from weighbridge.probekit.scanner.kinds import Span
    from weighbridge.wiring import Options

__all__ = ["plans", "recommend", "spans", "weigh"]

# The face imports nothing until it is asked something, so that `import weighbridge` stays cheap.


def weigh(path: str | Path, options: Options | None = None) -> Weighing:
    """Measure what can be measured at a path, and say what follows.

    Parameters
    ----------
    path : folder, data file or weighbridge.toml; or the address of a table in a database, as `--table` takes it
    options : see `weighbridge.wiring.Options`; left out: as on the command line

    Returns
    -------
    The weighing; its `recommendation` says how each component stands.

    Raises
    ------
    WeighbridgeError
        For input that cannot be used, and for what stands in the way; what could be measured is sealed by then.
    """
    from weighbridge.adapters.warehouses.address import parse_address
    from weighbridge.wiring import weigh_path

    is_address = isinstance(path, str) and "://" in path
    result = weigh_path(parse_address(str(path)) if is_address else Path(path), options)
    for fault in result.faults:
        raise fault
    return result.weighing


def recommend(path: str | Path, options: Options | None = None) -> Weighing:
    """Judge what was sealed before for what lies at a path; nothing is measured."""
    from weighbridge.wiring import recommend_path

    return recommend_path(Path(path), options).weighing


def plans(path: str | Path, options: Options | None = None, planning: Planning | None = None) -> Comparison:
    """Compare the plans there are for what lies at a path, from what was sealed before; nothing is measured."""
    from weighbridge.wiring import plans_path

    return plans_path(Path(path), options, planning)


def spans(text: str, *, regions: Sequence[str] = (), links: bool = False) -> tuple[Span, ...]:
    """The direct identifiers in a text, as the probe `direct-identifiers` finds them: to score it on labelled text.

    Parameters
    ----------
    text : any
    regions : ISO 3166 codes, such as ("FR", "SN"), whose phone and national numbers may stand without context
    links : whether plain addresses of the web, which name nobody, are wanted too

    Returns
    -------
    In order, none overlapping another: start, end (characters), kind, tier and the pattern that found it.

    Raises
    ------
    WeighbridgeError
        Where an extra is missing: pip install 'weighbridge[identifiers]'.
    """
    from weighbridge.core.errors import Outside
    from weighbridge.core.evidence import NotMeasured, Silent
    from weighbridge.probekit.scanner import scan

    try:
        return scan.spans(text, regions=regions, links=links)
    except Silent as silence:
        remedy = silence.outcome.remedy if isinstance(silence.outcome, NotMeasured) else ""
        raise Outside("cannot look for identifiers", str(silence.outcome.because), str(remedy)) from None
