"""Whether training data is kept inside the released files outright: exact search, no statistics."""

from __future__ import annotations

from weighbridge.core.evidence import Measured, Outcome
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.stored_records import notes
from weighbridge.probes.stored_records.inquiry import Inquiry, Settings
from weighbridge.probes.stored_records.records import instances, leaves, weights
from weighbridge.probes.stored_records.strings import passages, tokenizer, vocabulary

_PARTS = (instances, weights, leaves, vocabulary, tokenizer, passages)


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Look at what the model keeps, then search its files for the training data.

    Notes
    -----
    Counts are exact over what could be read; their upper end counts what could not. A part that could not be looked
    into at all has no number, and a note says why.
    """
    inquiry = Inquiry.on(bench, settings)
    quantities = tuple(quantity for part in _PARTS for quantity in part(inquiry))
    if not any(quantity.n for quantity in quantities):
        notes.nothing_looked_into(inquiry.silent)
    return Measured(quantities=quantities, notes=(*inquiry.said, *notes.numbers_unread(inquiry.unread.labels)))


__all__ = ["PROBE", "Settings", "measure"]

PROBE = Probe(settings=Settings, measure=measure)
