from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Card
from weighbridge.core.evidence import Basis, Measured, NotMeasured, Outcome, Quantity, Silent, not_measured
from weighbridge.core.toml import parse
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts, generator
from weighbridge.probekit.ports import BudgetSpent, Decoding, Floats, Ints, LanguageModel, Scores, Signal

pytest.importorskip("sklearn", reason="scikit-learn is in the extra detection")

from weighbridge.probes.detectability.calibration import CALIBRATION, SETTINGS, bench_of, texts_of
from weighbridge.probes.detectability.probe import PROBE
from weighbridge.probes.detectability.settings import Settings

SMALL = {**dict(SETTINGS), "least_each": 40, "least_for_5pct": 60, "least_for_1pct": 110}
Columns = dict[str, list[str]]


def measured(bench: MemoryBench, **settings: object) -> Measured:
    outcome = run(bench, **settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def run(bench: MemoryBench, **settings: object) -> Outcome:
    return PROBE.measure(bench, Settings(**{**SMALL, **settings}))  # type: ignore[arg-type]  # as the card has them


def silent(bench: MemoryBench, **settings: object) -> NotMeasured:
    with pytest.raises(Silent) as raised:
        run(bench, **settings)
    assert isinstance(raised.value.outcome, NotMeasured)
    return raised.value.outcome


def found(outcome: Measured, metric: str, **by: str) -> Quantity:
    return next(q for q in outcome.quantities if q.metric == metric and dict(q.by) == by)


def metrics(outcome: Measured) -> set[str]:
    return {q.metric for q in outcome.quantities}


def says(outcome: Measured) -> str:
    return "\n".join(map(str, outcome.notes))


def toy(n: int = 120, *, telling: tuple[float, float] = (0.2, 0.8), ended: float = 0.0, seed: int = 0) -> MemoryBench:
    rng = generator(seed, "toy")
    return bench_of(texts_of(rng, n, telling[0], ended), texts_of(rng, n, telling[1], 0.0), seed)


def labelled(human: Columns, machine: Columns, declared: Declared, **more: object) -> MemoryBench:
    """A bench whose texts have columns beside them."""
    tables, texts, artefacts = {}, {}, []
    for role, columns in ((Role.HUMAN_TEXT, human), (Role.OUTPUTS, machine)):
        label = f"{role.value}.jsonl"
        there = replace(declared, **{name: "" for name in _FIELDS if getattr(declared, name) not in columns})  # type: ignore[arg-type]  # names of columns
        tables[role] = (MemoryTable(columns, label=label, declared=there),)
        texts[role] = MemoryTexts(columns["text"], label=label)
        artefacts.append(
            Artefact(
                role=role,
                label=label,
                digest=digest_of_bytes(label.encode()),
                size_bytes=1,
                format="jsonl",
                belongs=Belonging.EVIDENCE_ONLY,
                declared=there,
            )
        )
    candidate = Candidate(name="t", version="1", artefacts=tuple(artefacts), subjects=(Subject.CAUSAL_LM,))
    return MemoryBench(candidate=candidate, tables_by_role=tables, texts_by_role=texts, **more)  # type: ignore[arg-type]  # fields of the bench


_FIELDS = (
    "language_field", "source_field", "date_field", "domain_field", "group_field", "decoding_field", "arm_field",
)  # fmt: skip


def columns(rng: np.random.Generator, n: int, telling: float, **same: str) -> Columns:
    return {"text": texts_of(rng, n, telling, 0.0), **{name: [value] * n for name, value in same.items()}}


def joined(*parts: Columns) -> Columns:
    return {name: [cell for part in parts for cell in part[name]] for name in parts[0]}


# ---- What is measured ----


def test_known_separability_is_held_by_the_interval() -> None:
    for weight in (CALIBRATION.null(3), CALIBRATION.planted(3)):
        outcome = PROBE.measure(weight.bench, Settings(**dict(weight.settings)))  # type: ignore[arg-type]  # as above
        assert isinstance(outcome, Measured)
        for truth in weight.truths:
            quantity = found(outcome, truth.metric, **dict(truth.by))
            assert quantity.low <= truth.value <= quantity.high


def test_a_leak_of_format_is_caught_and_taken_out() -> None:
    made = toy(telling=(0.5, 0.5))
    human, machine = (made.texts_by_role[role] for role in (Role.HUMAN_TEXT, Role.OUTPUTS))
    lines = ["\n".join(text.split(" ")) for text in next(iter(human.batches())).text.to_pylist()]
    bench = bench_of(lines, next(iter(machine.batches())).text.to_pylist(), 0)
    outcome = measured(bench, members="characters")
    leak, given = found(outcome, "leak-auroc", rule="newlines"), found(outcome, "auroc-as-given")
    assert leak.value > 0.9
    assert found(outcome, "leak-auroc-max").value == leak.value
    assert given.low > 0.8
    clean = found(outcome, "auroc-stack")
    assert clean.low <= 0.5 <= clean.high
    assert found(outcome, "format-drop").low > 0.2
    assert "newlines" in says(outcome)


@pytest.mark.parametrize("leak", ["Q: write one. A: {}", "Article {n}: {}", ","])
def test_a_format_that_is_left_is_no_figure_to_quote(leak: str) -> None:
    rng = generator(0, "left")
    human, machine = texts_of(rng, 70, 0.5, 0.0), texts_of(rng, 70, 0.5, 0.0)
    if leak == ",":
        human, machine = (
            [text.replace(" ", mark, 3) for text in side] for side, mark in ((human, ", "), (machine, ","))
        )
    else:
        machine = [leak.format(text, n=n) for n, text in enumerate(machine)]
    outcome = measured(bench_of(human, machine, 0))
    assert "auroc-stack" in metrics(outcome)
    assert not {"tpr-at-fpr-5pct", "predictive-value", "worst-attack-tpr"} & metrics(outcome)
    assert "may be of the format still" in says(outcome)
    assert "figure to quote" not in says(outcome)


def test_honest_beginnings_and_words_withhold_nothing() -> None:
    outcome = measured(toy(70, telling=(0.0, 1.0)))
    assert "tpr-at-fpr-5pct" in metrics(outcome)
    assert "figure to quote" in says(outcome)


def test_numbers_need_as_many_texts_as_was_said_beforehand() -> None:
    few = silent(toy(39))
    assert "not tested" in str(few.because)
    assert "1 more texts of people and 1 more of the model" in str(few.remedy)
    area = measured(toy(50))
    assert "auroc-stack" in metrics(area)
    assert not {"tpr-at-fpr-5pct", "tpr-at-fpr-1pct"} & metrics(area)
    assert "for the rate at 1 in 100 false alarms it takes 60 more texts of people and 60 more" in says(area)
    five = metrics(measured(toy(100)))
    assert "tpr-at-fpr-5pct" in five
    assert "tpr-at-fpr-1pct" not in five
    assert {"tpr-at-fpr-1pct", "realised-fpr-1pct"} <= metrics(measured(toy(110)))


def test_each_language_and_domain_by_itself_and_a_threshold_is_not_carried() -> None:
    rng = generator(1, "languages")
    said = Declared(language_field="lang", domain_field="kind")
    human = joined(
        columns(rng, 110, 0.0, lang="en", kind="news"), columns(rng, 110, 0.9, lang="sw", kind="news"),
        columns(rng, 9, 0.5, lang="xh", kind="poem of Rosalind"),
    )  # fmt: skip
    machine = joined(columns(rng, 110, 0.9, lang="en", kind="news"), columns(rng, 110, 0.1, lang="sw", kind="news"))
    outcome = measured(labelled(human, machine, said))
    assert {q.at("language") for q in outcome.quantities} == {None, "en", "sw"}
    assert found(outcome, "carried-fpr", language="sw").value > 0.5  # what tells there is the opposite
    assert found(outcome, "carried-auroc", language="sw").high < 0.5
    assert found(outcome, "tpr-at-fpr-5pct", language="en").confidence == pytest.approx(0.995)
    assert "it holds where it was set, and nowhere else" in says(outcome)
    assert "Rosalind" not in repr(outcome)
    assert "1 more languages and domains, of too few texts, are not tested" in says(outcome)


def test_text_in_another_language_tests_nothing_there() -> None:
    rng = generator(2, "otherwise")
    said = Declared(language_field="lang")

    def spoken(telling: float, lang: str, heard: str) -> Columns:
        made = columns(rng, 60, telling, lang=lang)
        return {**made, "text": [f"[{heard}] {text}" for text in made["text"]]}

    english = spoken(0.2, "en", "en"), spoken(0.8, "en-US", "en")
    wrong = spoken(0.2, "sw", "sw"), spoken(0.8, "sw", "en")
    outcome = measured(labelled(joined(english[0], wrong[0]), joined(english[1], wrong[1]), said))
    assert {q.at("language") for q in outcome.quantities} == {None, "en"}
    assert found(outcome, "auroc-stack", language="en").n == 120  # en-US is en
    assert "sw: not tested, since most texts of one side are told to be in another language" in says(outcome)
    assert "another language than sw" in str(silent(labelled(*wrong, said)).because)


def test_a_language_that_nobody_named_is_undetermined_or_that_of_the_other_side() -> None:
    rng = generator(2, "unlabelled")
    machine = columns(rng, 60, 0.8)
    nowhere = measured(labelled(columns(rng, 60, 0.2), machine, Declared()))
    assert found(nowhere, "auroc-stack", language="und").n == 120
    one_side = measured(labelled(columns(rng, 60, 0.2, lang="en"), machine, Declared(language_field="lang")))
    assert found(one_side, "auroc-stack", language="en").n == 120
    assert "taken to be that of the other" in says(one_side)


def test_a_language_that_nobody_named_is_that_in_which_both_sides_are_told_to_be() -> None:
    rng = generator(2, "by ear")

    def spoken(telling: float, *tags: str) -> Columns:
        made = columns(rng, 60, telling)
        return {**made, "text": [f"[{tags[n % len(tags)]}] {text}" for n, text in enumerate(made["text"])]}

    outcome = measured(labelled(spoken(0.2, "sw"), spoken(0.8, "sw"), Declared()))
    assert {q.at("language") for q in outcome.quantities} == {None, "sw"}
    assert "nobody says which language" in says(outcome)
    for human, machine in ((("sw",), ("en",)), (("sw", "en"), ("sw",))):  # two languages are not one
        unsaid = measured(labelled(spoken(0.2, *human), spoken(0.8, *machine), Declared()))
        assert {q.at("language") for q in unsaid.quantities} == {None, "und"}


def test_groups_of_writers_and_ways_of_drawing() -> None:
    rng = generator(3, "groups")
    said = Declared(group_field="who", decoding_field="way")
    human = joined(columns(rng, 60, 0.1, who="first"), columns(rng, 60, 0.9, who="second"))
    machine = joined(columns(rng, 60, 0.9, way="greedy"), columns(rng, 60, 0.9, way="top-k-40"))
    outcome = measured(labelled(human, machine, said))
    worst = found(outcome, "worst-group-fpr")
    assert worst.value == max(found(outcome, "realised-fpr", group=who).value for who in ("first", "second"))
    assert {q.at("decoding") for q in outcome.quantities} == {None, "greedy", "top-k-40"}
    assert "no group of writers was named" not in says(outcome)
    assert "no group of writers was named" in says(measured(toy(60)))


def test_open_weights_need_a_changed_arm() -> None:
    rng = generator(4, "arms")
    said = Declared(arm_field="arm")
    human = {"text": texts_of(rng, 80, 0.1, 0.0)}
    raw, tuned = columns(rng, 80, 0.9, arm="raw"), columns(rng, 80, 0.2, arm="Fine tuned")
    outcome = measured(labelled(human, joined(raw, tuned), said))
    assert found(outcome, "auroc-stack", state="raw").value > 0.8
    assert found(outcome, "auroc-stack", state="changed").value < 0.7  # what 2019 saw, in small
    assert found(outcome, "auroc-stack", arm="fine-tuned").n == 160
    without = measured(labelled(human, raw, said))
    assert not [q for q in without.quantities if q.at("state") == "changed"]
    assert "no output of a fine-tuned or edited arm was given" in says(without)
    odd = joined(raw, columns(rng, 20, 0.9, arm="my own"))
    assert "20 texts of an arm that is none of" in says(measured(labelled(human, odd, said)))
    assert "none of the model as it is" in str(silent(labelled(human, tuned, said)).because)


def test_an_arm_that_nobody_changed_shows_nothing() -> None:
    rng = generator(4, "unchanged")
    human, raw = {"text": texts_of(rng, 60, 0.1, 0.0)}, columns(rng, 60, 0.9, arm="raw")
    for texts in (raw["text"], [texts_of(rng, 1, 0.9, 0.0)[0]] * 60):
        arm = {"text": texts, "arm": ["edited"] * 60}
        outcome = measured(labelled(human, joined(raw, arm), Declared(arm_field="arm")))
        assert not [q for q in outcome.quantities if q.at("state") == "changed"]
    assert "60 texts of the arm edited were left out" in says(
        measured(labelled(human, joined(raw, {"text": raw["text"], "arm": ["edited"] * 60}), Declared(arm_field="arm")))
    )


def test_texts_of_one_source_are_never_parted() -> None:
    rng = generator(5, "sources")
    said = Declared(source_field="prompt")
    names = [f"p{n // 20}" for n in range(80)]  # four prompts: three parts can be made
    human, machine = columns(rng, 80, 0.2), columns(rng, 80, 0.8)
    outcome = measured(labelled({**human, "prompt": names}, {**machine, "prompt": names}, said))
    assert "prompt or source (source_field)" not in says(outcome)
    others = labelled({**human, "prompt": names}, {**machine, "prompt": [f"of the model {n}" for n in range(80)]}, said)
    assert "0% of the model's texts come from a prompt or source" in says(measured(others))
    one = {"prompt": ["p"] * 80}
    assert "too few prompts or sources" in str(silent(labelled({**human, **one}, {**machine, **one}, said)).because)


def test_people_s_texts_that_may_be_a_machine_s_are_flagged() -> None:
    rng = generator(6, "dates")
    dates = ["2018-05", "2019-02-14", "2019-02-15", "2018", "2019", "", "yesterday", "2024-01-01"] * 10
    human = {**columns(rng, 80, 0.2), "when": dates}
    outcome = measured(labelled(human, columns(rng, 80, 0.8), Declared(date_field="when")))
    assert found(outcome, "human-texts-in-doubt").value == 50
    assert found(measured(toy(60)), "human-texts-in-doubt").value == 60  # nobody said when


def test_repeated_texts_are_left_out() -> None:
    made = toy(80)
    human = next(iter(made.texts_by_role[Role.HUMAN_TEXT].batches())).text.to_pylist()
    machine = next(iter(made.texts_by_role[Role.OUTPUTS].batches())).text.to_pylist()
    again = bench_of([*human, *human[:10], human[11].upper() + "."], [*machine, *human[20:25]], 0)
    outcome = measured(again)
    assert found(outcome, "repeated-texts", side="human").value == 11
    assert found(outcome, "repeated-texts", side="machine").value == 5


def test_what_the_model_recites_counts_as_not_found() -> None:
    made = toy(120, telling=(0.02, 0.98))
    human = next(iter(made.texts_by_role[Role.HUMAN_TEXT].batches())).text.to_pylist()
    machine = next(iter(made.texts_by_role[Role.OUTPUTS].batches())).text.to_pylist()
    plain, reciting = measured(bench_of(human, machine, 0)), measured(bench_of(human, [*machine, *human[:40]], 0))
    before, after = (found(outcome, "tpr-at-fpr-5pct") for outcome in (plain, reciting))
    assert before.value > 0.9
    assert after.value <= 0.8
    assert after.high < before.high
    assert "40 of 160 different texts of the model are, nearly or to the letter, one of people's" in says(reciting)
    assert "one of people's" not in says(plain)


def test_the_pool_and_its_detectors() -> None:
    outcome = measured(toy(80, telling=(0.1, 0.9)), members="words,characters,compression")
    names = {q.at("member") for q in outcome.quantities if q.metric == "auroc-of-member"}
    assert names == {"words", "characters", "compression"}
    gain = found(outcome, "pool-gain")
    assert gain.low <= gain.value <= gain.high
    assert {"evade-all-share", "flagged-by-any-fpr", "transfer-share"} <= metrics(outcome)
    assert {q.at("members") for q in outcome.quantities if q.metric == "evasion-by-members"} == {"1", "2", "3"}
    alarms = found(outcome, "fpr-of-combination", combination="min-p")
    assert alarms.low <= 0.05


def test_what_a_flag_is_worth_depends_on_how_many_are_a_machine_s() -> None:
    outcome = measured(toy(100, telling=(0.02, 0.9)))
    worth = [found(outcome, "predictive-value", prior=prior, at="0.05").value for prior in ("0.01", "0.1", "0.5")]
    assert worth == sorted(worth)
    assert worth[0] < 0.2


# ---- Under attack ----


@dataclass
class Shouting:
    """A command that writes in capitals; or one that fails."""

    says: Phrase = field(default_factory=lambda: phrase("texts are rewritten by shout.py"))
    fails: bool = False

    def rewrite(self, texts: Sequence[str], *, seed: int, tick: Callable[[], None]) -> list[str]:
        tick()
        if self.fails:
            not_measured(phrase("the command shout.py failed"), phrase("mend it"))
        return [text.replace("indeed", "rather") for text in texts]


def test_every_attack_is_tried_with_the_normaliser_and_without() -> None:
    bench = toy(80, telling=(0.0, 0.95))
    bench.the_rewriter = Shouting()
    outcome = measured(bench, attacked_texts=40)
    tried = {q.at("attack") for q in outcome.quantities if q.metric == "attack-tpr"}
    assert {"homoglyph", "zero-width", "whitespace", "case", "misspelling", "paraphrase"} <= tried
    hit = {"attack": "homoglyph", "strength": "heavy"}
    bare, alarms = (found(outcome, metric, **hit, normaliser="without") for metric in ("attack-tpr", "attack-fpr"))
    assert abs(bare.value - alarms.value) < 0.2  # it sees the attack, whoever wrote the text, or nothing
    assert found(outcome, "attack-tpr", **hit, normaliser="with").value > 0.7
    assert found(outcome, "attack-fpr", **hit, normaliser="with").value < 0.2
    worst = found(outcome, "worst-attack-tpr")
    assert worst.value == found(outcome, "worst-attack-tpr", normaliser="with").value
    assert worst.value <= found(outcome, "attack-tpr", attack="paraphrase", strength="heavy", normaliser="with").value
    assert found(outcome, "attack-edits", attack="homoglyph", strength="heavy").value > 0.3
    assert "article" in says(outcome)  # there is none in these texts
    assert "texts are rewritten by shout.py" in says(outcome)


def test_one_round_in_which_the_pool_learns() -> None:
    outcome = measured(toy(80, telling=(0.0, 0.98)), attacked_texts=40)
    before, after = (found(outcome, "adversarial-tpr", round=name) for name in ("before", "after"))
    assert before.value == found(outcome, "worst-attack-tpr").value
    assert after.n > 0
    assert found(outcome, "pool-gain-under-attack", attack="homoglyph").n > 0


def test_a_command_that_may_not_run_or_fails_is_told() -> None:
    bench = toy(80)
    bench.the_rewriter = Shouting(fails=True)
    assert "no text was rewritten: the command shout.py failed" in says(measured(bench, attacked_texts=30))

    class Untrusted(MemoryBench):
        def rewriter(self) -> None:
            not_measured(phrase("p.py is code, and was not trusted"), phrase("--trust p.py"))

    made = toy(80)
    bench = Untrusted(candidate=made.candidate, texts_by_role=made.texts_by_role)
    assert "was not trusted" in says(measured(bench, attacked_texts=30))


def test_no_attack_where_there_is_no_time_or_too_few_texts() -> None:
    assert "no attack was tried" in says(measured(toy(50), attacked_texts=40))
    assert "no attack was tried" in says(measured(toy(80), attacked_texts=0))


# ---- The model itself ----


@dataclass
class Writer:
    """A model whose tokens are words; its own text is likelier than other text, and it says a word of its own."""

    words: list[str] = field(default_factory=lambda: ["indeed", "rather"])
    n_parameters: int = 1000
    context_tokens: int = 128
    vocabulary_size: int = 100_000
    decodings: tuple[Decoding, ...] = tuple(Decoding)
    signals: tuple[Signal, ...] = tuple(Signal)
    notes: tuple[Phrase, ...] = ()

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        known = {word: n for n, word in enumerate(self.words)}
        for text in texts:
            for word in text.split():
                if word not in known:
                    known[word] = len(self.words)
                    self.words.append(word)
        return [np.asarray([known[word] for word in text.split()], dtype=np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        return [" ".join(self.words[token] for token in row.tolist()) for row in tokens]

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        shape = windows[:, first:].shape
        logs: Floats = np.where(windows[:, first:] == 0, -0.1, -5.0)
        return Scores(
            log_probability=logs, is_argmax=logs > -1, under={},
            signals={s: np.full(shape, 1.0 if s is not Signal.MEAN else -3.0) for s in signals},
        )  # fmt: skip

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        made = generator(seed, decoding.value).integers(2, 400, (len(prompts), n_new))
        made[:, ::4] = 0
        return made

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        raise NotImplementedError

    def hidden(self, windows: Ints) -> Floats:
        raise NotImplementedError


def with_model(model: object, n: int = 80) -> MemoryBench:
    rng = generator(7, "written")
    words = [f"w{k}" for k in range(400)]
    human = [" ".join(rng.choice(words, 60)) for _ in range(n)]
    return MemoryBench(
        candidate=Candidate(name="t", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,)),
        texts_by_role={Role.HUMAN_TEXT: MemoryTexts(human, label="h.jsonl")},
        models_by_role={Role.WEIGHTS: model},  # type: ignore[dict-item]  # a model
    )


def test_the_model_writes_where_no_output_is_given_and_reads_as_a_detector() -> None:
    model = Writer(words=["indeed", *(f"w{k}" for k in range(400))])
    outcome = measured(with_model(model), generated_texts=20, members="words,white-box")
    assert {q.at("decoding") for q in outcome.quantities if q.metric == "auroc-of-member"} == {None}
    assert "the model wrote 80 texts of 112 tokens" in says(outcome)
    assert found(outcome, "auroc-of-member", member="white-box").low > 0.9
    assert found(outcome, "auroc-stack").low > 0.9
    assert (
        measured(with_model(Writer(words=list(model.words))), generated_texts=20, members="words,white-box") == outcome
    )


@pytest.mark.slow
def test_every_way_of_drawing_is_told() -> None:
    model = Writer(words=["indeed", *(f"w{k}" for k in range(400))])
    outcome = measured(with_model(model, 180), generated_texts=45, least_each=40)
    ways = {q.at("decoding") for q in outcome.quantities if q.metric == "auroc-stack"}
    assert ways == {None, *(way.value for way in Decoding)}


def test_a_model_too_small_or_too_dear_says_so() -> None:
    assert "too few to write a text in" in str(silent(with_model(Writer(context_tokens=20))).because)
    dear = replace(Writer(), n_parameters=10**13)
    bench = with_model(dear)
    assert isinstance(silent(bench), NotMeasured)
    outputs = toy(80)
    outputs.models_by_role = {Role.WEIGHTS: dear}
    assert "the model itself is not among the detectors" in says(measured(outputs, members="words,white-box"))


# ---- A test of the owner's own ----


_SCORED = {"group": "set", "arm": "arm", "language": "lang", "domain": "kind", "source": "id"}


def scores(n: int, *, gap: float, made: Sequence[str] = ("human", "machine"), **more: list[str]) -> MemoryTable:
    rng = generator(8, "scores")
    columns: dict[str, Sequence[object]] = {
        "who": [made[0]] * n + [made[1]] * n, "score": [*rng.normal(0, 1, n), *rng.normal(gap, 1, n)], **more,
    }  # fmt: skip
    fields = {f"{name}_field": column for name, column in _SCORED.items() if column in more}
    declared = Declared(score_field="score", machine_field="who", language="en", **fields)  # type: ignore[arg-type]  # names of columns
    return MemoryTable(columns, label="scores.csv", declared=declared)


def test_scores_of_another_test_give_the_same_rates() -> None:
    bench = MemoryBench(tables_by_role={Role.OUTPUTS: (scores(200, gap=2.0, set=["a"] * 100 + ["b"] * 300),)})
    outcome = measured(bench)
    area = found(outcome, "auroc-stack", test="own")
    assert area.low < 0.921 < area.high  # of two normal distributions two apart
    assert area.basis is Basis.TESTIFIED
    assert area.n_of == "row"
    assert {"tpr-at-fpr-1pct", "predictive-value", "worst-group-fpr"} <= metrics(outcome)
    assert 0.01 < found(outcome, "realised-fpr", test="own").value < 0.12
    assert "a test of the owner's own" in says(outcome)
    assert found(outcome, "auroc-stack", language="en", test="own").n == 400


def test_scores_never_take_the_place_of_the_texts() -> None:
    bench = toy(60, telling=(0.5, 0.5))
    bench.tables_by_role = {Role.OUTPUTS: (scores(60, gap=9.0),)}
    outcome = measured(bench)
    assert found(outcome, "auroc-stack", state="raw").low < 0.6
    assert found(outcome, "auroc-stack", state="raw", test="own").value > 0.9
    alone = measured(MemoryBench(tables_by_role={Role.OUTPUTS: (scores(60, gap=9.0),)}))
    assert not [q for q in alone.quantities if not q.at("test")]
    assert "do not take that place" in says(alone)
    bench.tables_by_role = {Role.OUTPUTS: (scores(20, gap=9.0),)}
    assert "the scores that were given are not told" in says(measured(bench))


def test_scores_by_arm_and_rows_that_say_nothing() -> None:
    table = scores(100, gap=2.0, made=("0", "1"), arm=["raw"] * 150 + ["edited"] * 50)
    outcome = measured(MemoryBench(tables_by_role={Role.SAMPLES: (table,)}))
    assert found(outcome, "auroc-stack", state="changed", test="own").n == 150
    odd = MemoryTable(
        {"who": ["human", "machine"] * 60 + ["?"] * 9, "score": [f"{n}" for n in range(120)] + ["high"] * 9},
        label="s.csv", declared=Declared(score_field="score", machine_field="who"),
    )  # fmt: skip
    assert "9 rows were left out" in says(measured(MemoryBench(tables_by_role={Role.OUTPUTS: (odd,)})))


def test_a_test_that_abstains_misses_and_one_that_points_the_other_way_is_told() -> None:
    table = MemoryTable(
        {"who": ["human", "machine"] * 120, "score": ["0", "1"] * 60 + ["-inf", "none"] * 60},
        label="s.csv", declared=Declared(score_field="score", machine_field="who"),
    )  # fmt: skip
    outcome = measured(MemoryBench(tables_by_role={Role.OUTPUTS: (table,)}))
    assert found(outcome, "tpr-at-fpr-5pct", test="own").value == 0.5
    assert "60 rows without a number as score count as not flagged" in says(outcome)
    assert "it may point the other way" not in says(outcome)
    turned = measured(MemoryBench(tables_by_role={Role.OUTPUTS: (scores(60, gap=-3.0),)}))
    assert "it may point the other way" in says(turned)
    odd = MemoryBench(tables_by_role={Role.OUTPUTS: (scores(60, gap=1.0, made=("writer", "machine")),)})
    assert "60 rows were left out, since the word in machine_field" in str(silent(odd).because)


def test_equal_rows_of_a_test_are_one() -> None:
    once = scores(60, gap=1.0)
    names = [column.name for column in once.columns]
    (batch,) = once.batches(tuple(names))
    rows = {name: batch.column(n).to_pylist() * 9 for n, name in enumerate(names)}
    rows["item"] = [str(n) for n in range(120)] * 9
    again = MemoryTable(rows, label="scores.csv", declared=once.declared)
    narrow, wide = (
        found(measured(MemoryBench(tables_by_role={Role.OUTPUTS: (table,)})), "auroc-stack", test="own")
        for table in (again, once)
    )
    assert narrow.value == pytest.approx(wide.value)
    assert narrow.high - narrow.low > 0.8 * (wide.high - wide.low)


def test_scores_without_who_made_them_or_too_few() -> None:
    bare = MemoryTable({"score": [1.0, 2.0]}, label="s.csv", declared=Declared(score_field="score"))
    assert "machine_field" in str(silent(MemoryBench(tables_by_role={Role.OUTPUTS: (bare,)})).remedy)
    few = MemoryBench(tables_by_role={Role.OUTPUTS: (scores(30, gap=1.0),)})
    assert "10 more of people's and 10 more of the model's" in str(silent(few).remedy)


def test_scores_of_one_language_are_not_compared_with_those_of_another() -> None:
    def of(lang: list[str], kind: list[str]) -> MemoryBench:
        return MemoryBench(tables_by_role={Role.OUTPUTS: (scores(100, gap=2.0, lang=lang, kind=kind),)})

    news = ["news"] * 200
    assert "no language and domain has" in str(silent(of(["en"] * 100 + ["sw"] * 100, news)).because)
    assert "no language and domain has" in str(silent(of(["en"] * 200, ["news"] * 100 + ["poem"] * 100)).because)
    outcome = measured(of(["en-US"] * 100 + ["en"] * 60 + ["sw"] * 40, news))
    assert found(outcome, "auroc-stack", language="en", test="own").n == 160
    assert "sw, news: not tested, with 0 of people's and 40 of the model's" in says(outcome)
    assert found(measured(of(["en"] * 200, [""] * 100 + ["poem"] * 100)), "auroc-stack", test="own").n == 200


# ---- Bad input ----


def plain(human: list[str], machine: list[str]) -> MemoryBench:
    return bench_of(human, machine, 0)


def test_one_side_empty() -> None:
    machine = texts_of(generator(0, "m"), 80, 0.5, 0.0)
    assert "there are 0 texts of people and 80 of the model" in str(silent(plain([], machine)).because)
    assert "80 texts of people and 0 of the model" in str(silent(plain(machine, ["", " \n"])).because)
    nobody = MemoryBench(texts_by_role={Role.OUTPUTS: MemoryTexts(machine)})
    assert "no text that people wrote" in str(silent(nobody).because)
    with pytest.raises(Silent, match="nothing in it was made by a machine"):
        run(MemoryBench(texts_by_role={Role.HUMAN_TEXT: MemoryTexts(machine)}))


@pytest.mark.parametrize("text", ["the same text again and again and once more", "word", "\0\0\0 \0", "🙂", "ـ"])
def test_identical_texts_and_texts_of_one_word(text: str) -> None:
    assert "not tested" in str(silent(plain([text] * 80, [text] * 80)).because)


@pytest.mark.parametrize(
    "name", ["arabic", *(pytest.param(n, marks=pytest.mark.slow) for n in ("han", "emoji", "nul", "mixed"))]
)
def test_odd_texts_are_measured_or_told_and_never_quoted(name: str) -> None:
    rng = generator(9, "odd")
    letters = {
        "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "han": "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏",
        "emoji": "🙂👩‍👩‍👧🇰🇪🙃", "nul": "a\0bc\x07de", "mixed": "aбγdשص",
    }  # fmt: skip
    alphabet = letters[name]
    human, machine = (
        [" ".join("".join(rng.choice(list(alphabet), 6)) for _ in range(30)) + f" {tag}" for _ in range(45)]
        for tag in ("zebra", "yak")
    )
    try:
        outcome = run(plain(human, machine), members="characters", attacked_texts=0)
    except Silent as few:
        outcome = few.outcome
    assert isinstance(outcome, Measured) or name in ("emoji", "mixed", "nul"), name
    assert "zebra" not in repr(outcome)


def test_huge_texts_take_bounded_time() -> None:
    rng = generator(10, "huge")
    human, machine = texts_of(rng, 60, 0.2, 0.0), texts_of(rng, 60, 0.8, 0.0)
    human[0] = " ".join(texts_of(rng, 12_000, 0.5, 0.0))
    machine[0] = "a" * (1 << 20)
    assert len(human[0]) > 1 << 19
    assert "auroc-stack" in metrics(measured(plain(human, machine)))


def test_another_script_is_left_out() -> None:
    rng = generator(11, "script")
    human, machine = texts_of(rng, 60, 0.2, 0.0), texts_of(rng, 60, 0.8, 0.0)
    russian = [" ".join("".join(rng.choice(list("бвгджзклмн"), 6)) for _ in range(9)) for _ in range(10)]
    outcome = measured(plain([*human, *russian], [*machine, *russian]))
    assert found(outcome, "auroc-stack").n <= 122


def test_no_time_and_a_detector_that_there_is_not() -> None:
    bench = toy(80)
    bench.budget = FixedBudget(5.0)
    assert "--budget" in str(silent(bench).remedy)
    bench.budget = FixedBudget(18.0)
    assert found(measured(bench), "auroc-stack").n <= 120
    assert "members" in str(silent(toy(60), members="words,oracle").because)
    assert "only detector asked for" in str(silent(toy(60), members="white-box").because)


def test_it_stops_when_it_is_told_to() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            raise BudgetSpent

    made = toy(60)
    with pytest.raises(BudgetSpent):
        run(Impatient(candidate=made.candidate, texts_by_role=made.texts_by_role))


def test_no_text_and_no_field_is_quoted() -> None:
    rng = generator(12, "quoted")
    said = Declared(source_field="prompt", group_field="who", domain_field="kind", date_field="when")
    same = {"prompt": "Zanzibar", "when": "Zanzibar", "who": "Zanzibar " * 9, "kind": "poem"}
    human, machine = (columns(rng, 80, rate, **same) for rate in (0.2, 0.8))
    for part in (human, machine):
        part["text"] = [f"{text} Zanzibar" for text in part["text"]]
        part["prompt"] = [f"Zanzibar {n}" for n in range(80)]
    assert "anzibar" not in repr(run(labelled(human, machine, said), attacked_texts=30))


# ---- Promises to the house ----


def test_card_and_code_agree() -> None:
    text = (resources.files("weighbridge.probes.detectability") / "probe.toml").read_text(encoding="utf-8")
    made = parse(Card, text, file="probe.toml", fix="")
    assert Settings(**dict(made.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults
    assert tomllib.loads(text)["slug"] == "detectability"
    outcome = measured(toy(110, telling=(0.1, 0.9)), attacked_texts=30, members="words,characters")
    for quantity in outcome.quantities:
        metric = made.metric_named(quantity.metric)
        assert metric is not None, quantity.metric
        assert {axis for axis, _ in quantity.by} <= set(metric.by)
        for axis, value in quantity.by:
            values = next(a.values for a in made.axis if a.name == axis)
            assert not values or value in values, (axis, value)
    keys = [(q.metric, q.by) for q in outcome.quantities]
    assert len(keys) == len(set(keys))
