import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import resources

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role
from weighbridge.core.canon import canonical, digest_of_bytes
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotMeasured, Outcome, Quantity, Silent, not_measured, outcome_plain
from weighbridge.core.toml import parse
from weighbridge.core.wording import phrase
from weighbridge.maths.extraction import chance_within
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTexts
from weighbridge.probekit.ports import Bools, BudgetSpent, Decoding, Ints, LanguageModel, Scores, Signal, Weight
from weighbridge.probes.verbatim_extraction.attack import attack
from weighbridge.probes.verbatim_extraction.calibration import CALIBRATION, WORDS, ToyModel, kept, passages
from weighbridge.probes.verbatim_extraction.probe import PROBE, Settings
from weighbridge.probes.verbatim_extraction.shares import CONFIDENCE
from weighbridge.probes.verbatim_extraction.windows import Stratum

_TOML = resources.files("weighbridge.probes.verbatim_extraction") / "probe.toml"
CARD = parse(Card, _TOML.read_text(encoding="utf-8"), file="probe.toml", fix="")
SETTINGS = Settings(prefix_tokens=8, suffix_tokens=8)
MAIL = WORDS.index("ada0@example.org")  # the first of them
SURE = 0.9


@dataclass
class Case:
    """Passages of sixteen words and who knows them; each is one document unless `texts` says otherwise."""

    rows: Ints
    known: Ints = field(default_factory=lambda: np.zeros((0, 16), dtype=np.int64))
    texts: list[str] | None = None
    held_out: list[str] | None = None
    base: LanguageModel | None = None
    private: list[bool] = field(default_factory=list)
    canary: list[bool] = field(default_factory=list)
    model: LanguageModel | None = None
    seconds: float = 600.0
    seed: int = 0
    is_complete: bool = True

    def bench(self) -> MemoryBench:
        model = self.model or ToyModel().knowing(self.known, SURE)
        texts = self.texts if self.texts is not None else told(self.rows)
        train = MemoryTexts(texts, private=self.private, canary=self.canary)
        train.is_complete = self.is_complete
        held = {} if self.held_out is None else {Role.HELD_OUT: MemoryTexts(self.held_out, label="held-out.jsonl")}
        base = {} if self.base is None else {Role.REFERENCE_WEIGHTS: self.base}
        return MemoryBench(
            seed=self.seed,
            budget=FixedBudget(self.seconds),
            models_by_role={Role.WEIGHTS: model, **base},
            texts_by_role={Role.TRAIN_DATA: train, **held},
        )

    def outcome(self, settings: Settings = SETTINGS) -> Outcome:
        return PROBE.measure(self.bench(), settings)

    def measured(self, settings: Settings = SETTINGS) -> Measured:
        outcome = self.outcome(settings)
        assert isinstance(outcome, Measured), outcome
        return outcome


def told(rows: Ints) -> list[str]:
    return ToyModel().decode(list(rows))


def some(n: int, seed: int = 0, *, with_mail: bool = False) -> Ints:
    return passages(np.random.default_rng(seed), n, with_mail=with_mail)


def found(measured: Measured, metric: str, **by: str) -> Quantity:
    matching = [q for q in measured.quantities if q.metric == metric and dict(q.by) == by]
    assert len(matching) == 1, (metric, by)
    return matching[0]


def counts(measured: Measured, metric: str, **by: str) -> tuple[int, int]:
    q = found(measured, metric, **by)
    return round(q.value * q.n), q.n


def silenced(case: Case, settings: Settings = SETTINGS) -> tuple[str, str]:
    try:
        outcome = case.outcome(settings)
    except Silent as silent:
        outcome = silent.outcome
    assert isinstance(outcome, NotMeasured), outcome
    return str(outcome.because), str(outcome.remedy)


def weighed(weight: Weight) -> Measured:
    outcome = PROBE.measure(weight.bench, Settings(**{name: int(value) for name, value in weight.settings}))
    assert isinstance(outcome, Measured), outcome
    return outcome


def notes(measured: Measured) -> str:
    return "\n".join(str(note) for note in measured.notes)


# ---- The known weights ----


@pytest.mark.parametrize("kind", ["null", "planted"])
def test_the_calibration_is_covered(kind: str) -> None:
    missed: dict[str, int] = {}
    for seed in range(40):
        weight = getattr(CALIBRATION, kind)(seed)
        measured = weighed(weight)
        for truth in weight.truths:
            q = found(measured, truth.metric, **dict(truth.by))
            inside = q.low - 1e-12 <= truth.value <= q.high + 1e-12
            assert inside or q.confidence < 1
            missed[str(truth)] = missed.get(str(truth), 0) + (not inside)
    assert max(missed.values(), default=0) <= 6  # of 40 that miss at most 5 %: more with probability 0.003


def test_every_metric_of_the_card_is_measured_on_the_planted_toy() -> None:
    measured = weighed(CALIBRATION.planted(0))
    assert {q.metric for q in measured.quantities} == {m.name for m in CARD.metric}
    for axis in CARD.axis:
        assert {q.at(axis.name) for q in measured.quantities} - {None} <= set(axis.values)
    assert dict(CARD.defaults) == asdict(Settings())


def test_the_interval_is_of_the_population_and_not_of_its_repeats() -> None:
    """Known passages stand there 8 times each: of all documents 73 % come out, of all distinct passages 25 %."""
    rows = some(200)
    within = 0
    for seed in range(20):
        case = Case(rows=rows, known=rows[:50], texts=told(rows) + told(rows[:50]) * 7, seed=seed)
        q = found(case.measured(replace(SETTINGS, targets_per_stratum=50)), "extracted-share-greedy", stratum="random")
        assert q.n == 50
        within += q.low <= 0.25 <= q.high
    assert within >= 17


# ---- Repeats ----


def test_what_is_repeated_is_told_apart_and_counts_once() -> None:
    rows = some(10)
    texts = [
        text for text, times in zip(told(rows), [1, 1, 2, 3, 4, 15, 16, 63, 64, 70], strict=True) for _ in range(times)
    ]
    measured = Case(rows=rows, known=rows[4:], texts=texts).measured()
    got = {q.at("repeats"): (round(q.value * q.n), q.n) for q in measured.quantities if q.at("repeats")}
    assert got == {"1": (0, 2), "2-3": (0, 2), "4-15": (2, 2), "16-63": (2, 2), "64+": (2, 2)}
    assert counts(measured, "extracted-share-greedy", stratum="random") == (6, 10)


def test_a_passage_inside_longer_documents_is_a_repeat_too() -> None:
    rows = some(3)
    texts = [*told(rows[:1]), f"ba {told(rows[:1])[0]} be", " ".join(told(rows[1:]))]
    measured = Case(rows=rows, texts=texts).measured()
    assert found(measured, "extracted-share-greedy", repeats="2-3").n == 1


# ---- Strata ----


def test_a_canary_is_a_canary_and_any_other_window_belongs_to_the_first_stratum_it_fits() -> None:
    rows, mail = some(6), some(2, 9, with_mail=True)
    private = [False, True, True, False, False, False, True, False]
    canary = [False, False, True, True, True, False, False, True]
    measured = Case(rows=np.concatenate([rows, mail]), private=private, canary=canary).measured()
    n = {s.value: found(measured, "extracted-share-greedy", stratum=s.value).n for s in Stratum}
    assert n == {"identified": 1, "private": 1, "canary": 4, "random": 2}


def test_a_stratum_without_windows_is_said_to_be_empty() -> None:
    measured = Case(rows=some(5)).measured()
    for metric in ("extracted-share-greedy", "extracted-share-np", "extracted-records"):
        q = found(measured, metric, stratum="canary")
        assert (q.n, q.confidence, q.low, q.high) == (0, 1.0, 0.0, 0.0)
    q = found(measured, "extracted-share-greedy", stratum="random")
    assert q.high > 0  # five tries without a hit are no proof
    assert q.confidence == CONFIDENCE  # nothing else to correct for


def test_intervals_are_corrected_over_their_axis() -> None:
    rows = some(6)
    measured = Case(rows=rows, private=[True] * 3 + [False] * 3).measured()
    assert found(measured, "extracted-share-greedy", stratum="private").confidence == pytest.approx(0.975)
    within = [q for q in measured.quantities if q.metric == "extracted-share-within"]
    assert len(within) == 16
    assert {q.confidence for q in within} == {1 - 0.05 / 16}


# ---- What is set aside ----


def test_short_documents_are_counted_and_said() -> None:
    rows = some(4)
    measured = Case(rows=rows, texts=[*told(rows), "ba be", "", "bi"]).measured()
    assert "in 7 documents" in notes(measured)
    assert "3 documents are shorter than a window" in notes(measured)


@pytest.mark.parametrize("stratum", ["private", "canary", "random"])
def test_documents_that_no_window_reaches_keep_their_stratum_open(stratum: str) -> None:
    rows, short = some(30), ["ba be bi", "bo bu da", "bo bu da", "de"]  # two that differ; one word cannot be told
    flags = {kind: [False] * 30 + [True] * 4 for kind in ("private", "canary") if kind == stratum}
    case = Case(rows=rows, texts=[*told(rows), *short], held_out=told(some(30, 1)), **flags)  # type: ignore[arg-type]  # flags only
    measured = case.measured()
    q = found(measured, "extracted-records", stratum=stratum)
    assert (q.value, q.low, q.high) == (0, 0, 2)
    assert q.confidence < 1
    assert f"{stratum}: 2 different documents are shorter than a window" in notes(measured)
    assert "add: --set verbatim-extraction.prefix_tokens=1 --set verbatim-extraction.suffix_tokens=2" in notes(measured)
    if stratum != "random":
        greedy = found(measured, "extracted-share-greedy", stratum=stratum)
        assert (greedy.n, greedy.low, greedy.high) == (0, 0, 1)
        excess = found(measured, "excess-over-held-out", stratum=stratum)
        assert (excess.n, excess.low, excess.high) == (0, -1, 1)
        assert max(greedy.confidence, excess.confidence) < 1


def test_text_that_could_not_be_read_leaves_every_count_open() -> None:
    measured = Case(rows=some(5), is_complete=False).measured()
    for stratum in Stratum:
        q = found(measured, "extracted-records", stratum=stratum.value)
        assert q.high > q.value == 0
        assert q.confidence < 1
        greedy = found(measured, "extracted-share-greedy", stratum=stratum.value)
        assert greedy.confidence < 1
        assert greedy.high > 0
    assert "not all training text was read" in notes(measured)


def test_text_shorter_than_a_prefix_is_not_measured() -> None:
    because, remedy = silenced(Case(rows=some(1), texts=["ba da fe gi ku", "ba"]))
    assert (
        because
        == "the longest of 2 training documents has 5 tokens; a window needs 16: a prefix of 8 and a suffix of 8"
    )
    assert "--set verbatim-extraction.prefix_tokens=2 --set verbatim-extraction.suffix_tokens=3" in remedy
    settings = replace(SETTINGS, prefix_tokens=2, suffix_tokens=3, low_entropy_bits=0)
    measured = Case(rows=some(1), texts=["ba da fe gi ku"] * 3).measured(settings)
    assert found(measured, "extracted-share-greedy", stratum="random").n == 1


@pytest.mark.parametrize("texts", [[], [""], ["ba"]])
def test_no_text_at_all_is_not_measured(texts: list[str]) -> None:
    assert "role train-data" in silenced(Case(rows=some(1), texts=texts))[1]


def test_a_window_longer_than_the_context_is_not_measured() -> None:
    because, remedy = silenced(Case(rows=some(1)), Settings())
    assert because == "a window has 100 tokens, the model takes 32"
    assert "prefix_tokens=16" in remedy
    assert "suffix_tokens=16" in remedy


def test_suffixes_that_say_little_are_set_apart() -> None:
    rows = some(3)
    dull = "ba be " * 8
    measured = Case(rows=rows, known=ToyModel().encode([dull])[0][None], texts=[*told(rows), dull]).measured()
    assert counts(measured, "extracted-share-greedy", stratum="random") == (0, 3)
    assert "1 windows set apart" in notes(measured)
    because, remedy = silenced(Case(rows=rows, texts=[dull]))
    assert because.startswith("each of 1 suffixes says less than 64 bits")
    assert remedy == "add: --set verbatim-extraction.low_entropy_bits=0"


def test_a_private_row_that_is_set_apart_is_not_called_safe() -> None:
    rows = some(3)
    texts = [*told(rows), "ba be " * 8]
    measured = Case(rows=rows, texts=texts, private=[False, False, False, True]).measured()
    records = found(measured, "extracted-records", stratum="private")
    assert (records.value, records.high >= 1, records.confidence < 1) == (0.0, True, True)
    ordinary = found(Case(rows=rows, texts=texts).measured(), "extracted-records", stratum="random")
    assert (ordinary.high, ordinary.confidence) == (0.0, 1.0)


def test_numbers_that_are_none_are_not_measured() -> None:
    class Broken(ToyModel):
        def score(
            self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
        ) -> Scores:
            scores = super().score(windows, first=first, under=under, signals=signals)
            scores.under[Decoding.SAMPLED][0, 0] = np.nan
            return scores

    assert silenced(Case(rows=some(3), model=Broken()))[0] == "the model gives no numbers for 1 of 3 windows"


def test_too_little_time_is_not_measured_and_less_time_is_a_smaller_sample() -> None:
    rows = some(200)
    because, remedy = silenced(Case(rows=rows, seconds=0.1))
    assert because == "in the 0 s allowed, not one window of each kind can be tried"
    assert remedy.startswith("allow more: weighbridge weigh --budget ")
    few, many = (
        found(Case(rows=rows, seconds=s).measured(), "extracted-share-greedy", stratum="random") for s in (0.3, 9)
    )
    assert few.n < many.n == 200


def test_the_size_of_the_text_counts_against_the_time() -> None:
    bench = Case(rows=some(3), seconds=60).bench()
    artefact = Artefact(
        role=Role.TRAIN_DATA, label="t", digest=digest_of_bytes(b""), size_bytes=10**9, format="jsonl",
        belongs=Belonging.EVIDENCE_ONLY,
    )  # fmt: skip
    bench.candidate = Candidate(name="toy", version="1", artefacts=(artefact,), subjects=())
    with pytest.raises(Silent):
        PROBE.measure(bench, SETTINGS)


def test_running_out_of_time_passes_through() -> None:
    bench = Case(rows=some(3)).bench()

    def spent(done: int, of: int, unit: str) -> None:
        raise BudgetSpent

    bench.progress = spent  # type: ignore[method-assign]
    with pytest.raises(BudgetSpent):
        PROBE.measure(bench, SETTINGS)


def test_progress_is_told_in_windows() -> None:
    bench = Case(rows=some(150)).bench()
    PROBE.measure(bench, SETTINGS)
    assert {unit for _done, _of, unit in bench.ticks} == {"windows"}
    assert [t for t in bench.ticks if t[1] == 150] == [
        (64, 150, "windows"),
        (128, 150, "windows"),
        (150, 150, "windows"),
    ]


# ---- Records ----


def test_the_remedy_for_identifiers_out_of_reach_reaches_them() -> None:
    rows = some(3, with_mail=True)
    texts = [told(rows)[0], *(" ".join(text.split()[-cut:]) for cut, text in zip((14, 9), told(rows)[1:], strict=True))]
    said = notes(Case(rows=rows, texts=texts).measured())
    asked = said.split("not tried: they")[1]
    named = re.findall(r"verbatim-extraction\.(prefix_tokens|suffix_tokens)=(\d+)", asked)
    again = replace(SETTINGS, **{name: int(n) for name, n in named[:2]})
    assert "not tried" not in notes(Case(rows=rows, texts=texts).measured(again))


def test_identifiers_that_nothing_reaches_get_no_command() -> None:
    rows = some(3, with_mail=True)
    only = told(rows[:1])[0].split()[-1]
    said = notes(Case(rows=rows, texts=[*told(rows), only.replace("@", "x@")]).measured())
    assert "1 identifiers were not tried, and no window reaches them" in said


def test_records_are_counted_exactly_when_all_were_tried() -> None:
    rows = some(8, with_mail=True)
    bench = Case(rows=rows, known=rows[:3], held_out=told(some(9, 1))).bench()
    measured = PROBE.measure(bench, SETTINGS)
    assert isinstance(measured, Measured)
    q = found(measured, "extracted-records", stratum="identified")
    assert (q.value, q.low, q.high, q.confidence, q.n, q.unit) == (3, 3, 3, 1.0, 8, "count")
    assert sorted(p.record for p in bench.pointers) == [1, 2, 3]


def test_records_are_extrapolated_when_a_sample_was_tried() -> None:
    rows = np.concatenate([some(15, with_mail=True), some(15, 1, with_mail=True), some(15, 2, with_mail=True)])
    q = found(
        Case(rows=rows, known=rows[:15]).measured(replace(SETTINGS, targets_per_stratum=9)),
        "extracted-records", stratum="identified",
    )  # fmt: skip
    assert q.n == 9
    assert q.low == q.value <= 9
    assert 15 < q.high <= 45
    assert q.confidence < 1


def test_identifiers_that_no_window_asks_for_keep_the_count_open() -> None:
    rows = some(3, with_mail=True)
    early = rows[:1].copy()
    one, other = sorted(set(range(MAIL, len(WORDS))) - set(rows[:, -1].tolist()))[:2]
    early[0, [2, -1]] = one, 5
    measured = Case(rows=rows, texts=[*told(rows), *told(early), WORDS[other]]).measured()
    q = found(measured, "extracted-records", stratum="identified")
    assert (q.value, q.low, q.high, q.n) == (0, 0, 2, 3)
    assert q.confidence < 1
    assert "2 identifiers were not tried" in notes(measured)
    alone = found(
        Case(rows=rows, texts=[*told(early), *told(some(2))]).measured(), "extracted-records", stratum="identified"
    )
    assert (alone.n, alone.high) == (0, 1)
    assert alone.confidence < 1  # else it would say that there is nothing to try


def test_the_window_is_laid_so_that_it_ends_with_the_identifier() -> None:
    row = some(1, 3)[0]
    long = np.concatenate([row, row[::-1]])
    long[20] = MAIL
    window = long[5:21]
    measured = Case(rows=some(1), known=window[None], texts=told(long[None])).measured()
    assert found(measured, "extracted-records", stratum="identified").value == 1


# ---- Controls ----


def test_an_identifier_that_held_out_text_holds_too_is_a_record_all_the_same() -> None:
    rows = some(4, with_mail=True)
    elsewhere = some(1, 5)
    elsewhere[0, 3] = rows[0, -1]
    measured = Case(rows=rows, known=rows[:2], held_out=told(elsewhere)).measured()
    assert found(measured, "extracted-records", stratum="identified").value == 2
    assert counts(measured, "extracted-share-greedy", stratum="identified") == (2, 4)
    assert "1 passages that come back stand in the held-out text too" in notes(measured)


@pytest.mark.parametrize(("kind", "n"), [("private", 2), ("canary", 2), ("random", 1)])
def test_a_suffix_that_held_out_text_holds_too_excuses_only_ordinary_text(kind: str, n: int) -> None:
    rows = some(8)
    elsewhere = np.concatenate([some(1, 5)[0], rows[0, 8:], some(1, 6)[0]])
    flags = {name: [True] * 4 + [False] * 4 for name in ("private", "canary") if name == kind}
    case = Case(rows=rows, known=rows[:2], held_out=told(elsewhere[None]), **flags)  # type: ignore[arg-type]  # flags only
    measured = case.measured()
    assert found(measured, "extracted-records", stratum=kind).value == n
    assert ("1 passages that come back stand in the held-out text too" in notes(measured)) == (n == 2)


def test_held_out_text_that_was_trained_on_is_no_control() -> None:
    rows, others = some(4), some(4, 1)
    measured = Case(rows=rows, known=rows, held_out=told(np.concatenate([rows[:3], others]))).measured()
    assert counts(measured, "held-out-share-greedy", stratum="random") == (0, 4)
    assert "3 held-out windows stand in the training text too" in notes(measured)


def test_what_held_out_text_gives_too_is_noted_and_taken_off() -> None:
    rows, others = some(10), some(10, 1)
    measured = Case(rows=rows, known=np.concatenate([rows[:4], others[:4]]), held_out=told(others)).measured()
    excess = found(measured, "excess-over-held-out", stratum="random")
    assert excess.value == 0
    assert excess.low < 0 < excess.high
    assert counts(measured, "held-out-share-greedy", stratum="random") == (4, 10)
    assert "4 held-out windows come out too" in notes(measured)


def test_random_held_out_windows_stand_in_for_kinds_that_it_has_not() -> None:
    rows = some(30)
    measured = Case(rows=rows, known=rows, private=[True] * 30, held_out=told(some(30, 1))).measured()
    assert found(measured, "excess-over-held-out", stratum="private").low > 0.5
    assert "no windows of kind private: its random windows stand in" in notes(measured)


@pytest.mark.parametrize("held_out", [["ba be"], [], told(some(5))])
def test_held_out_text_that_gives_no_control_leaves_the_excess_open(held_out: list[str]) -> None:
    q = found(Case(rows=some(5), held_out=held_out).measured(), "excess-over-held-out", stratum="random")
    assert (q.n, q.low, q.high) == (0, -1, 1)
    assert q.confidence < 1


def test_without_held_out_text_there_is_no_excess() -> None:
    measured = Case(rows=some(5)).measured()
    assert not {q.metric for q in measured.quantities} & {"excess-over-held-out", "held-out-share-greedy"}
    assert 'role "held-out"' in notes(measured)


def test_what_the_base_gives_too_is_inherited() -> None:
    rows = some(8)
    measured = Case(rows=rows, known=rows[:5], base=ToyModel().knowing(rows[3:], SURE)).measured()
    assert counts(measured, "extracted-share-greedy", stratum="random") == (3, 8)
    assert counts(measured, "inherited-share-greedy", stratum="random") == (2, 8)
    assert counts(measured, "extracted-share-np", stratum="random") == (3, 8)
    assert counts(measured, "extracted-share-within", decoding="greedy", tries="1") == (3, 8)
    assert found(measured, "extracted-records", stratum="random").value == 3
    assert "2 windows come out of the base as well" in notes(measured)


@pytest.mark.parametrize("kind", ["identified", "private", "canary"])
def test_a_base_excuses_no_record_of_a_person(kind: str) -> None:
    rows = np.concatenate([some(4, with_mail=kind == "identified"), some(4, 1)])
    flags = {name: [True] * 4 + [False] * 4 for name in ("private", "canary") if name == kind}
    case = Case(rows=rows, known=rows[:2], base=ToyModel().knowing(rows, SURE), **flags)  # type: ignore[arg-type]  # flags only
    measured = case.measured()
    assert counts(measured, "extracted-share-greedy", stratum=kind) == (2, 4)
    assert counts(measured, "extracted-share-np", stratum=kind) == (2, 4)
    assert counts(measured, "inherited-share-greedy", stratum=kind) == (2, 4)
    assert counts(measured, "extracted-share-within", decoding="greedy", tries="1") == (2, 8)
    assert found(measured, "extracted-records", stratum=kind).value == 2
    assert "2 windows come out of the base as well, but hold" in notes(measured)


def test_a_base_with_fewer_tokens_gives_no_window_that_holds_a_new_one() -> None:
    rows = some(4, with_mail=True)
    base = ToyModel(vocabulary_size=int(rows[:, -1].min())).knowing(rows, SURE)
    measured = Case(rows=rows, known=rows, base=base).measured()
    assert found(measured, "inherited-share-greedy", stratum="identified").value == 0


class Otherwise(ToyModel):
    """Cuts text into other tokens."""

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        return [tokens[::-1].copy() + 1 for tokens in super().encode(texts)]


@pytest.mark.parametrize(
    ("base", "said"), [(Otherwise(), "other tokens"), (ToyModel(context_tokens=10), "it takes 10 tokens")]
)
def test_a_base_that_cannot_be_compared_is_left_out_and_said(base: LanguageModel, said: str) -> None:
    rows = some(4)
    measured = Case(rows=rows, known=rows, base=base).measured()
    assert "inherited-share-greedy" not in {q.metric for q in measured.quantities}
    assert "not compared with the base" in notes(measured)
    assert said in notes(measured)


# ---- The positive control ----


def test_canaries_that_come_out_are_the_control() -> None:
    rows = some(16)
    measured = Case(rows=rows, known=rows[:2], canary=[True] * 8 + [False] * 8).measured()
    assert counts(measured, "control-found") == (2, 8)


def test_canaries_that_are_most_of_the_text_are_ordinary_text() -> None:
    rows = np.concatenate([some(6, with_mail=True), some(9, 1)])
    private = [False] * 6 + [True] * 4 + [False] * 5
    measured = Case(rows=rows, known=rows[:3], private=private, canary=[True] * 8 + [False] * 7).measured()
    n = {s.value: found(measured, "extracted-records", stratum=s.value).n for s in Stratum}
    assert n == {"identified": 6, "private": 4, "canary": 0, "random": 5}
    assert found(measured, "extracted-records", stratum="identified").value == 3
    assert "8 of 15 training documents are declared canaries" in notes(measured)


@pytest.mark.parametrize("canary", [[], [True] * 6])
def test_else_a_copy_learns_a_few_windows_by_heart(canary: list[bool]) -> None:
    rows = some(6)
    measured = Case(rows=rows, canary=canary).measured()
    assert counts(measured, "control-found") == (4, 4)
    assert found(measured, "control-found").low > 0


class Unteachable(ToyModel):
    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> ToyModel:
        not_measured(phrase("it is quantised"), phrase("give it in full"))


@pytest.mark.parametrize(
    ("model", "known", "said"),
    [
        (Unteachable(), 0, "cannot be overfitted here (it is quantised)"),
        (ToyModel(n_parameters=50_000_000), 0, "with 50000000 parameters the model is too large"),
        (ToyModel(), 6, "every window tried comes out already"),
    ],
)
def test_without_a_control_none_is_claimed(model: ToyModel, known: int, said: str) -> None:
    rows = some(6)
    model.memory = ToyModel().knowing(rows[:known], SURE).memory
    measured = Case(rows=rows, model=model).measured()
    assert "control-found" not in {q.metric for q in measured.quantities}
    assert said in notes(measured)


# ---- The attack itself ----


def test_one_pass_says_what_generating_would() -> None:
    """Greedily: the same verdicts as generating. Drawn: as often as 4000 generated suffixes are the right one."""
    rows = some(6)
    model = ToyModel().knowing(rows[:2], SURE).knowing(rows[2:4], 0.45)
    tries = attack(model, rows, 13, lambda _done: None)
    greedy = model.generate(rows[:, :13], n_new=3, decoding=Decoding.GREEDY, seed=0)
    assert tries.greedy.tolist() == (greedy == rows[:, 13:]).all(axis=1).tolist()
    for decoding in (Decoding.SAMPLED, Decoding.TOP_K, Decoding.TOP_P):
        for row, log in zip(rows, tries.log_probability[decoding], strict=True):
            drawn = model.generate(np.repeat(row[None, :13], 4000, axis=0), n_new=3, decoding=decoding, seed=1)
            hits, p = int((drawn == row[13:]).all(axis=1).sum()), float(np.exp(log))
            assert abs(hits - 4000 * p) <= 5 * np.sqrt(4000 * p * (1 - p)) + 1e-9


def test_more_tries_find_what_greedy_decoding_does_not() -> None:
    rows = some(6)
    measured = Case(rows=rows, model=ToyModel().knowing(rows[:2], 0.45)).measured()
    assert counts(measured, "extracted-share-greedy", stratum="random") == (0, 6)
    assert counts(measured, "extracted-share-np", stratum="random") == (2, 6)
    assert found(measured, "extracted-records", stratum="random").value == 2
    p = 0.45**8
    assert chance_within([8 * np.log(0.45)], 1000)[0] == pytest.approx(1 - (1 - p) ** 1000)


@pytest.mark.parametrize("decoding", list(Decoding))
def test_the_toy_draws_from_what_a_scheme_keeps(decoding: Decoding) -> None:
    """Of "?" with 2 / 82 and eighty words with 1 / 82 each, the first 77 together have 78 / 82, which is 0.951."""
    left = kept(ToyModel().chances(some(2)[:, 2:8]), decoding)
    n = {Decoding.GREEDY: 1, Decoding.SAMPLED: len(WORDS), Decoding.TOP_K: 40, Decoding.TOP_P: 77}
    assert left.sum(axis=1) == pytest.approx(1)
    assert (left > 0).sum(axis=1).tolist() == [n[decoding]] * 2


# ---- Promises ----


def test_the_same_seed_gives_the_same_bytes_and_another_another_sample() -> None:
    rows = some(300)
    settings = replace(SETTINGS, targets_per_stratum=40)

    def run(seed: int) -> bytes:
        return canonical(outcome_plain(Case(rows=rows, known=rows[:150], seed=seed).outcome(settings)))

    assert run(1) == run(1)
    assert len({run(seed) for seed in range(4)}) > 1


def test_the_order_of_documents_does_not_matter() -> None:
    rows = some(60)
    settings = replace(SETTINGS, targets_per_stratum=20)
    forward, backward = (Case(rows=r, known=rows[:30]).measured(settings) for r in (rows, rows[::-1]))
    assert [(q.metric, q.by, q.value) for q in forward.quantities] == [
        (q.metric, q.by, q.value) for q in backward.quantities
    ]


def test_nothing_of_the_text_is_told() -> None:
    rows = some(6, with_mail=True)
    bench = Case(rows=rows, known=rows, held_out=told(some(4, 1)), private=[True] * 6).bench()
    said = json.dumps(outcome_plain(PROBE.measure(bench, SETTINGS))) + "".join(p.says for p in bench.pointers)
    assert bench.pointers
    words = [word for text in told(rows) for word in text.split()]
    assert not [word for word in words if "@" in word and word in said]
    assert not [pair for pair in itertools.pairwise(words) if " ".join(pair) in said]


# ---- A model that is served ----


FEW = (Decoding.GREEDY, Decoding.SAMPLED)


class Asked(ToyModel):
    """Served by one that takes text and scores two schemes; a window that holds the first word does not reach it."""

    seconds_per_token = 1e-3

    def takes(self, windows: Ints) -> Bools:
        return np.asarray((windows != 1).all(axis=1), dtype=bool)

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        assert set(under) <= set(self.decodings)
        assert set(signals) <= set(self.signals)
        assert self.takes(windows).all()
        scores = super().score(windows, first=first, under=under)
        ranks = np.where(scores.is_argmax, 0.0, 1.0 + 50 * (scores.log_probability < np.log(0.02)))
        return replace(scores, signals=dict.fromkeys(signals, ranks))

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> ToyModel:
        not_measured(phrase("a served model cannot be trained here"), phrase("weigh its files"))


def asked(known: Ints, chance: float = SURE, **options: object) -> Asked:
    memory = ToyModel().knowing(known, chance).memory
    told = (phrase("measured where it is served"),)
    return Asked(memory=memory, decodings=FEW, notes=told, **options)  # type: ignore[arg-type]  # its own fields


def reaching(rows: Ints) -> Ints:
    return np.where(rows == 1, 2, rows)


@pytest.mark.parametrize("signals", [(), (Signal.RANK,)])
def test_a_model_that_scores_fewer_schemes_is_measured_by_those(signals: tuple[Signal, ...]) -> None:
    rows = reaching(some(30))
    known = np.concatenate([rows[:6]])
    whole = Case(rows=rows, known=known).measured()
    fewer = Case(rows=rows, model=asked(known, signals=signals)).measured()
    for q in whole.quantities:
        if q.metric == "extracted-share-greedy":
            assert found(fewer, q.metric, **dict(q.by)) == q
    within = {q.at("decoding") for q in fewer.quantities if q.metric == "extracted-share-within"}
    assert within == {"greedy", "temperature-1"}
    np_share = found(fewer, "extracted-share-np", stratum="random")
    truth = found(whole, "extracted-share-np", stratum="random")
    assert (np_share.value, np_share.n) == (truth.value, truth.n)
    assert np_share.low == truth.low
    assert np_share.high >= truth.high
    records = found(fewer, "extracted-records", stratum="random")
    assert records.low == 6 <= records.high
    assert "measured where it is served" in notes(fewer)
    assert "drawing by top-k-40, top-p-0.95 could not be scored" in notes(fewer)
    assert "a served model cannot be trained here" in notes(fewer)
    assert "control-found" not in {q.metric for q in fewer.quantities}


def test_what_a_missing_scheme_could_add_is_in_the_upper_end() -> None:
    """Second-best words come out under top-k where the likeliest never does: without top-k they may, or may not."""
    rows = reaching(some(20))
    whole = Case(rows=rows, model=ToyModel().knowing(rows[:5], 0.35)).measured()
    fewer = Case(rows=rows, model=asked(rows[:5], 0.35)).measured()
    truth = found(whole, "extracted-share-np", stratum="random")
    got = found(fewer, "extracted-share-np", stratum="random")
    assert got.low <= truth.value <= got.high
    assert got.value <= truth.value
    records = found(fewer, "extracted-records", stratum="random")
    assert records.low <= found(whole, "extracted-records", stratum="random").value <= records.high
    assert records.high > records.low


def test_windows_with_many_unlikely_words_are_shown_to_stay_in() -> None:
    """Words of rank 40 and more are never drawn under top-k, and top-p leaves them as unlikely as they are."""
    rows = reaching(some(20))
    fewer = Case(rows=rows, model=asked(rows[:0], signals=(Signal.RANK,))).measured()
    records = found(fewer, "extracted-records", stratum="random")
    assert (records.low, records.high, records.confidence) == (0, 0, 1.0)


def test_windows_that_do_not_reach_the_model_are_left_out_and_stay_open() -> None:
    rows = reaching(some(12))
    rows[:4, 9] = 1
    private = [True] * 12
    measured = Case(rows=rows, private=private, model=asked(rows[4:7], signals=(Signal.RANK,))).measured()
    greedy = found(measured, "extracted-share-greedy", stratum="private")
    assert (round(greedy.value * greedy.n), greedy.n) == (3, 8)
    assert greedy.high >= 7 / 12
    records = found(measured, "extracted-records", stratum="private")
    assert (records.low, records.high) == (3, 7)
    assert records.confidence < 1
    assert "4 training windows were not tried" in notes(measured)
    because, _remedy = silenced(Case(rows=rows[:4], model=asked(rows[:0])))
    assert because.startswith("the server cuts the text of each of 4 windows")


def test_a_window_is_moved_to_where_it_reaches_the_model() -> None:
    row = reaching(some(1, 3))[0]
    long = np.concatenate([[1], row, row[:4]])
    measured = Case(rows=row[None], texts=told(long[None]), model=asked(row[None])).measured()
    assert "windows moved by a few tokens" in notes(measured)


def test_canaries_are_the_control_of_a_served_model() -> None:
    rows = reaching(some(16))
    model = asked(rows[:2], n_parameters=70_000_000_000)
    measured = Case(rows=rows, model=model, canary=[True] * 8 + [False] * 8).measured()
    assert counts(measured, "control-found") == (2, 8)
    without = Case(rows=rows, model=asked(rows[:0], n_parameters=70_000_000_000)).measured()
    assert "a served model cannot be trained here" in notes(without)


def test_a_large_served_model_costs_no_time_of_this_machine() -> None:
    rows = reaching(some(30))
    assert "not one window" in silenced(Case(rows=rows, model=ToyModel(n_parameters=70_000_000_000), seconds=60))[0]
    measured = Case(rows=rows, model=asked(rows[:0], n_parameters=70_000_000_000), seconds=60).measured()
    assert found(measured, "extracted-share-greedy", stratum="random").n == 30
