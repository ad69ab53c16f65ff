"""What the essay wants open comes out without a limit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from walk.toys import make_classifiers

pytest.importorskip("sklearn", reason="needs the extra tabular")


@pytest.fixture(scope="module")
def classifiers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_classifiers(tmp_path_factory.mktemp("classifiers"))


@pytest.mark.parametrize("name", ["digits", "iris"])
def test_a_harmless_classifier_has_no_limit(weighbridge: Weighbridge, classifiers: dict[str, Path], name: str) -> None:
    code, out, err = weighbridge("weigh", classifiers[name], "--format", "json")
    assert (code, err) == (0, "")
    for component, standing in json.loads(out)["recommendation"]["components"].items():
        assert standing["limits"] == [], component
        assert "open" in standing["ceiling"], component


@pytest.mark.parametrize("name", ["digits", "iris"])
def test_it_is_cleared_up_to_open_once_the_questions_are_answered(
    weighbridge: Weighbridge, classifiers: dict[str, Path], name: str
) -> None:
    weighbridge("init", classifiers[name], "--force")
    draft = classifiers[name] / "weighbridge.toml"
    answered = (
        draft.read_text()
        .replace('"unknown"', '"no"')
        .replace("languages = []  # which", 'languages = ["zxx"]  # which')
    )
    draft.write_text(answered)
    code, out, err = weighbridge("weigh", classifiers[name], "--format", "json")
    assert (code, err) == (0, "")
    for component, standing in json.loads(out)["recommendation"]["components"].items():
        assert "open" in standing["cleared"], (component, standing)
