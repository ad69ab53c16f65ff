from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.app.plant import Design, plant
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Basis, Measured, NotMeasured, Quantity, Silent, not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTexts
from weighbridge.probekit.ports import Bools, Decoding, Ints, LanguageModel, Scores, Signal
from weighbridge.probes.canary_exposure.attack import highest_rank
from weighbridge.probes.canary_exposure.calibration import ToyModel
from weighbridge.probes.canary_exposure.probe import PROBE, Settings
from weighbridge.probes.canary_exposure.sizes import LEAST, shared_out

KIT = plant(Design(canaries=20, repeats=(1, 16)), 5)


@dataclass(slots=True, kw_only=True)
class Served(ToyModel):
    """As a server gives it: no copy."""

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


@dataclass(slots=True, kw_only=True)
class Flat(ToyModel):
    """Finds everything as likely as everything else."""

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        scores = ToyModel.score(self, windows, first=first, under=under, signals=signals)
        return replace(scores, log_probability=np.full_like(scores.log_probability, -3.0))


@dataclass(slots=True, kw_only=True)
class InPairs(ToyModel):
    """Takes "12" as one token wherever it stands, so that candidates have different lengths."""

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        return ToyModel.encode(self, [text.replace("12", "\u2460") for text in texts])


def unknowing(**changes: object) -> ToyModel:
    return replace(ToyModel.knowing([]), **changes)  # type: ignore[arg-type]  # drawn from names


def bench_of(
    model: LanguageModel,
    rows: Sequence[tuple[str, str]],
    held_out: Sequence[tuple[str, str]] = (),
    canary: bool = False,
) -> MemoryBench:
    """Rows of text and secret, and as many without any, so that the rows may be canaries."""
    every = [*rows, *[("and so on", "")] * len(rows)]
    flags = [canary and n < len(rows) for n in range(len(every))]
    texts = {Role.TRAIN_DATA: MemoryTexts([t for t, _s in every], secret=[s for _t, s in every], canary=flags)}
    if held_out:
        texts[Role.HELD_OUT] = MemoryTexts(
            [t for t, _s in held_out],
            secret=[s for _t, s in held_out],
            canary=[canary] * len(held_out),
            label="h.jsonl",
        )
    return MemoryBench(models_by_role={Role.WEIGHTS: model}, texts_by_role=texts)


def kit_bench(model: LanguageModel) -> MemoryBench:
    rows = [(c.text, c.secret) for c in KIT.rows]
    return bench_of(model, rows, [(c.text, c.secret) for c in KIT.held_back], canary=True)


def measured(bench: MemoryBench, **given: int) -> Measured:
    outcome = PROBE.measure(bench, Settings(**({"candidates": 199} | given)))
    assert isinstance(outcome, Measured)
    return outcome


def silent(bench: MemoryBench, **given: int) -> NotMeasured:
    with pytest.raises(Silent) as caught:
        PROBE.measure(bench, Settings(**given))
    assert isinstance(caught.value.outcome, NotMeasured)
    return caught.value.outcome


def one(outcome: Measured, metric: str, **by: str) -> Quantity:
    (found,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return found


def notes(outcome: Measured) -> str:
    return "\n".join(map(str, outcome.notes))


def test_a_kit_that_was_learnt_where_it_stood_often() -> None:
    model = ToyModel.knowing([c.text for c in KIT.planted if c.repeats == 16])
    outcome = measured(kit_bench(model))
    often = one(outcome, "exposure-median", stratum="canary", repeats="16-63")
    assert often.low > 15
    assert one(outcome, "exposure-median", stratum="canary", repeats="1").low < 5
    assert one(outcome, "exposed-share", stratum="canary", guesses="100").value == 0.5
    assert (
        one(outcome, "exposed-secrets", stratum="canary", guesses="100").low >= 8
    )  # of ten, and chance may have found one
    assert one(outcome, "held-back-share", stratum="canary", guesses="100").value == 0
    assert one(outcome, "excess-over-held-back", stratum="canary", guesses="100").value == 0.5
    control = one(outcome, "control-found")
    assert control.low > 0
    assert "10 of 10 canaries planted 16 times or more" in notes(outcome)
    for stratum in ("declared",):  # there is none of this kind, and that is known
        none = one(outcome, "exposed-share", stratum=stratum, guesses="1")
        assert (none.value, none.n, none.confidence) == (0, 0, 1)


def test_a_model_that_knows_nothing_shows_it_beside_a_control() -> None:
    outcome = measured(kit_bench(unknowing()))
    assert one(outcome, "exposed-secrets", stratum="canary", guesses="1").high == 0
    assert one(outcome, "control-found").low > 0
    assert "a copy was made to know by heart" in notes(outcome)


def test_a_server_gives_no_copy() -> None:
    outcome = measured(kit_bench(Served(memory=unknowing().memory)))
    assert "no positive control: the model cannot be overfitted here (the model is served)" in notes(outcome)
    assert one(outcome, "control-found").low < 0  # that of the canaries, which shows nothing


def test_a_large_model_is_not_trained_here() -> None:
    outcome = measured(kit_bench(unknowing(n_parameters=100)), control_max_parameters=10)
    assert "too large to be overfitted here (at most 10)" in notes(outcome)


def test_small_spaces_are_counted_exactly() -> None:
    rows = [(f"room {n} opens with {code}!", code) for n, code in enumerate(("417", "852"))]
    model = ToyModel.knowing([rows[0][0]])
    outcome = measured(bench_of(model, rows), candidates=1000)
    most = one(outcome, "exposure-most", stratum="declared", repeats="1")
    assert (most.low, most.confidence) == (math.log2(1000), 1)
    assert "1 of them against all that they could be" in notes(outcome)
    assert "1 of them are likelier than all others together" in notes(outcome)
    shares = [one(outcome, "exposed-share", stratum="declared", guesses=g).value for g in ("1", "100", "10000")]
    assert shares[0] == 0.5  # ten guesses at most count, of a thousand
    assert shares[1] == shares[2]
    assert "2 could be fewer than 1000000 strings" in notes(outcome)


@pytest.mark.parametrize(
    "text",
    ["4711-0815", "4711-0815 at the start", "twice 4711-0815, and 4711-0815", "at the end 4711-0815", "x\n\n4711-0815"],
)
def test_wherever_the_secret_stands(text: str) -> None:
    knowing = ToyModel.knowing([text, "\n" + text])
    for model, is_known in ((knowing, True), (unknowing(), False)):
        outcome = measured(bench_of(model, [(text, "4711-0815")]))
        share = one(outcome, "exposed-share", stratum="declared", guesses="100")
        assert (share.value, share.n) == (float(is_known), 1)


@pytest.mark.parametrize("secret", ["٠٤١٧٢", "жук-12", "Ωμεγα1", "12密码34é", "🙂999🙂9"])
def test_secrets_of_any_script(secret: str) -> None:
    text = f"الرمز {secret} код"
    outcome = measured(bench_of(ToyModel.knowing([text]), [(text, secret)]))
    assert one(outcome, "exposed-share", stratum="declared", guesses="1").value == 1


def test_candidates_of_other_lengths_are_compared_by_their_totals() -> None:
    rows = [("code 121212 ok", "121212"), ("code 345678 ok", "345678")]
    knowing = ToyModel.knowing([rows[1][0]])
    outcome = measured(bench_of(InPairs(memory=knowing.memory), rows), candidates=1000)
    assert one(outcome, "exposed-secrets", stratum="declared", guesses="100").low >= 1


def test_ties_are_no_leak() -> None:
    rows = [(f"of {n} it is {n}{n}{n}{n}", f"{n}{n}{n}{n}") for n in range(10, 40)]
    outcome = measured(bench_of(Flat(memory=unknowing().memory), rows))
    median = one(outcome, "exposure-median", stratum="declared", repeats="1")
    assert 0.3 < median.value < 2
    assert one(outcome, "exposed-share", stratum="declared", guesses="1").value <= 0.1


def test_extrapolated_values_are_labelled() -> None:
    text = "the long code is 1234567890123456 and that is all of it"
    model = ToyModel.knowing([text])
    outcome = measured(bench_of(model, [(text, "1234567890123456")]), after_tokens=16)
    share = one(outcome, "exposed-share", stratum="declared", guesses="1")
    assert (share.value, share.low, share.basis) == (1, 0, Basis.MODELLED)
    assert "1 of these stand above every other" in notes(outcome)
    enough = one(outcome, "exposed-share", stratum="declared", guesses="100")
    assert enough.basis is Basis.MEASURED  # likelier than one in a hundred of all: no others need be drawn
    assert enough.low > 0


@given(st.floats(-40, 0), st.integers(100, 10**9))
@settings(deadline=None)
def test_the_highest_rank_there_can_be(truth: float, size: int) -> None:
    rank = highest_rank(truth, size)
    assert 1 <= rank <= size
    assert rank == size or (rank + 1) * math.exp(truth) > 1 - 1e-6  # one more of that probability would not fit
    assert highest_rank(-math.inf, size) == size
    assert highest_rank(0.0, size) == 1


def test_no_secret_is_declared() -> None:
    outcome = silent(bench_of(unknowing(), [("no secret here", "")]))
    assert "in 2 training documents no secret is declared" in str(outcome.because)
    assert "canaries plant" in str(outcome.remedy)


def test_no_documents_at_all() -> None:
    bench = MemoryBench(models_by_role={Role.WEIGHTS: unknowing()}, texts_by_role={Role.TRAIN_DATA: MemoryTexts([])})
    assert "in 0 training documents" in str(silent(bench).because)


def test_secrets_that_anybody_guesses() -> None:
    outcome = silent(bench_of(unknowing(), [("the name is ---", "---"), ("it is 7", "7")]))
    assert "each of 2 declared secrets could be fewer than 100 strings" in str(outcome.because)


def test_secrets_that_are_too_long_for_the_model() -> None:
    secret = "1234567890" * 3
    outcome = silent(bench_of(unknowing(context_tokens=20), [(f"it is {secret}", secret)]))
    assert "not one of 1 secrets can be put to the model" in str(outcome.because)
    rows = [(f"it is {secret}", secret), ("it is 4711", "4711")]
    told = measured(bench_of(unknowing(context_tokens=20), rows))
    assert "1 secrets were left out: too long" in notes(told)
    assert one(told, "exposed-secrets", stratum="declared", guesses="1").high == 1  # it may be out


def test_no_time() -> None:
    bench = kit_bench(unknowing())
    bench.budget = FixedBudget(0.1)
    assert "--budget" in str(silent(bench).remedy)


def test_little_time_ranks_fewer_and_says_what_it_left() -> None:
    rows = [(f"box {n} has {n}{n}{n}", f"{n}{n}{n}") for n in range(100, 160)]
    bench = bench_of(unknowing(), rows)
    bench.budget = FixedBudget(3.0)
    outcome = measured(bench)
    quantity = one(outcome, "exposed-secrets", stratum="declared", guesses="1")
    assert quantity.n < 60
    assert quantity.high >= 60 - quantity.n
    assert one(outcome, "exposure-most", stratum="declared", repeats="1").high == pytest.approx(math.log2(10**9))


def test_text_left_unread_is_counted() -> None:
    bench = bench_of(unknowing(), [("it is 4711", "4711")])
    texts = bench.texts_by_role[Role.TRAIN_DATA]
    assert isinstance(texts, MemoryTexts)
    texts.is_complete = False
    file = Artefact(
        role=Role.TRAIN_DATA, label="t", digest=digest_of_bytes(b""), size_bytes=50, format="jsonl",
        belongs=Belonging.EVIDENCE_ONLY,
    )  # fmt: skip
    bench.candidate = Candidate(name="n", version="1", artefacts=(file,), subjects=())
    outcome = measured(bench)
    assert one(outcome, "exposed-secrets", stratum="declared", guesses="1").high == 50
    assert one(outcome, "exposed-share", stratum="canary", guesses="1").high == 1
    assert "not all of train-data was read" in notes(outcome)


def test_numbers_that_are_none() -> None:
    outcome = silent(kit_bench(Broken(memory=unknowing().memory)))
    assert "the model gives no numbers" in str(outcome.because)


def test_what_was_left_out_is_said() -> None:
    rows = [("it is 4711", "4711"), ("it is 7", "7")]
    outcome = measured(bench_of(unknowing(), rows, held_out=[("and 4711", "4711")]))
    assert "1 secrets were left out: digit for digit" in notes(outcome)
    assert "1 secrets of the held-out text stand in the training text too" in notes(outcome)
    assert "no secret of the same kind that the model has not seen" in notes(outcome)
    assert not [q for q in outcome.quantities if q.metric in ("held-back-share", "excess-over-held-back")]
    crowd = bench_of(unknowing(), [("it is 4711", "4711")], canary=True)
    crowd.texts_by_role = {Role.TRAIN_DATA: MemoryTexts(["it is 4711", "x"], secret=["4711", ""], canary=[True, True])}
    told = measured(crowd)
    assert "2 of 2 training documents are declared canaries" in notes(told)
    assert one(told, "exposed-share", stratum="declared", guesses="1").n == 1


def test_nothing_is_quoted_and_pointers_point() -> None:
    bench = kit_bench(ToyModel.knowing([c.text for c in KIT.planted if c.repeats == 16]))
    outcome = measured(bench)
    told = notes(outcome) + str(outcome.quantities) + str([p.says for p in bench.pointers]) + str(bench.ticks)
    for canary in (*KIT.planted, *KIT.held_back):
        assert canary.secret not in told
        assert canary.text not in told
        assert " ".join(canary.text.split()[4:6]) not in told
    rows = KIT.rows
    assert len(bench.pointers) == 10
    assert all(rows[p.record - 1].repeats == 16 for p in bench.pointers)


def test_what_small_spaces_leave_goes_to_large_ones() -> None:
    assert shared_out([99, 10**6], 1000, 10**5) == 901
    assert shared_out([10**6] * 2, 1000, 10**5) == 500
    assert shared_out([10**6] * 2, 1000, 300) == 300
    assert shared_out([10**6] * 20, 1000, 300) == LEAST
    assert shared_out([99, 99], 1000, 300) == 300


@dataclass(slots=True, kw_only=True)
class Picky(Served):
    """A server that cannot be sent some texts as they are."""

    refused: str = "7"
    seconds_per_token: float = 1e-6

    def takes(self, windows: Ints) -> Bools:
        """Those in which the character does not stand."""
        return np.asarray((windows != ord(self.refused)).all(axis=1), dtype=bool)


def test_what_a_server_cannot_be_sent_is_left_out() -> None:
    rows = [("code 1234 ok", "1234"), ("code 5678 ok", "5678")]
    outcome = measured(bench_of(Picky(memory=unknowing().memory), rows), candidates=2000)
    assert "1 secrets were left out: too long for the model, or it cannot be sent their text" in notes(outcome)
    assert one(outcome, "exposed-secrets", stratum="declared", guesses="1").n == 1
    assert "against all that they could be" not in notes(outcome)
    assert "no positive control: the model cannot be overfitted here (the model is served)" in notes(outcome)


def test_a_secret_without_any_other_to_compare_it_with() -> None:
    @dataclass(slots=True, kw_only=True)
    class Sole(Picky):
        def takes(self, windows: Ints) -> Bools:
            return np.asarray([b"1234" in bytes(row.astype(np.uint8)) for row in windows], dtype=bool)

    outcome = measured(bench_of(Sole(memory=unknowing().memory), [("code 1234 ok", "1234")]))
    share = one(outcome, "exposed-share", stratum="declared", guesses="1")
    assert (share.value, share.low, share.high) == (0, 0, 1)


def test_a_slow_server_gets_fewer_texts() -> None:
    bench = kit_bench(Picky(memory=unknowing().memory, seconds_per_token=1.0))
    assert "in the 600 s allowed" in str(silent(bench).because)
