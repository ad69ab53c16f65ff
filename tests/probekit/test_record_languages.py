"""In which language a record is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Declared, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import NotApplicable, NotMeasured, Silent
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.ports import Examples
from weighbridge.probekit.record_languages import check_languages, tags_of
from weighbridge.probes.language_quality.calibration import ErringClassifier

NUMBERS = pa.table({"a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0]})
TEXTS = pa.table({"text": ["[sw] habari", "hello", "[fr] bonjour"]})


def examples(inputs: pa.Table, declared: Declared, tags: list[str] | None = None) -> Examples:
    return Examples(
        inputs=inputs, targets=np.zeros(3, np.int64), beside=pa.table({"lang": tags} if tags else {"x": [1, 2, 3]}),
        labels=("h.csv",) * 3, records=np.arange(1, 4), persons=np.arange(3), declared=declared, n_records=3,
        n_repeated=0, n_shared=0, n_unlabelled=0,
    )  # fmt: skip


def tags(bench: MemoryBench, of: Examples) -> tuple[list[str], str]:
    found, notes = tags_of(bench, of)
    return found.tolist(), "\n".join(map(str, notes))


def test_as_declared_in_any_spelling() -> None:
    said = Declared(language_field="lang", language="fr")
    found, notes = tags(MemoryBench(), examples(NUMBERS, said, ["en-GB", "", "nope"]))
    assert found == ["en", "fr", ""]
    assert "1 records bear a tag" in notes
    assert tags(MemoryBench(), examples(NUMBERS, Declared(language="sw_Latn")))[0] == ["sw"] * 3


def test_one_text_is_identified_and_never_forced() -> None:
    found, notes = tags(MemoryBench(), examples(TEXTS, Declared()))
    assert found == ["sw", "", "fr"]
    assert "was identified" in notes


def test_each_file_says_its_own() -> None:
    files = tuple(
        Artefact(
            role=Role.HELD_OUT, label=label, digest=digest_of_bytes(label.encode()), size_bytes=1, format="csv",
            belongs=Belonging.EVIDENCE_ONLY, declared=Declared(language=tag),
        )
        for label, tag in (("h.csv", "en"), ("i.csv", "sw"))
    )  # fmt: skip
    bench = MemoryBench(candidate=Candidate(name="x", version="1", artefacts=files, subjects=()))
    two = replace(examples(NUMBERS, Declared()), labels=("h.csv", "i.csv", "i.csv"))
    assert tags(bench, two)[0] == ["en", "sw", "sw"]


def test_numbers_are_in_no_language_unless_that_is_claimed() -> None:
    with pytest.raises(Silent) as none:
        tags(MemoryBench(), examples(NUMBERS, Declared()))
    assert isinstance(none.value.outcome, NotApplicable)
    claiming = Candidate(name="x", version="1", artefacts=(), subjects=(), claims=Claims(languages=("en",)))
    bench = MemoryBench(candidate=claiming, the_classifier=replace(ErringClassifier(), n_inputs=4))
    for ask in (lambda: tags(bench, examples(NUMBERS, Declared())), lambda: check_languages(bench)):
        with pytest.raises(Silent) as unsaid:
            ask()
        assert isinstance(unsaid.value.outcome, NotMeasured)
