"""What the shipped policy makes of outputs taken together; and the attacks on real rows: Adult."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from policy.toys import ALL_NO, artefact, candidate, evidence, quantity
from weighbridge.catalogue import find_cards, load_policy
from weighbridge.core.candidate import Belonging, Candidate, Role, Said, Subject, Triage
from weighbridge.core.evidence import Measured, NotApplicable, Outcome, Quantity
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import phrase
from weighbridge.policy.judge import judge
from weighbridge.policy.standing import standings
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probes.model_aggregates.calibration import bench_of
from weighbridge.probes.model_aggregates.probe import PROBE, Settings

CARDS = find_cards()
WHOLE = load_policy()
POLICY = replace(WHOLE, rule=tuple(r for r in WHOLE.rule if r.watch and r.watch.probe == "model-aggregates"))
ABOUT = replace(ALL_NO, about_people=Said.YES)
PRIVATE = replace(ABOUT, private=Said.YES)
W, P, S, G, L, O = Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED, Rung.GATED, Rung.LICENSED, Rung.OPEN  # noqa: E741  as in the tables
ALL, VETTED, FEW = (W, P, S, G, L, O), (W, P, S, G), (W, P, S)
MADE_UP = candidate(Subject.TABLE, artefacts=(artefact(Role.SAMPLES),))
WRITER = candidate(Subject.CAUSAL_LM, artefacts=(artefact(), artefact(Role.OUTPUTS, Belonging.EVIDENCE_ONLY)))
NOTHING = NotApplicable(because=phrase("no outputs"))


def told(risk: tuple[float, float] | None, named: tuple[float, float] | None, control: float = 0.5) -> Outcome:
    """Risk of a made-up table, share of texts with an identifier of the training text; None: there are no such outputs."""

    def one(metric: str, interval: tuple[float, float] | None) -> Quantity:
        return quantity(metric, *interval, value=interval[0]) if interval else quantity(metric, 0.0, n=0)

    return Measured(quantities=(
        one("worst-risk-above-control", risk), one("trained-identifier-share", named),
        quantity("known-leak-found", control, 1.0),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("about", "outcome", "triage", "ceiling", "cleared"),
    [
        (MADE_UP, told((-0.01, 0.04), None), PRIVATE, ALL, ALL),
        (MADE_UP, told((-0.01, 0.04), None, control=0.0), PRIVATE, ALL, FEW),  # the attacks may be blind
        (MADE_UP, told((0.02, 0.09), None), ABOUT, ALL, VETTED),
        (MADE_UP, told((0.1, 0.2), None), ABOUT, VETTED, VETTED),
        (MADE_UP, told((0.1, 0.2), None), PRIVATE, FEW, FEW),
        (MADE_UP, told((0.1, 0.2), None), ALL_NO, ALL, ALL),  # about nobody
        (WRITER, told(None, (0.0, 0.004)), ABOUT, ALL, ALL),
        (WRITER, told(None, (0.0, 0.03)), ABOUT, ALL, VETTED),
        (WRITER, told(None, (0.02, 0.05)), ABOUT, VETTED, VETTED),
        (WRITER, NOTHING, ABOUT, ALL, ALL),
    ],
)
def test_what_outputs_give_away_together_limits(
    about: Candidate, outcome: Outcome, triage: Triage, ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]
) -> None:
    about = replace(about, triage=triage)
    findings = judge(POLICY, about, (evidence("model-aggregates", outcome, about),), CARDS)
    (made,) = standings(POLICY, about, findings).components
    assert (made.ceiling, made.cleared) == (ceiling, cleared)


def test_a_language_model_of_which_no_outputs_are_named_is_left_to_other_probes() -> None:
    about = replace(candidate(Subject.CAUSAL_LM), triage=ABOUT)
    (made,) = standings(POLICY, about, judge(POLICY, about, (), CARDS)).components
    assert made.cleared == ALL


# ---- real rows ----

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "adult"
NAMES = (
    "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race",
    "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
)  # fmt: skip
N = 4000


def table(rows: pa.Table, label: str) -> MemoryTable:
    return MemoryTable({name: rows[name].combine_chunks() for name in NAMES}, label=label)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("copied", "low", "high"), [(0, -0.05, 0.05), (1200, 0.2, 0.4)], ids=["fresh", "three-tenths-copied"]
)
def test_adult(copied: int, low: float, high: float) -> None:
    path = DATA / "adult.data.gz"
    if not path.exists():
        pytest.skip("adult.data.gz is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    data = io.BytesIO(gzip.decompress(path.read_bytes()).strip())
    adult = pa.csv.read_csv(data, read_options=pa.csv.ReadOptions(column_names=list(NAMES)))
    order = np.random.default_rng(0).permutation(adult.num_rows)
    originals, control, fresh = (adult.take(pa.array(order[i * N : (i + 1) * N])) for i in range(3))
    made = pa.concat_tables([originals.slice(0, copied), fresh.slice(copied)])
    bench = bench_of({
        Role.SAMPLES: table(made, "made-up.csv"), Role.TRAIN_DATA: table(originals, "originals.csv"),
        Role.HELD_OUT: table(control, "kept-back.csv"),
    })  # fmt: skip
    outcome = PROBE.measure(bench, Settings(predicates=500))
    assert isinstance(outcome, Measured)
    (worst,) = [q for q in outcome.quantities if q.metric == "worst-risk-above-control"]
    (control_found,) = [q for q in outcome.quantities if q.metric == "known-leak-found"]
    assert low < worst.value < high
    assert control_found.low > 0.3
    assert (worst.low <= 0) is (copied == 0)
