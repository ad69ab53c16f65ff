import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.evidence import Measured, NotMeasured, Quantity, Silent, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.ports import Decoding, Floats, Ints, LanguageModel, Scores, Signal
from weighbridge.probes.sensitive_outputs.calibration import ToyClassifier
from weighbridge.probes.sensitive_outputs.probe import Settings, measure


class Writer:
    """A language model of letters that goes on with one text, whatever it is asked."""

    n_parameters: int = 1000
    context_tokens: int = 4096
    vocabulary_size: int = 0x110000
    decodings: tuple[Decoding, ...] = (Decoding.GREEDY,)
    signals: tuple[Signal, ...] = ()
    notes: tuple[Phrase, ...] = ()

    def __init__(self, text: str, *, is_served: bool = False) -> None:
        self.text = text
        self.is_served = is_served

    def encode(self, texts: Sequence[str]) -> list[Ints]:
        return [np.asarray([ord(c) for c in text], dtype=np.int64) for text in texts]

    def decode(self, tokens: Sequence[Ints]) -> list[str]:
        return ["".join(chr(token) for token in ids.tolist()) for ids in tokens]

    def score(
        self, windows: Ints, *, first: int, under: Sequence[Decoding] = (), signals: Sequence[Signal] = ()
    ) -> Scores:
        raise NotImplementedError

    def generate(self, prompts: Ints, *, n_new: int, decoding: Decoding, seed: int) -> Ints:
        if self.is_served:
            not_measured(phrase("the server does not write"), phrase("use another"))
        text = ("\n" + self.text).ljust(n_new)[:n_new]
        return np.tile(self.encode([text])[0], (len(prompts), 1))

    def overfitted(self, windows: Ints, *, steps: int, seed: int) -> LanguageModel:
        raise NotImplementedError

    def hidden(self, windows: Ints) -> Floats:
        raise NotImplementedError


def bench(
    *subjects: Subject, classes: tuple[str, ...] = (), files: dict[str, tuple[Role, str, bytes]] | None = None
) -> MemoryBench:
    files = files or {}
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=(), subjects=subjects or (Subject.CLASSIFIER,)),
        the_classifier=ToyClassifier(classes=classes) if classes else None,
        files={label: data for label, (_, _, data) in files.items()},
        roles={label: role for label, (role, _, _) in files.items()},
        formats={label: format_ for label, (_, format_, _) in files.items()},
    )


def measured(made: MemoryBench) -> Measured:
    outcome = measure(made, Settings())
    assert isinstance(outcome, Measured), outcome
    return outcome


def of(outcome: Measured, category: str = "") -> Quantity:
    by = (("category", category),) if category else ()
    return next(q for q in outcome.quantities if q.metric == "sensitive-output-fields" and q.by == by)


def notes(outcome: Measured) -> str:
    return "\n".join(str(note) for note in outcome.notes)


def as_json(told: object) -> bytes:
    return json.dumps(told).encode()


def test_every_category_has_its_number_and_a_clean_one_is_exactly_zero() -> None:
    outcome = measured(bench(classes=("spam", "ham")))
    numbers = [q for q in outcome.quantities if q.metric == "sensitive-output-fields"]
    assert len(numbers) == 14
    assert {(q.value, q.low, q.high, q.n, q.confidence) for q in numbers} == {(0, 0, 0, 2, 1)}


def test_classes_settings_schemas_and_card_are_read() -> None:
    files = {
        "config.json": (Role.WEIGHTS, "json", as_json({"id2label": {"0": "B-RELIGION", "1": "O"}})),
        "out.schema.json": (Role.WEIGHTS, "json", as_json({"type": "object", "properties": {
            "place": {"type": "object", "properties": {"home_address": {}}},
            "kind": {"enum": ["asylum seeker", "other"]}}})),
        "labels.txt": (Role.WEIGHTS, "text", b"dissident\nloyal\n"),
        "README.md": (Role.CARD, "markdown", b"# T\n- religion of cats\n## Output fields\n- `caste`: text\n| a | b |\n"),
        "data.json": (Role.DATA, "json", as_json({"id2label": {"0": "gay"}})),
    }  # fmt: skip
    outcome = measured(bench(classes=("gesund", "hiv positive"), files=files))
    found = {q.by[0][1]: q.value for q in outcome.quantities if q.by and q.value}
    assert found == {"religion": 1, "address": 1, "migration": 1, "politics": 1, "caste": 1, "health": 1}
    assert of(outcome).value == 6
    assert "religion: B-RELIGION" in notes(outcome)


def test_sample_outputs_are_read_line_by_line() -> None:
    lines = b'{"text": "ok", "meta": {"latitude": 1}}\n{"text": "<ETHNICITY>x</ETHNICITY>"}\nnot json\n'
    outcome = measured(bench(files={"out.jsonl": (Role.OUTPUTS, "jsonl", lines)}))
    assert of(outcome, "coordinates").value == 1
    assert of(outcome, "ethnicity").value == 1
    made = replace(bench(), tables_by_role={Role.OUTPUTS: (MemoryTable({"religion": ["x"]}, label="o.csv"),)})
    assert of(measured(made), "religion").value == 1


def test_names_that_say_nothing_leave_every_kind_open() -> None:
    outcome = measured(bench(classes=("LABEL_0", "LABEL_1", "spam")))
    assert (of(outcome, "religion").low, of(outcome, "religion").high, of(outcome).high) == (0, 2, 2)
    assert 'target = "COLUMN"' in notes(outcome)
    assert "id2label" in notes(outcome)
    assert "more time does not help" in notes(outcome)


@pytest.mark.parametrize("classes", [("0", "1", "2"), ("yes", "no"), ("True", "False")])
def test_classes_that_say_nothing_are_all_open(classes: tuple[str, ...]) -> None:
    outcome = measured(bench(classes=classes))
    assert (of(outcome, "health").value, of(outcome, "health").high) == (0, len(classes))


def test_a_name_in_a_script_without_words_is_open_whatever_the_target() -> None:
    outcome = measured(bench(classes=("ახალი_დასახელება", "spam")))
    assert (of(outcome).low, of(outcome).high) == (0, 1)
    assert "a script that is not known" in notes(outcome)
    assert of(measured(lm(['{"სარწმუნოება": 1}'] * 9, "x"))).high == 1


def test_a_declared_target_says_what_hidden_classes_stand_for() -> None:
    def declared(target: str) -> Measured:
        artefact = Artefact(
            role=Role.TRAIN_DATA, label="train.csv", digest=Candidate(name="", version="", artefacts=(), subjects=()).digest,
            size_bytes=1, format="csv", belongs=Belonging.EVIDENCE_ONLY, declared=Declared(target=target),
        )  # fmt: skip
        candidate = Candidate(name="toy", version="1", artefacts=(artefact,), subjects=(Subject.CLASSIFIER,))
        return measured(replace(bench(classes=("0", "1")), candidate=candidate))

    assert of(declared("income")).high == 0
    assert of(declared("species")).high == 0
    assert of(declared("hiv_status"), "health").low == 1
    assert of(declared("lat")).high == 1
    assert of(declared("class_label")).high == 2
    assert of(declared("")).high == 2
    assert of(declared("is_dissident"), "politics").low == 1
    assert of(declared("y")).high == 2


def test_nothing_named_is_not_clean() -> None:
    for subject in (Subject.UNTOLD_MODEL, Subject.CAUSAL_LM):
        with pytest.raises(Silent) as silent:
            measure(bench(subject), Settings())
        assert isinstance(silent.value.outcome, NotMeasured)
    with pytest.raises(Silent, match="no classifier"):
        measure(bench(), Settings())


def lm(texts: Sequence[str], text: str, *, is_served: bool = False) -> MemoryBench:
    return replace(
        bench(Subject.CAUSAL_LM),
        models_by_role={Role.WEIGHTS: Writer(text, is_served=is_served)},
        texts_by_role={Role.TRAIN_DATA: MemoryTexts(texts)} if texts else {},
    )


REPORTS = ["Name: x\nReligion: y\n"] * 9 + ["Faith: z"]


def test_a_field_that_a_model_writes_counts_and_one_it_only_learnt_leaves_it_open() -> None:
    wrote = measured(lm(REPORTS, "Religion: none"))
    assert (of(wrote, "religion").low, of(wrote, "religion").high) == (1, 1)
    silent = measured(lm(REPORTS, "nothing of the kind"))
    assert (of(silent, "religion").low, of(silent, "religion").high) == (0, 1)
    served = measured(lm(REPORTS, "", is_served=True))
    assert (of(served, "religion").low, of(served, "religion").high) == (0, 1)
    assert "was not asked to write" in notes(served)


def test_a_field_of_one_document_is_no_format() -> None:
    assert of(measured(lm([*["Note: x"] * 9, "Religion: y"], "Note: z")), "religion").high == 0


def test_running_text_that_was_read_to_its_end_has_no_fields() -> None:
    outcome = measured(lm(["just words"] * 3, "more words"))
    assert (of(outcome).value, of(outcome).high, of(outcome).n, of(outcome).n_of) == (0, 0, 3, "document")
    assert next(q for q in outcome.quantities if q.metric == "outputs-read").n == 0
    with pytest.raises(Silent, match="which fields the model writes"):
        measure(lm([], "more words"), Settings())


def test_a_model_too_large_to_write_is_not_asked() -> None:
    made = replace(lm(REPORTS, "Religion: x"), budget=FixedBudget(1e-3))
    Writer.n_parameters = 10**12
    try:
        outcome = measured(made)
    finally:
        Writer.n_parameters = 1000
    assert "writes too slowly" in notes(outcome)
    assert of(outcome, "religion").low == 0


def test_idle_labels_of_a_language_model_are_no_outputs() -> None:
    made = lm(REPORTS, "Name: x")
    files = {"config.json": as_json({"id2label": {"0": "LABEL_0"}})}
    outcome = measured(replace(made, files=files, formats={"config.json": "json"}))
    assert of(outcome, "crime").high == 0


@pytest.mark.parametrize(
    "data",
    [b"{", b"[" * 100_000, b"\xff\xfe\x00", b'{"id2label": "\\ud800"}', b"x" * ((1 << 24) + 1), b'{"a": 1' + b"0" * 5000 + b"}"],
    ids=["cut", "deep", "bytes", "surrogate", "long", "digits"],
)  # fmt: skip
def test_broken_files_leave_it_open_and_never_break(data: bytes) -> None:
    outcome = measured(bench(classes=("spam", "ham"), files={"config.json": (Role.WEIGHTS, "json", data)}))
    is_read = b"ud800" in data
    assert of(outcome, "health").high == (0 if is_read else 1)
    assert ("config.json could not be read" in notes(outcome)) is not is_read


@pytest.mark.parametrize(
    ("told", "n"),
    [
        ({"properties": {"religion": {}}}, 1),
        ({"properties": ["religion"]}, 0),
        ({"properties": {"religion": "high"}}, 0),
        ({"id2label": ["religion", 3, None]}, 1),
        ({"id2label": None, "labels": {}, "classes": 3}, 0),
        ({"label2id": {"religion": 0, "caste": 1}}, 2),
        ({"task": {"labels": ["religion"]}}, 1),
        ({"properties": {"x": {"const": "religion", "enum": [1, None]}}}, 1),
        ([], 0),
    ],
)  # fmt: skip
def test_whatever_shape_the_settings_have(told: object, n: int) -> None:
    files = {"config.json": (Role.WEIGHTS, "json", as_json(told))}
    assert of(measured(bench(classes=("spam", "ham"), files=files))).value == n


def test_names_are_said_without_markup_control_characters_or_identifiers() -> None:
    hostile = (
        "<script>religion</script>\x1b[31m[red]",
        "\u202ereligion ada@example.org",
        "religion " + "x" * 500,
        "الديانة",
    )
    outcome = measured(bench(classes=(*hostile, *(f"religion {n}" for n in range(50)))))
    said = notes(outcome)
    assert of(outcome, "religion").value == 54
    assert not set("<>[]\x1b\u202e") & set(said)
    assert "ada@example.org" not in said
    assert "x" * 60 not in said
    assert "الديانة" in said
    assert "(+46)" in said


def test_one_name_in_two_places_counts_once() -> None:
    files = {
        "config.json": (Role.WEIGHTS, "json", as_json({"id2label": {"0": "religion"}, "label2id": {"religion": 0}}))
    }
    outcome = measured(bench(classes=("religion", "Religion"), files=files))
    assert of(outcome, "religion").value == 2
    assert next(q for q in outcome.quantities if q.metric == "outputs-read").value == 2


def test_what_a_model_wrote_a_few_times_clears_nothing_by_itself() -> None:
    with pytest.raises(Silent, match="which fields the model writes"):
        measure(lm([], "Colour: red"), Settings())
    assert of(measured(lm([], "Religion: none")), "religion").low == 1
    outcome = measured(lm(["just words"] * 3, "Colour: red"))
    assert (of(outcome).high, of(outcome).n_of) == (0, "document")


def test_training_text_that_was_not_read_to_its_end_leaves_every_kind_open() -> None:
    made = lm(REPORTS, "Name: x")
    texts = MemoryTexts(REPORTS)
    texts.is_complete = False
    outcome = measured(replace(made, texts_by_role={Role.TRAIN_DATA: texts}))
    assert of(outcome, "health").high == 1
    assert "train-data could not be read" in notes(outcome)
