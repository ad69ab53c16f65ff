from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Evidence, Measured, NotMeasured, Quantity, Silent, not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTexts, generator
from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, LanguageModel, Scores, Signal
from weighbridge.probes.membership_advantage_lm.attacks import Attack, scored
from weighbridge.probes.membership_advantage_lm.calibration import N_WORDS, ToyModel, documents, gate
from weighbridge.probes.membership_advantage_lm.probe import PROBE, Settings
from weighbridge.probes.membership_advantage_lm.sample import Cut, Draw, drawn, without

KNOWN = 150


def text_of(rows: Ints) -> list[str]:
    return [" ".join(map(str, row)) for row in rows.tolist()]


@dataclass(slots=True, kw_only=True)
class Served(ToyModel):
    """As a server gives it: log-probabilities alone, and no copy."""

    signals: tuple[Signal, ...] = ()

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        not_measured(phrase("the model is served"), phrase("have the weights at hand"))


@dataclass(slots=True, kw_only=True)
class Broken(ToyModel):
    """One whose training diverged."""

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        scores = ToyModel.score(self, windows, first=first, under=under, signals=signals)
        return replace(scores, log_probability=np.full_like(scores.log_probability, np.nan))


class Toys:
    """A model that knows the first 150 of 500 documents, and 500 others."""

    def __init__(self, n: int = 500, length: int = 40) -> None:
        rng = generator(3, "test")
        self.train, self.others = documents(rng, n, length), documents(rng, n, length)
        self.model = ToyModel.knowing(self.train[:KNOWN])

    def bench(
        self,
        model: LanguageModel | None = None,
        base: LanguageModel | None = None,
        train: MemoryTexts | None = None,
        others: MemoryTexts | None = None,
        gate: Evidence = gate(),  # noqa: B008  it never changes
    ) -> MemoryBench:
        models = {Role.WEIGHTS: model or self.model}
        models |= {Role.REFERENCE_WEIGHTS: base} if base else {}
        return MemoryBench(
            models_by_role=models,
            texts_by_role={
                Role.TRAIN_DATA: train or MemoryTexts(text_of(self.train)),
                Role.HELD_OUT: others or MemoryTexts(text_of(self.others), label="held-out.jsonl"),
            },
            evidence_by_slug={"shift-gate": gate},
        )


@pytest.fixture(scope="module")
def toys() -> Toys:
    return Toys()


def measured(bench: MemoryBench, **settings: float) -> Measured:
    outcome = PROBE.measure(bench, Settings(**settings))  # type: ignore[arg-type]  # drawn from names
    assert isinstance(outcome, Measured)
    return outcome


def silent(bench: MemoryBench, **settings: float) -> NotMeasured:
    with pytest.raises(Silent) as caught:
        PROBE.measure(bench, Settings(**settings))  # type: ignore[arg-type]  # drawn from names
    assert isinstance(caught.value.outcome, NotMeasured)
    return caught.value.outcome


def one(outcome: Measured, metric: str, **by: str) -> Quantity:
    (found,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return found


def metrics(outcome: Measured) -> set[str]:
    return {q.metric for q in outcome.quantities}


def notes(outcome: Measured) -> str:
    return "\n".join(map(str, outcome.notes))


def test_without_a_base_the_weights_tell_more(toys: Toys) -> None:
    outcome = measured(toys.bench())
    assert one(outcome, "auc", form="bytes").value == pytest.approx(0.65, abs=0.05)
    assert "bytes: the numbers are those of the attack min-k-plus-plus" in notes(outcome)
    assert "probabilities: the numbers are those of the attack loss" in notes(outcome)
    assert "inherited-auc" not in metrics(outcome)
    assert one(outcome, "control-found").low > 0
    assert len([q for q in outcome.quantities if q.metric == "auc-of-attack"]) == 3


def test_with_a_base_what_it_gives_is_inherited(toys: Toys) -> None:
    base = ToyModel.knowing(toys.train[:KNOWN], salt=9)
    outcome = measured(toys.bench(base=base))
    assert one(outcome, "inherited-auc").low > 0.55
    assert one(outcome, "auc", form="bytes").high < 0.55  # all that the candidate knows, its base knows
    assert one(outcome, "auc-of-attack", attack="loss").low > 0.55


@pytest.mark.parametrize(
    ("base", "because"),
    [
        (ToyModel(memory=np.zeros(0, np.uint64), context_tokens=16), "it takes 16 tokens, a document may have 64"),
        (ToyModel(memory=np.zeros(0, np.uint64), vocabulary_size=10), "it knows 10 tokens"),
    ],
)
def test_a_base_that_cannot_be_asked_is_told(toys: Toys, base: ToyModel, because: str) -> None:
    outcome = measured(toys.bench(base=base))
    assert f"not compared with the base: {because}" in notes(outcome)
    assert "min-k-plus-plus" in notes(outcome)


def test_a_server_without_signals_says_nothing_of_the_weights(toys: Toys) -> None:
    served = Served(memory=toys.model.memory)
    outcome = measured(toys.bench(served))
    assert {q.at("form") for q in outcome.quantities} == {None, "probabilities"}
    assert "no number for whoever has the weights" in notes(outcome)
    assert "no positive control: the model cannot be overfitted here (the model is served)" in notes(outcome)
    assert "control-found" not in metrics(outcome)


@pytest.mark.parametrize("high", [0.56, 0.9])
def test_nothing_is_read_where_they_differ_without_the_model(toys: Toys, high: float) -> None:
    outcome = silent(toys.bench(gate=gate(high)))
    assert "cannot be said whether members and non-members differ" in str(outcome.because)  # nor was it shown
    assert "auc" in metrics(measured(toys.bench(gate=gate(0.56)), blind_auc_at_most=0.58))


def test_nothing_is_read_where_the_gate_says_nothing(toys: Toys) -> None:
    unmeasured = NotMeasured(because=phrase("there was no time"), remedy=phrase("take it"))
    assert "there was no time" in str(silent(toys.bench(gate=replace(gate(), outcome=unmeasured))).because)
    assert "no number for text" in str(silent(toys.bench(gate=gate(of="table"))).because)


def test_duplicates_canaries_and_private_rows(toys: Toys) -> None:
    train, others = text_of(toys.train), text_of(toys.others)
    rows = [*train, *train[:20], *train[:20], "  " + train[0], *others[:30], *train[:10]]
    private = [n < 40 for n in range(len(rows))]
    canary = [n >= len(rows) - 10 for n in range(len(rows))]
    outcome = measured(toys.bench(train=MemoryTexts(rows, private=private, canary=canary)))
    assert "tried: 500 of 581 documents that the model was trained on, and 470 of 500 others" in notes(outcome)
    assert "41 documents of the training text and 0 others left out since one is in" in notes(outcome)
    assert "30 others left out since they stand in the training text too" in notes(outcome)
    assert "30 training documents left out: they stand in the held-out text too" in notes(outcome)
    assert "10 planted canaries left out" in notes(outcome)
    assert "40 training documents are declared private" in notes(outcome)
    assert one(outcome, "auc-of-repeats", repeats="2-3").n == 19
    assert one(outcome, "auc-of-repeats", repeats="4-15").n == 1


def test_overlong_short_and_empty_documents(toys: Toys) -> None:
    train = [*text_of(documents(generator(1, "long"), 200, 500)), "1 2 3", "", "no number"]
    outcome = measured(toys.bench(train=MemoryTexts(train)), document_tokens=48)
    assert "tried: 200 of 203 documents" in notes(outcome)
    assert "of each the first 48 tokens at most" in notes(outcome)
    assert "3 documents left out: shorter than 32 tokens" in notes(outcome)


@pytest.mark.parametrize(
    ("texts", "because", "remedy"),
    [
        ([], "0 of 0 documents of role train-data can be tried", "name more of them"),
        (["1 " * 40], "1 of 1 documents of role train-data", "name more of them"),
        (["1 2 3"] * 99, "99 are shorter than 32 tokens", "least_tokens=16"),
    ],
)
def test_too_few_documents(toys: Toys, texts: list[str], because: str, remedy: str) -> None:
    outcome = silent(toys.bench(train=MemoryTexts(texts)))
    assert because in str(outcome.because)
    assert remedy in str(outcome.remedy)


def test_too_few_others(toys: Toys) -> None:
    outcome = silent(toys.bench(others=MemoryTexts(text_of(toys.others[:20]))))
    assert "20 of 20 documents of role held-out" in str(outcome.because)


def test_a_context_that_is_too_small(toys: Toys) -> None:
    outcome = silent(toys.bench(replace(toys.model, context_tokens=16)))
    assert "the model takes 16" in str(outcome.because)
    assert "auc" in metrics(measured(toys.bench(replace(toys.model, context_tokens=16)), least_tokens=16))


def test_no_time(toys: Toys) -> None:
    bench = toys.bench()
    bench.budget = FixedBudget(0.01)
    assert "--budget" in str(silent(bench).remedy)


def test_text_that_takes_all_the_time_to_read(toys: Toys) -> None:
    bench = toys.bench()
    large = Artefact(
        role=Role.TRAIN_DATA, label="t", digest=digest_of_bytes(b""), size_bytes=10**12, format="jsonl",
        belongs=Belonging.EVIDENCE_ONLY,
    )  # fmt: skip
    bench.candidate = Candidate(name="n", version="1", artefacts=(large,), subjects=())
    assert "in the 600 s allowed" in str(silent(bench).because)


def test_numbers_that_are_none(toys: Toys) -> None:
    outcome = silent(toys.bench(Broken(memory=toys.model.memory)))
    assert "no numbers for 1000 of 1000 documents" in str(outcome.because)


def test_a_large_model_is_not_trained_here(toys: Toys) -> None:
    outcome = measured(toys.bench(replace(toys.model, n_parameters=10**8)), control_max_parameters=10, documents=100)
    assert "too large to be overfitted here (at most 10)" in notes(outcome)


def test_a_copy_that_learns_nothing_is_no_control(toys: Toys) -> None:
    class Forgetful(ToyModel):
        def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
            return self

    outcome = measured(toys.bench(Forgetful(memory=toys.model.memory)))
    assert one(outcome, "control-found").low <= 0
    assert "does not tell 8 documents" in notes(outcome)


def test_few_others_say_what_they_can(toys: Toys) -> None:
    outcome = measured(toys.bench(others=MemoryTexts(text_of(toys.others[:60]))))
    assert "tpr-at-fpr-1pct" not in metrics(outcome)
    assert "tpr-at-fpr-1pct is left out: it needs" in notes(outcome)
    assert one(outcome, "control-found").value == pytest.approx(0.9)


def test_pointers_go_to_members_that_stand_out(toys: Toys) -> None:
    bench = toys.bench()
    measured(bench)
    assert 0 < len(bench.pointers) <= 100
    assert {p.label for p in bench.pointers} == {"train.jsonl"}
    assert sum(p.record > KNOWN for p in bench.pointers) < 20


def test_no_text_is_quoted(toys: Toys) -> None:
    outcome = measured(toys.bench(base=ToyModel.knowing(toys.train[:10])))
    told = notes(outcome) + str(outcome.quantities)
    assert not any(text in told or text[:20] in told for text in text_of(toys.train))


def test_a_sample_is_the_same_however_files_are_cut(toys: Toys) -> None:
    draw = Draw(model=toys.model, cut=Cut(least=8, most=16), size=50, salt=b"s", tick=lambda: None)
    rows = text_of(toys.train)
    one_way = drawn(draw, MemoryTexts(rows), frozenset())
    other = drawn(draw, MemoryTexts(rows[::-1]), frozenset())
    assert [d.key for d in one_way.documents] == [d.key for d in other.documents]
    assert (len(one_way.documents), one_way.n_distinct) == (50, 500)
    assert len(without(one_way, {one_way.documents[0].key}).documents) == 49


def test_what_begins_alike_is_one() -> None:
    model = ToyModel(memory=np.zeros(0, np.uint64))
    draw = Draw(model=model, cut=Cut(least=8, most=8), size=50, salt=b"s", tick=lambda: None)
    rows = ["1 2 3 4 5 6 7 8 9", "1 2 3 4  5 6 7 8 1000", "1 2 3 4 5 6 7 9"]
    got = drawn(draw, MemoryTexts(rows), frozenset())
    assert sorted(d.repeats for d in got.documents) == [1, 2]
    assert all(len(d.tokens) == 8 for d in got.documents)


@pytest.mark.parametrize(("n", "kept"), [(0, 0), (9, 0), (10, 8), (15, 8), (16, 16), (40, 24)])
def test_lengths_are_multiples(n: int, kept: int) -> None:
    assert Cut(least=10, most=24).length(n) == kept
    assert Cut(least=2, most=24).length(5) == 5


@dataclass(slots=True, kw_only=True)
class Told(ToyModel):
    """Says what it is told to."""

    logs: Floats

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        rows = self.logs[windows[:, 0], first - 1 :]
        given = {Signal.MEAN: np.full_like(rows, -2.0), Signal.VARIANCE: np.where(rows == -2.0, 0.0, 4.0)}
        return Scores(log_probability=rows, is_argmax=rows > -1, under={}, signals={s: given[s] for s in signals})


def test_scores_are_those_of_the_papers() -> None:
    logs = np.array([[-1.0, -2.0, -3.0, -4.0, -6.0], [-2.0] * 5])
    model = Told(memory=np.zeros(0, np.uint64), logs=logs)
    tokens = [np.array([n, 7, 7, 7, 7, 7], dtype=np.int64) for n in (0, 1)]
    got = scored(model, np.array([-3.0, -3.0]), tokens, tuple(Attack), lambda _n: None)
    assert got[Attack.LOSS].tolist() == [-3.2, -2.0]
    assert got[Attack.REFERENCE] == pytest.approx([-0.2, 1.0])
    assert got[Attack.MIN_K].tolist() == [-2.0, 0.0]  # the lowest of five, two standard deviations below; sure of one
    assert (got[Attack.ZLIB] < 0).all()
    assert N_WORDS > 7


@dataclass(slots=True, kw_only=True)
class Picky(Served):
    """A server that cannot be sent some texts as they are."""

    seconds_per_token: float = 1e-6

    def takes(self, windows: Ints) -> Bools:
        """Those that begin with an even number."""
        return np.asarray(windows[:, 0] % 2 == 0, dtype=bool)


def test_what_a_server_cannot_be_sent_is_left_out(toys: Toys) -> None:
    outcome = measured(toys.bench(Picky(memory=toys.model.memory)))
    left = int((toys.train[:, 0] % 2).sum() + (toys.others[:, 0] % 2).sum())
    assert f"{left} documents left out: the server would cut" in notes(outcome)
    assert one(outcome, "auc", form="probabilities").n < 500


def test_a_slow_server_is_asked_about_fewer(toys: Toys) -> None:
    outcome = silent(toys.bench(Picky(memory=toys.model.memory, seconds_per_token=1.0)))
    assert "in the 600 s allowed" in str(outcome.because)
