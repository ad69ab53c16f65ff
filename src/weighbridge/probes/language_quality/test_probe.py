from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Candidate, Claims, Declared, Role, Subject
from weighbridge.core.card import Card
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.core.toml import parse
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.known_languages import FEW, KnownLanguages
from weighbridge.probekit.ports import Floats, Ints, Scores
from weighbridge.probes.language_quality.calibration import (
    ALPHABET,
    CALIBRATION,
    ErringClassifier,
    LetterModel,
)
from weighbridge.probes.language_quality.foresight import small_model_bits
from weighbridge.probes.language_quality.probe import PROBE, Settings

FOLDER = Path(__file__).parent
EVEN = LetterModel(probabilities=np.full(len(ALPHABET), 1 / len(ALPHABET)))


def candidate(*subjects: Subject, languages: tuple[str, ...] = ()) -> Candidate:
    return Candidate(
        name="toy", version="1", artefacts=(), subjects=subjects or (Subject.CAUSAL_LM,),
        claims=Claims(languages=languages),
    )  # fmt: skip


def texts(n: int = 60, seed: int = 0, letters: str = "abcd") -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list(letters), 30)) for _ in range(n)]


def bench(
    tags: dict[str, list[str]], *, languages: tuple[str, ...] = (), model: LetterModel = EVEN, seconds: float = 600.0,
    more: dict[Role, list[str]] | None = None, heard: Mapping[str, str] | None = None,
) -> MemoryBench:  # fmt: skip
    """A language model, held-out text by declared tag, and an ear that takes each word for what it is declared to be.

    heard : what the ear takes the texts of a declared tag for, where that is another
    """
    as_heard = {tag: tag.replace("eng", "en")[:2] for tag in tags if tag not in ("", "qqq", "qqqq")} | dict(heard or {})
    marks = {word: as_heard.get(tag, "") for tag, of_tag in tags.items() for text in of_tag for word in text.split()}
    every = [text for of_tag in tags.values() for text in of_tag]
    spelt = [tag for tag, of_tag in tags.items() for _ in of_tag]
    said = Declared(text_field="text", language_field="lang")
    table = MemoryTable({"text": every, "lang": spelt}, label="held-out.jsonl", declared=said)
    return MemoryBench(
        candidate=candidate(languages=languages),
        budget=FixedBudget(seconds),
        the_languages=KnownLanguages(marks=marks, can_tell=tuple(t.tag for t in FEW if t.tag != "kri")),
        models_by_role={Role.WEIGHTS: model},
        texts_by_role={
            **({Role.HELD_OUT: MemoryTexts(every, label="held-out.jsonl")} if every else {}),
            **{role: MemoryTexts(found, label=f"{role.value}.txt") for role, found in (more or {}).items()},
        },
        tables_by_role={Role.HELD_OUT: (table,)} if every else {},
    )


def weighed(made: MemoryBench, **settings: int) -> Outcome:
    try:
        return PROBE.measure(made, Settings(**settings))
    except Silent as silent:
        return silent.outcome


def found(outcome: Outcome, metric: str, tag: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    (one,) = [q for q in outcome.quantities if q.metric == metric and q.at("language") == tag]
    return one


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def test_bits_are_those_of_the_model() -> None:
    outcome = weighed(bench({"en": texts(), "ru": texts(letters="абвг")}))
    assert found(outcome, "bits-per-byte", "en").value == pytest.approx(3.0)
    assert found(outcome, "bits-per-byte", "ru").value == pytest.approx(1.5)
    assert found(outcome, "saving-over-small-model", "en").high < 0  # letters without pattern: bzip2 needs two bits


def test_what_was_never_tested_comes_first_and_the_largest_of_it() -> None:
    outcome = weighed(bench({"en": texts()}, languages=("yo", "hi", "en", "zh-Hant")))
    assert isinstance(outcome, Measured)
    assert [q.at("language") for q in outcome.quantities if q.metric == "documents-tested"] == ["zh", "hi", "yo", "en"]
    assert found(outcome, "documents-tested", "zh").value == 0
    assert found(outcome, "documents-tested", "zh").n == 1  # so that no rule takes it for "nothing of this kind"
    assert str(outcome.notes[0]).startswith("never tested, the largest first: Chinese, Hindi, Yoruba.")


def test_too_few_says_how_many_more() -> None:
    outcome = weighed(bench({"en": texts(), "sw": texts(12, seed=1)}))
    assert found(outcome, "documents-tested", "sw").value == 12
    assert "Swahili: 12 documents are too few to say anything; 38 more are needed" in said(outcome)
    assert isinstance(outcome, Measured)
    assert not [q for q in outcome.quantities if q.metric == "bits-per-byte" and q.at("language") == "sw"]


def test_one_sentence_many_times_is_one() -> None:
    outcome = weighed(bench({"en": texts(), "sw": ["abcd"] * 200}))
    assert found(outcome, "documents-tested", "sw").value == 1


def test_spellings_of_a_tag_are_one_language_and_a_wrong_tag_is_none() -> None:
    parts = {"en": texts(30), "eng_Latn": [], "en-GB": texts(30, seed=1), "qqq": texts(5, seed=2), "": texts(5, seed=3)}
    outcome = weighed(bench(parts))
    assert found(outcome, "documents-tested", "en").value == 60
    assert "5 documents bear a tag that is no language's" in said(outcome)
    assert "of 5 documents without a declared language it could not be told which it is" in said(outcome)


def test_undeclared_text_is_identified() -> None:
    model = replace(EVEN)
    marked = [f"[sw] {text}" for text in texts()]
    made = replace(bench({}, model=model, more={Role.HUMAN_TEXT: marked}), the_languages=KnownLanguages())
    outcome = weighed(made)
    assert "Swahili cannot be tested: the tokenizer changes or drops its text" in said(outcome)  # its letters, not [ ]
    assert found(outcome, "documents-tested", "sw").value == 0


def test_what_stands_in_the_training_data_is_no_test() -> None:
    outcome = weighed(bench({"en": texts()}, languages=("en",), more={Role.TRAIN_DATA: texts()[:20]}))
    assert found(outcome, "documents-tested", "en").value == 40
    assert "20 documents that stand in the training data as well were left out" in said(outcome)


def test_a_tokenizer_that_drops_text_flatters_nobody() -> None:
    outcome = weighed(bench({"en": texts(), "hi": texts(letters="कखगघ")}))
    assert found(outcome, "documents-tested", "hi").value == 0
    assert "Hindi cannot be tested" in said(outcome)
    assert found(outcome, "untestable-languages", "hi").value == 1
    assert found(outcome, "bits-per-byte", "en").confidence == 0.95  # corrected for those that were compared


def test_text_without_a_letter_and_text_in_another_language_are_no_test() -> None:
    class Wide(LetterModel):
        """Its tokens are code points, each as likely."""

        def encode(self, texts: Sequence[str]) -> list[Ints]:
            return [np.asarray([ord(c) for c in text], np.int64) for text in texts]

        def decode(self, tokens: Sequence[Ints]) -> list[str]:
            return ["".join(map(chr, ids.tolist())) for ids in tokens]

        def score(self, windows: Ints, **rest: object) -> Scores:
            return super().score(windows % 8, first=1)

    smiles = [f"🙂{'🙃' * (n % 9)}{'🙁' * (n // 9)}" for n in range(60)]
    model = Wide(probabilities=EVEN.probabilities)
    outcome = weighed(bench({"ar": smiles}, model=model, languages=("ar",)))
    assert found(outcome, "documents-tested", "ar").value == 0
    outcome = weighed(bench({"hi": texts(), "en": texts(seed=5)}, heard={"hi": "en"}))
    assert found(outcome, "documents-tested", "hi").value == 0
    assert "Hindi counts as not tested: of 60 documents declared to be in it, 0 are told to be in it" in said(outcome)


def test_what_nobody_tells_to_be_in_a_language_that_can_be_told_is_no_test_of_it() -> None:
    outcome = weighed(bench({"sw": texts(), "en": texts(seed=5)}, heard={"sw": ""}))
    assert found(outcome, "documents-tested", "sw").value == 0
    assert found(outcome, "identified-share", "en").low > 0.9
    assert isinstance(outcome, Measured)
    assert not [q for q in outcome.quantities if q.metric == "saving-over-small-model" and q.at("language") == "sw"]


def test_one_sentence_with_a_running_number_is_one_text() -> None:
    outcome = weighed(bench({"sw": [f"abcd {n}" for n in range(100)], "en": texts()}))
    assert found(outcome, "documents-tested", "sw").value == 1
    assert "99 documents differ from another in figures, signs or capitals alone" in said(outcome)


def test_a_language_that_no_program_knows_is_not_tested_by_text_of_one_that_all_know() -> None:
    outcome = weighed(bench({"kri": texts(), "en": texts(seed=5)}, heard={"kri": "en"}))
    assert found(outcome, "documents-tested", "kri").value == 0
    assert "60 of 60 documents declared to be in it are told to be English; somebody who reads Krio" in said(outcome)
    mixed = weighed(bench({"kri": texts(), "en": texts(seed=5)}, heard={"kri": ""}))
    assert found(mixed, "documents-tested", "kri").value == 60  # nobody can tell: it is taken as declared
    assert isinstance(mixed, Measured)
    assert {q.at("language") for q in mixed.quantities if q.metric == "identified-share"} == {"en"}


def test_too_little_time_leaves_out_whole_languages() -> None:
    outcome = weighed(bench({"en": texts(), "sw": texts(seed=1)}, languages=("sw",), seconds=0.15))
    assert found(outcome, "documents-tested", "sw").value == 60  # it is claimed, so it comes first
    assert found(outcome, "documents-tested", "en").value == 0
    assert "English was not tested for want of time" in said(outcome)
    assert "--budget" in said(outcome)


def test_a_claim_without_any_text_is_not_tested() -> None:
    outcome = weighed(bench({}, languages=("sw",)))
    assert found(outcome, "documents-tested", "sw").value == 0
    assert 'role = "held-out"' in said(outcome)
    assert isinstance(weighed(bench({})), NotMeasured)


def test_a_context_of_few_tokens() -> None:
    small = replace(EVEN, context_tokens=9)
    outcome = weighed(bench({"en": texts()}, model=small))
    assert found(outcome, "bits-per-byte", "en").value == pytest.approx(3.0)


def test_a_model_that_gives_no_probability() -> None:
    class Broken(LetterModel):
        def score(self, windows: Ints, **rest: object) -> object:  # type: ignore[override]
            made = super().score(windows, first=1)
            return replace(made, log_probability=np.full(made.log_probability.shape, np.nan))

    outcome = weighed(bench({"en": texts()}, model=Broken(probabilities=EVEN.probabilities)))
    assert isinstance(outcome, NotMeasured)
    assert "no probability" in str(outcome.because)
    claiming = bench({"en": texts()}, languages=("en",), model=Broken(probabilities=EVEN.probabilities))
    assert found(weighed(claiming), "documents-tested", "en").value == 0


def test_the_small_model_has_read_the_other_half() -> None:
    same = tuple(f"one and the same sentence {n}" for n in range(100))
    assert small_model_bits(same) < 2 < small_model_bits(tuple(texts(100, letters="abcdefgh")))


# classifiers


def classifier() -> MemoryBench:
    made = CALIBRATION.planted(0).bench
    assert isinstance(made, MemoryBench)
    about = candidate(Subject.CLASSIFIER, languages=("en",))
    return replace(made, candidate=about, models_by_role={}, texts_by_role={}, tables_by_role={})


def test_a_classifier_is_told_by_language() -> None:
    outcome = weighed(classifier())
    assert found(outcome, "accuracy", "en").low > 0.7
    assert found(outcome, "gain-over-commonest", "en").low > 0
    assert found(outcome, "documents-tested", "ru").value == 120


def test_a_classifier_of_numbers_is_in_no_language() -> None:
    digits = replace(ErringClassifier(), n_inputs=64, inputs=tuple(f"p{n}" for n in range(64)))
    made = replace(classifier(), the_classifier=digits, candidate=candidate(Subject.CLASSIFIER))
    assert isinstance(weighed(made), NotApplicable)
    claiming = replace(made, candidate=candidate(Subject.CLASSIFIER, languages=("en",)))
    outcome = weighed(claiming)
    assert found(outcome, "documents-tested", "en").value == 0
    assert "language_field" in said(outcome)


def test_a_classifier_of_one_number_is_in_no_language() -> None:
    made = classifier()
    rows = made.examples_by_role[Role.HELD_OUT]
    numbers = replace(rows, inputs=pa.table({"x": np.arange(rows.n, dtype=float)}), declared=Declared(target="answer"))

    class Certain(ErringClassifier):
        def predict_proba(self, inputs: pa.Table) -> Floats:
            return np.full((inputs.num_rows, 2), 0.5)

    made = replace(
        made, examples_by_role={Role.HELD_OUT: numbers}, the_classifier=Certain(),
        candidate=candidate(Subject.CLASSIFIER),
    )  # fmt: skip
    assert isinstance(weighed(made), NotApplicable)


def test_records_without_a_declared_language_are_identified() -> None:
    made = classifier()
    rows = made.examples_by_role[Role.HELD_OUT]
    bare = replace(rows, declared=Declared(target="answer"))
    outcome = weighed(replace(made, examples_by_role={Role.HELD_OUT: bare}))
    assert found(outcome, "documents-tested", "en").value == 0  # claimed; nothing tells the language of "yes 7"
    assert "it is not known in which language" in said(outcome)


def test_one_record_of_each_person() -> None:
    made = classifier()
    rows = made.examples_by_role[Role.HELD_OUT]
    pairs = replace(rows, persons=np.arange(rows.n) // 2)
    outcome = weighed(replace(made, examples_by_role={Role.HELD_OUT: pairs}))
    assert found(outcome, "accuracy", "en").n == 60
    assert "of persons who have another one" in said(outcome)


def test_without_packages_numbers_are_still_in_no_language() -> None:
    digits = replace(ErringClassifier(), n_inputs=64)
    made = replace(classifier(), the_languages=None, the_classifier=digits, candidate=candidate(Subject.CLASSIFIER))
    assert isinstance(weighed(made), NotApplicable)
    assert isinstance(weighed(replace(bench({"en": texts()}), the_languages=None)), NotMeasured)


# promises to the house


def test_no_text_and_no_tag_is_quoted() -> None:
    outcome = weighed(bench({"en": [f"{text}dcba" for text in texts()], "qqqq": texts(seed=4)}))
    assert "dcba" not in repr(outcome)
    assert "qqqq" not in repr(outcome)


def test_the_same_seed_gives_the_same_outcome() -> None:
    made = bench({"en": texts(300)})
    assert weighed(made, documents_each=60) == weighed(made, documents_each=60)


def test_card_and_code_agree() -> None:
    card = parse(Card, (FOLDER / "probe.toml").read_text(encoding="utf-8"), file="probe.toml", fix="-")
    assert Settings(**dict(card.defaults)) == Settings()  # type: ignore[arg-type]  # the card's defaults are these ints
