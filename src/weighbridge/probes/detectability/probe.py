"""Whether what a model writes can be told from what people write, and what is left of that under attack."""

from __future__ import annotations

from weighbridge.core.evidence import Measured, Outcome, Silent
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.detectability import notes, own_test
from weighbridge.probes.detectability.run import of_scores, of_texts
from weighbridge.probes.detectability.settings import Settings


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Pool detectors over people's texts and the model's, and attack them; beside it the scores of another test.

    Scores stand on an axis of their own: they are what somebody says, and never take the place of the texts.
    """
    scores = own_test.tables(bench)
    if not scores:
        quantities, said = of_texts(bench, settings)
        return Measured(quantities=quantities, notes=said)
    try:
        quantities, said = of_texts(bench, settings)
    except Silent as silent:
        own, told = of_scores(bench, scores, settings)
        return Measured(quantities=own, notes=(notes.no_texts(silent.outcome), *told))
    try:
        own, told = of_scores(bench, scores, settings)
    except Silent as silent:
        own, told = (), (notes.no_scores(silent.outcome),)
    return Measured(quantities=(*quantities, *own), notes=tuple(dict.fromkeys((*said, *told))))


PROBE = Probe(settings=Settings, measure=measure)
