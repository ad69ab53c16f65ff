"""Whether what a model writes can be told from what people write, and what is left of that under attack."""

from __future__ import annotations

from weighbridge.core.evidence import Measured, Outcome
from weighbridge.probekit.ports import Bench, Probe
from weighbridge.probes.detectability import own_test
from weighbridge.probes.detectability.run import of_scores, of_texts
from weighbridge.probes.detectability.settings import Settings


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Pool detectors over people's texts and the model's, and attack them; or take the scores of another test."""
    scores = own_test.tables(bench)
    quantities, notes = of_scores(bench, scores, settings) if scores else of_texts(bench, settings)
    return Measured(quantities=quantities, notes=notes)


PROBE = Probe(settings=Settings, measure=measure)
