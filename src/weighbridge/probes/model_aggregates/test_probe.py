"""Attacks on tables whose leak is known, texts whose identifiers are known, and each silence with its remedy."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probes.model_aggregates.calibration import bench_of, people
from weighbridge.probes.model_aggregates.probe import Settings, measure
from weighbridge.probes.model_aggregates.texts import Heard

SMALL = Settings(rows=400, predicates=300)
N = 400


def table(n: int, seed: int, label: str = "t.csv", **more: list[object]) -> MemoryTable:
    return MemoryTable({**people(n, np.random.default_rng(seed)), **more}, label=label)


def columns(n: int, seed: int) -> dict[str, list[object]]:
    return people(n, np.random.default_rng(seed))


def trio(made: dict[str, list[object]], *, declared: Declared | None = None) -> MemoryBench:
    return bench_of({
        Role.SAMPLES: MemoryTable(made, label="made-up.csv", declared=declared),
        Role.TRAIN_DATA: table(N, 1, "originals.csv"),
        Role.HELD_OUT: table(N, 2, "kept-back.csv"),
    })  # fmt: skip


def measured(bench: MemoryBench, settings: Settings = SMALL) -> Measured:
    outcome = measure(bench, settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Measured, metric: str, by: str = "") -> Quantity:
    (one,) = [q for q in outcome.quantities if q.metric == metric and (by in dict(q.by).values() or not (by or q.by))]
    return one


# ---- tables ----


def test_an_honest_table_gives_nothing_away_and_the_attack_was_able() -> None:
    outcome = measured(trio(columns(N, 3)))
    worst = found(outcome, "worst-risk-above-control")
    assert worst.low <= 0 <= worst.high < 0.25
    assert found(outcome, "known-leak-found").low > 0
    assert {dict(q.by)["attack"] for q in outcome.quantities if q.metric == "risk-above-control"} == {
        "exact-copy", "closest-record", "linkability", "inference", "singling-out",
    }  # fmt: skip


def test_independent_marginals_are_honest() -> None:
    rng = np.random.default_rng(5)
    made = {name: rng.permutation(np.array(values, object)).tolist() for name, values in columns(N, 1).items()}
    worst = found(measured(trio(made)), "worst-risk-above-control")
    assert worst.low <= 0  # every value is an original's, and no row is


@pytest.mark.parametrize("noise", [0.0, 0.002])
def test_copies_are_found_with_and_without_noise(noise: float) -> None:
    rng = np.random.default_rng(4)
    made = {
        name: [v * (1 + noise * rng.normal()) if isinstance(v, float) else v for v in values]
        for name, values in columns(N, 1).items()
    }
    outcome = measured(trio(made))
    assert found(outcome, "risk-above-control", "closest-record").low > 0.5
    assert found(outcome, "risk-above-control", "linkability").low > 0.3
    # Noise moves the edges of what is told of a row: the attack finds copies only where they are exact.
    assert (found(outcome, "risk-above-control", "singling-out").low > 0.5) is (noise == 0)
    copies = found(outcome, "risk-above-control", "exact-copy")
    assert (copies.low > 0.9) is (noise == 0)
    assert found(outcome, "worst-risk-above-control").low > 0.5


def test_a_copied_column_that_was_declared_sensitive_is_inferred() -> None:
    made = columns(N, 1)
    declared = Declared(sensitive=("ill",))
    assert found(measured(trio(made, declared=declared)), "risk-above-control", "inference").low > 0.2


def test_copied_names_are_found_and_numbers_of_rows_are_not_taken_for_copies() -> None:
    def named(seed: int, start: int, label: str) -> MemoryTable:
        return table(N, seed, label, id=list(range(N)), name=[f"Ada{start + i} Byron" for i in range(N)])

    bench = bench_of({
        Role.SAMPLES: named(3, 0, "made-up.csv"), Role.TRAIN_DATA: named(1, 0, "o.csv"), Role.HELD_OUT: named(2, N, "k.csv"),
    })  # fmt: skip
    outcome = measured(bench)
    assert found(outcome, "risk-above-control", "exact-copy").low > 0.9
    assert "only number rows: id" in str([str(n) for n in outcome.notes])
    fresh = bench_of({
        Role.SAMPLES: named(3, 2 * N, "made-up.csv"), Role.TRAIN_DATA: named(1, 0, "o.csv"), Role.HELD_OUT: named(2, N, "k.csv"),
    })  # fmt: skip
    assert found(measured(fresh), "risk-above-control", "exact-copy").value == 0


def test_missing_values_mixed_types_and_dates_before_1900_are_compared() -> None:
    import datetime as dt

    def odd(seed: int, label: str) -> MemoryTable:
        rng = np.random.default_rng(seed)
        return MemoryTable({
            "born": [dt.date(1850, 1, 1) + dt.timedelta(days=int(d)) for d in rng.integers(0, 9000, N)],
            "paid": [None if rng.random() < 0.3 else float(rng.normal()) for _ in range(N)],
            "empty": [None] * N, "flag": (rng.random(N) < 0.5).tolist(), "one": [1] * N,
            "huge": [2**63 - 1 - int(v) for v in rng.integers(0, 9, N)], "bytes": [b"\xff\xfe"] * N,
            "beyond": [float("inf")] * 9 + (rng.normal(size=N - 9) * 1e300).tolist(),
            "nested": [{"a": int(v)} for v in rng.integers(0, 3, N)],
        }, label=label)  # fmt: skip

    bench = bench_of({Role.SAMPLES: odd(3, "m.csv"), Role.TRAIN_DATA: odd(1, "o.csv"), Role.HELD_OUT: odd(2, "k.csv")})
    worst = found(measured(bench), "worst-risk-above-control")
    assert worst.low <= 0 <= worst.high


@pytest.mark.parametrize(
    ("roles", "n", "because", "remedy"),
    [
        ((Role.SAMPLES,), N, "is not at hand", 'role = "train-data"'),
        ((Role.SAMPLES, Role.TRAIN_DATA), N, "nobody can tell a leak from a likeness", 'role = "held-out"'),
        ((Role.SAMPLES, Role.TRAIN_DATA, Role.HELD_OUT), 20, "too few", "at least 50"),
    ],
)
def test_silence_has_a_remedy(roles: tuple[Role, ...], n: int, because: str, remedy: str) -> None:
    outcome = measure(bench_of({role: table(n, i, f"{role.value}.csv") for i, role in enumerate(roles)}), SMALL)
    assert isinstance(outcome, NotMeasured)
    assert because in str(outcome.because)
    assert remedy in str(outcome.remedy)


def test_tables_that_share_no_columns_are_no_originals() -> None:
    other = MemoryTable({"x": [1.0] * N, "y": [2.0] * N}, label="o.csv")
    outcome = measure(
        bench_of({Role.SAMPLES: table(N, 3), Role.TRAIN_DATA: other, Role.HELD_OUT: table(N, 2, "k.csv")}), SMALL
    )
    assert isinstance(outcome, NotMeasured)
    assert "shares no two columns" in str(outcome.because)


def test_too_little_time_is_said() -> None:
    bench = trio(columns(N, 3))
    bench.budget = FixedBudget(1e-4)
    outcome = measure(bench, SMALL)
    assert isinstance(outcome, NotMeasured)
    assert "--budget" in str(outcome.remedy)


@pytest.mark.parametrize("kept", [0, 200])
def test_a_control_that_was_not_kept_back_is_none(kept: int) -> None:
    both = columns(N, 1)
    mixed = {name: [*values[: N - kept], *columns(N, 2)[name][:kept]] for name, values in both.items()}
    bench = bench_of({
        Role.SAMPLES: table(N, 3), Role.TRAIN_DATA: MemoryTable(both, label="o.csv"),
        Role.HELD_OUT: MemoryTable(mixed, label="k.csv"),
    })  # fmt: skip
    outcome = measure(bench, SMALL)
    assert isinstance(outcome, NotMeasured)
    assert "no control" in str(outcome.because)


def test_rows_that_are_alike_by_themselves_are_no_overlap() -> None:
    def coarse(seed: int, label: str) -> MemoryTable:
        rng = np.random.default_rng(seed)
        return MemoryTable(
            {"sex": rng.choice(["f", "m"], N).tolist(), "band": rng.choice(["a", "b", "c"], N).tolist()}, label=label
        )

    bench = bench_of(
        {Role.SAMPLES: coarse(3, "m.csv"), Role.TRAIN_DATA: coarse(1, "o.csv"), Role.HELD_OUT: coarse(2, "k.csv")}
    )
    worst = found(measured(bench), "worst-risk-above-control")
    assert worst.low <= 0 <= worst.high


def test_little_time_attacks_fewer_rows() -> None:
    bench = trio(columns(N, 3))
    bench.budget = FixedBudget(4e-9 * N * 5 * 4 * 2 * 320)
    assert "320 originals and 320 held-out rows" in " ".join(str(n) for n in measured(bench).notes)


def test_what_a_classifier_answers_is_no_made_up_table() -> None:
    bench = bench_of(
        {Role.OUTPUTS: table(N, 1), Role.TRAIN_DATA: table(N, 1, "o.csv"), Role.HELD_OUT: table(N, 2, "k.csv")}
    )
    bench.candidate = replace(bench.candidate, subjects=(Subject.CLASSIFIER,))
    assert isinstance(measure(bench, SMALL), NotApplicable)


# ---- texts ----


def said(**texts: list[str]) -> MemoryBench:
    """A language model's outputs, and other texts by role."""
    roles = {Role(name.replace("_", "-")): held for name, held in texts.items()}
    artefacts = tuple(
        Artefact(
            role=role, label=f"{role.value}.txt", digest=digest_of_bytes(json.dumps(held).encode()), size_bytes=1,
            format="text", belongs=Belonging.EVIDENCE_ONLY,
        )
        for role, held in roles.items()
    )  # fmt: skip
    candidate = Candidate(name="lm", version="1", artefacts=artefacts, subjects=(Subject.CAUSAL_LM,))
    return MemoryBench(candidate=candidate, texts_by_role={role: MemoryTexts(held) for role, held in roles.items()})


PLAIN = [f"it rains on day {i}" for i in range(100)]


def mails(n: int, start: int = 0) -> list[str]:
    return [f"write to ada{start + i}@example.com" for i in range(n)]


def test_identifiers_are_counted_over_all_texts() -> None:
    outcome = measured(
        said(outputs=PLAIN[:60] + mails(40), human_text=PLAIN, train_data=mails(10) + PLAIN, held_out=PLAIN)
    )
    assert found(outcome, "identifier-share", "outputs").value == 0.4
    assert found(outcome, "identifier-share", "human-text").value == 0
    assert found(outcome, "identifiers-above-control").low > 0.2
    assert found(outcome, "trained-identifier-share").value == 0.1
    assert found(outcome, "different-identifiers", "1").value == 40
    assert 15 < found(outcome, "different-identifiers", "1/2").value < 25
    new = found(outcome, "new-identifier-share")
    assert new.low <= 0.4 <= new.high
    assert found(outcome, "identifiers-in-reach").low > 40
    assert found(outcome, "worst-risk-above-control").n == 0  # no made-up table: a rule on it is about nothing
    assert found(outcome, "known-leak-found").value == 1
    assert "example.com" not in str(outcome)


def test_what_stands_in_the_held_out_text_too_is_no_leak_of_training() -> None:
    hotline = ["call the office: office@example.com"] * 60
    outcome = measured(said(outputs=hotline, train_data=hotline, held_out=hotline))
    assert found(outcome, "trained-identifier-share").value == 0
    assert found(outcome, "different-identifiers", "1/4").value == 1
    assert found(outcome, "new-identifier-share").value == 0


def test_no_hit_has_an_upper_bound() -> None:
    share = found(measured(said(outputs=PLAIN, train_data=mails(5))), "trained-identifier-share")
    assert (share.low, share.value) == (0, 0)
    assert 0.02 < share.high < 0.05


def test_several_texts_join_what_none_shows() -> None:
    linked = [
        "ada@example.com or +44 20 7946 0182", "+44 20 7946 0182, or write to byron@example.com", "lone@example.com",
    ]  # fmt: skip
    assert (
        found(measured(said(outputs=linked + PLAIN)), "joined-identifiers").value == 2
    )  # the number knew both already
    hub = [f"ada{i}@example.com or the hotline +44 20 7946 0182" for i in range(30)]
    assert found(measured(said(outputs=hub + PLAIN)), "joined-identifiers").value == 0


def test_heard_counts_what_joins() -> None:
    assert Heard(keys=[frozenset({1, 2}), frozenset({2, 3}), frozenset({4})]).joined() == 2
    assert Heard(keys=[frozenset({1, 2, 3})]).joined() == 0


@pytest.mark.parametrize(
    ("bench", "kind", "says"),
    [
        (said(train_data=PLAIN), NotMeasured, "thousand texts"),
        (said(outputs=PLAIN[:20]), NotMeasured, "at least 50 texts"),
        (bench_of({Role.TRAIN_DATA: table(N, 1)}), NotApplicable, ""),
    ],
)  # fmt: skip
def test_without_texts_it_says_what_to_gather(bench: MemoryBench, kind: type[Outcome], says: str) -> None:
    outcome = measure(bench, SMALL)
    assert isinstance(outcome, kind)
    assert says in str(getattr(outcome, "remedy", ""))


def test_short_texts_of_a_language_model_are_no_made_up_table() -> None:
    bench = said(outputs=mails(60), train_data=mails(3))
    short = MemoryTable({"prompt": [1] * 60, "answer": mails(60)}, label="outputs.txt")
    bench.tables_by_role = {Role.OUTPUTS: (short,)}
    assert found(measured(bench), "trained-identifier-share").value == 0.05
    scores = MemoryTable(
        {"score": [0.5] * 60, "machine": [True] * 60}, label="s.csv", declared=Declared(score_field="score")
    )
    alone = bench_of({Role.OUTPUTS: scores})
    assert isinstance(measure(alone, SMALL), NotApplicable)


def test_notes_say_which_comparison_is_missing() -> None:
    outcome = measured(said(outputs=PLAIN))
    told = " ".join(str(note) for note in outcome.notes)
    assert 'role = "human-text"' in told
    assert 'role = "train-data"' in told
    assert not [q for q in outcome.quantities if q.metric == "trained-identifier-share"]
