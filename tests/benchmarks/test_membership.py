"""The pieces of the benchmark at a tiny size and without the peer."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from weighbridge.maths.roc import auc

SCRIPTS = Path(__file__).parents[2] / "benchmarks"
DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "adult"
ROWS = 60  # of each kind


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[made.__name__] = made  # where dataclasses look for their module
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY"):
            patch.setenv(name, "1")  # so that what the script sets is taken back
        yield loaded("membership")


@pytest.fixture(scope="module")
def ours(benchmark: ModuleType) -> ModuleType:
    del benchmark  # its settings come first
    return loaded("peers/ours")


def written(folder: Path, n: int = 300) -> Path:
    """Rows in the form of Adult, invented; the last of one file stands first in the other too."""
    rng = np.random.default_rng(0)
    lines = []
    for number in range(n):
        sex, work = rng.choice(["Female", "Male"]), rng.choice(["Private", "State-gov", "?"])
        kin, told = rng.choice(["Wife", "Husband", "Own-child"]), rng.choice(["<=50K", ">50K"])
        lines.append(
            f"{rng.integers(17, 90)}, {work}, {number}, HS-grad, {rng.integers(1, 16)}, Divorced, Sales, {kin}, White, "
            f"{sex}, {rng.integers(0, 9)}, {rng.integers(0, 9)}, {rng.integers(1, 99)}, Peru, {told}"
        )
    half = n // 2
    (folder / "adult.data.gz").write_bytes(gzip.compress("\n".join([*lines[:half], lines[0], ""]).encode()))
    test = ["|1x3 Cross validator", *(f"{line}." for line in [lines[half - 1], *lines[half:]]), ""]
    (folder / "adult.test.gz").write_bytes(gzip.compress("\n".join(test).encode()))
    return folder


@pytest.fixture(scope="module")
def adult(benchmark: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return benchmark.read_adult(written(tmp_path_factory.mktemp("adult")))


def job_of(benchmark: ModuleType, adult: Any, folder: Path, **of_duel: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A job as the script makes it, and its rows."""
    workshop = benchmark.Workshop(folder=folder, peer=Path("no-peer"), adult=adult)
    made = json.loads(json.dumps(workshop._job(benchmark.Duel(name="toy", rows=ROWS, **of_duel), 3)))
    with np.load(made["rows"]) as held:
        return made | {"trees": 20}, {name: held[name] for name in held.files}


# ---- Data ----


def test_equal_rows_are_in_once_and_words_get_a_column_each(adult: Any) -> None:
    assert len(adult["targets"]) == 300
    assert adult["firsts"].tolist() == [6, 9, 10, 11, 12, 15, 16, 18]  # after six numbers
    assert adult["matrix"].shape == (300, 19)
    assert (adult["matrix"][:, 6:].sum(axis=1) == 8).all()
    assert adult["numbers"].mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert set(adult["targets"]) == {0, 1}


def test_members_and_others_do_not_overlap(benchmark: ModuleType, adult: Any) -> None:
    one, again, other = (benchmark.drawn(adult, ROWS, seed) for seed in (1, 1, 2))
    assert np.array_equal(one["matrix"], again["matrix"])
    assert not np.array_equal(one["matrix"], other["matrix"])
    assert len(np.unique(one["numbers"], axis=0)) == 2 * ROWS
    assert one["is_member"].sum() == ROWS


def test_the_real_rows(benchmark: ModuleType) -> None:
    if not (DATA / "adult.test.gz").exists():
        pytest.skip("WEIGHBRIDGE_DATA names no folder with adult/adult.data.gz and adult/adult.test.gz")
    assert benchmark.read_adult(DATA)["matrix"].shape == (48_790, 108)


def test_without_data_it_says_so_and_stops(
    benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_DATA", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["membership.py"])
    assert benchmark.main() == 0
    assert capsys.readouterr().out.startswith("skipped: ")


# ---- Our side ----


@pytest.mark.parametrize("target", ["forest", "network"])
def test_our_attack_scores_each_record_through_a_file(
    benchmark: ModuleType, ours: ModuleType, adult: Any, tmp_path: Path, target: str
) -> None:
    job, rows = job_of(benchmark, adult, tmp_path, target=target)
    got = ours.membership(job, ours.opened(job), rows)
    kind, params = benchmark.TARGETS[target]
    with benchmark.warnings.catch_warnings():
        benchmark.warnings.simplefilter("ignore")
        model = kind(**params, random_state=3).fit(rows["matrix"][:ROWS], rows["targets"][:ROWS])
    assert np.array_equal(got["probabilities"], model.predict_proba(rows["matrix"]))
    # The answers are coin flips: all that a model can know of them, it knows by heart.
    assert auc(got["scores"][:ROWS], got["scores"][ROWS:]) > 0.65


@pytest.mark.parametrize("target", ["forest", "network"])
def test_our_counts_are_those_of_the_published_definition(
    benchmark: ModuleType, ours: ModuleType, adult: Any, tmp_path: Path, target: str
) -> None:
    job, rows = job_of(benchmark, adult, tmp_path, target=target, attack="attributes")
    model, some = ours.opened(job), np.r_[:20, ROWS : ROWS + 20]
    rows = {name: values[some] for name, values in rows.items()}
    got = ours.attributes(job | {"columns": ["workclass", "sex"]}, model, rows)
    bare = model._estimator[1]
    wanted = [counted(bare, rows, job["firsts"][place], place) for place in (0, 6)]
    assert got["counts"].tolist() == wanted
    assert np.array_equal(model.predict_proba(ours.table(job, rows)), bare.predict_proba(rows["matrix"]))


def counted(model: Any, rows: dict[str, Any], first: int, place: int) -> list[int]:
    """Record by record, as it is published: right and all guesses, of members and of others."""
    codes = rows["codes"][:, place]
    counts = [0, 0, 0, 0]
    for row, code in enumerate(codes):
        tried = np.repeat(rows["matrix"][row][None], codes.max() + 1, axis=0)
        tried[:, first : first + codes.max() + 1] = np.eye(codes.max() + 1)
        told = model.predict_proba(tried)
        sure = np.where(told.argmax(axis=1) == told[code].argmax(), told.max(axis=1), -1)
        if (sure == sure.max()).sum() == 1:
            at = 0 if rows["is_member"][row] else 2
            counts[at] += int(sure.argmax() == code)
            counts[at + 1] += 1
    return counts


def test_scoring_holds_as_many_bytes_for_each_record_whatever_their_number(ours: ModuleType) -> None:
    got = ours.scoring({"sizes": (2_000, 20_000), "seed": 0, "references": 8})["scoring"]
    each = got[:, 2] / got[:, 0]
    assert each.max() / each.min() < 1.1


# ---- What is told ----


def test_a_difference_is_told_by_its_interval(benchmark: ModuleType) -> None:
    rng = np.random.default_rng(0)
    good, bad = ([np.concatenate([rng.normal(d, 1, 400), rng.normal(0, 1, 400)]) for _ in "ab"] for d in (2.0, 0.0))
    tell = benchmark.differences
    assert [gap.verdict for gap in tell(good, good, resamples=20)] == ["not lower"] * 3
    assert [gap.verdict for gap in tell(good, bad, resamples=200)[:2]] == ["higher"] * 2
    assert [gap.verdict for gap in tell(bad, good, resamples=200)[:2]] == ["MISSED: lower"] * 2
    assert benchmark.Difference(-0.1, -0.2, 0.1).verdict == "not shown lower"


def test_a_number_missed_is_said_to_be(benchmark: ModuleType) -> None:
    assert benchmark.aimed(14.9, at_least=15.0) == "14.90 (at least 15) MISSED"
    assert benchmark.aimed(0.4, at_most=0.5) == "0.40 (at most 0.5) met"
    assert benchmark.aimed(3.0) == "3.00"


def test_all_of_it_can_be_told(benchmark: ModuleType) -> None:
    rng = np.random.default_rng(0)

    def side(seconds: float, hits: int) -> dict[str, Any]:
        return {
            "seconds": [seconds, seconds], "opening": [1.0, 1.0], "peak": [2**20, 2**20], "counts": [[[hits]], [[1]]],
        }  # fmt: skip

    scored = {"scores": [rng.normal(size=80) for _ in "ab"]}
    duels = [
        benchmark.Duel(
            name="one", target="forest", rows=40, at_least=15.0, ours=side(1, 0) | scored, theirs=side(9, 0) | scored
        ),
        benchmark.Duel(
            name="two", target="forest", attack="attributes", rows=40, ours=side(1, 3), theirs=side(9, 4)
        ),
    ]  # fmt: skip
    gaps = {"one": benchmark.differences(*(duels[0].ours["scores"],) * 2, resamples=5)}
    told = "\n".join([*benchmark.table(duels), *benchmark.verdicts(duels, gaps)])
    assert "one: their CPU seconds over ours 9.00 (at least 15) MISSED" in told
    assert "two: the same where the opening of our file counts as well 4.50" in told
    assert "two: 28 pairs of counts DIFFER" in told
    assert {line.count("|") for line in benchmark.table(duels)} == {8}
    assert not benchmark.same_counts(duels[1])
    made = benchmark.summary(duels, gaps, np.ones((1, 3)))
    assert json.loads(json.dumps(made))["one"]["AUC"]["value"] == 0
