"""What the shipped policy makes of public data in a new place, from rows to rungs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.toys import ALL_NO, evidence
from weighbridge.catalogue import find_cards, load_policy
from weighbridge.core.candidate import Declared, Said, Triage
from weighbridge.core.rungs import Rung
from weighbridge.policy.judge import judge
from weighbridge.policy.standing import standings
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probes.recontextualisation.calibration import bench_of
from weighbridge.probes.recontextualisation.probe import Settings, measure

CARDS = find_cards()
WHOLE = load_policy()
POLICY = replace(WHOLE, rule=tuple(r for r in WHOLE.rule if r.watch and r.watch.probe == "recontextualisation"))
ABOUT = replace(ALL_NO, about_people=Said.YES)
HARM = replace(ABOUT, harm=Said.YES)
W, P, S, G, L, O = Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED, Rung.GATED, Rung.LICENSED, Rung.OPEN  # noqa: E741  as in the tables
ALL, VETTED, FEW = (W, P, S, G, L, O), (W, P, S, G), (W, P)
FULL = Declared(source_field="url", source_status_field="status", audience_field="seen", checked_on="2026-01-31")


def posts(status: str, seen: int, declared: Declared = FULL) -> MemoryTable:
    statuses = ["there"] * 19 + [status]
    columns = {"url": ["https://example.org/a/1"] * 20, "status": statuses, "seen": [str(seen)] * 20}
    return MemoryTable(columns, label="posts.csv", declared=declared)


@pytest.mark.parametrize(
    ("table", "triage", "said", "ceiling", "cleared"),
    [
        (posts("there", 9000), HARM, "everybody", ALL, ALL),
        (posts("gone", 9000), ABOUT, "everybody", VETTED, VETTED),
        (posts("gone", 9000), HARM, "everybody", FEW, FEW),
        (posts("gone", 40), ALL_NO, "everybody", ALL, ALL),
        (posts("", 9000), ABOUT, "everybody", ALL, VETTED),  # one was not looked for
        (posts("there", 40), ABOUT, "everybody", VETTED, VETTED),  # the answer and the numbers disagree
        (posts("there", 40), ABOUT, "few", ALL, ALL),  # the answer limits by itself, by another rule
        (posts("there", 9000, replace(FULL, audience_field="")), ABOUT, "everybody", ALL, VETTED),
        (posts("there", 9000, Declared(published_before=False)), HARM, "everybody", ALL, ALL),
        (MemoryTable({"age": [1, 2]}, label="posts.csv"), HARM, "everybody", ALL, FEW),  # silence
    ],
)
def test_what_was_taken_back_limits_and_silence_opens_nothing(
    table: MemoryTable, triage: Triage, said: str, ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]
) -> None:
    bench = bench_of(table)
    about = replace(bench.candidate, triage=triage, answers=(("audience-then", (said,)),))
    heard = evidence("recontextualisation", measure(bench, Settings()), about)
    (made,) = standings(POLICY, about, judge(POLICY, about, (heard,), CARDS)).components
    assert (made.ceiling, made.cleared) == (ceiling, cleared)
