from __future__ import annotations

import pytest

from weighbridge.core.evidence import Evidence, Measured, NotMeasured, Quantity, Silent
from weighbridge.probes.release_claims import probe
from weighbridge.probes.release_claims.calibration import bench, silent
from weighbridge.probes.release_claims.lexicon import kinds_of, sentences
from weighbridge.probes.release_claims.probe import PROBE, Settings


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Our model achieves state-of-the-art results.", ("superlative",)),
        ("This is the world\u2019s first open lexicon.", ("superlative",)),
        ("Un modèle révolutionnaire et sans précédent.", ("superlative",)),
        ("Das bahnbrechende Modell.", ("superlative",)),
        ("Un modelo revolucionario.", ("superlative",)),
        ("All records were anonymized.", ("privacy",)),
        ("It contains no personal data.", ("privacy",)),
        ("Alle Angaben wurden anonymisiert.", ("privacy",)),
        ("The model is unbiased.", ("safety",)),
        ("It cannot be misused.", ("safety",)),
        ("It supports 104 languages.", ("languages",)),
        ("Works for all languages at human level, and nobody can tell: it is undetectable.", ("languages", "detection", "human-level")),
        ("It reads X-rays better than doctors.", ("human-level",)),
        ("It is not state of the art.", ()),
        ("We never claim human-level results.", ()),
        ("The model was trained on 200 documents in two languages.", ()),
        ("The safe is in the cellar, and its best before date has passed.", ()),
        ("", ()),
        ("\x00\u202e 🙂 السلام", ()),
    ],
)  # fmt: skip
def test_a_claim_is_known_by_its_words(sentence: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(sentence) == kinds


def test_sentences_headings_and_points_stand_apart() -> None:
    assert sentences("# A heading\n\nOne. Two!\n- a point\n") == ["# A heading", "One.", "Two!", "- a point"]


def _told(texts: list[str], **evidence: Evidence) -> dict[tuple[str, str | None], Quantity]:
    outcome = PROBE.measure(bench(texts, evidence={k.replace("_", "-"): v for k, v in evidence.items()}), Settings())
    assert isinstance(outcome, Measured), outcome
    return {(q.metric, q.at("kind")): q for q in outcome.quantities}


def test_evidence_stands_behind_what_was_measured_alone() -> None:
    asked = silent("verbatim-extraction").asked
    number = Quantity(metric="m", value=0, low=0, high=0, confidence=1, unit="count", n=1, n_of="record")
    measured = Evidence(asked=asked, outcome=Measured(quantities=(number,)))
    text = ["All data are fully anonymous. It is revolutionary."]
    assert _told(text)["unbacked-claims", "privacy"].value == 1
    spoken = ["It works in every language. Its text is indistinguishable from ours."]
    told = _told(spoken, language_quality=measured)
    assert (told["unbacked-claims", "languages"].value, told["unbacked-claims", "detection"].value) == (0, 1)
    assert _told(spoken, detectability=measured)["unbacked-claims", "detection"].value == 0
    backed = _told(text, verbatim_extraction=measured)
    assert (backed["claims", "privacy"].value, backed["unbacked-claims", "privacy"].value) == (1, 0)
    assert backed["unbacked-claims", "superlative"].value == backed["all-unbacked-claims", None].value == 1


def test_where_it_stands_is_pointed_out_and_nothing_is_quoted() -> None:
    on = bench(["Plain.", "The Zyxquorble is revolutionary."])
    outcome = PROBE.measure(on, Settings())
    assert "Zyxquorble" not in str(outcome)
    assert [(p.label, p.record) for p in on.pointers] == [("post.txt", 2)]


def test_no_sentence_and_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_MOST_SENTENCES", 3)
    for texts, why in ((["", " \n"], "no sentence"), (["A. B. C. D."], "more than 3 sentences")):
        with pytest.raises(Silent) as caught:
            PROBE.measure(bench(texts), Settings())
        assert isinstance(caught.value.outcome, NotMeasured)
        assert why in str(caught.value.outcome.because)
