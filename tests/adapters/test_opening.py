from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weighbridge.adapters.door import Opened, open_candidate
from weighbridge.adapters.opening import Allowed, open_model, open_the_classifier, open_the_rewriter, server_of
from weighbridge.core.candidate import Role
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotMeasured, Silent


def _candidate(folder: Path, *roles: tuple[str, str]) -> Opened:
    entries = [f'[[artefact]]\nrole = "{role}"\npath = "{path}"' for path, role in roles]
    for path, _role in roles:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if not (folder / path).exists():
            (folder / path).write_text("x")
    (folder / "weighbridge.toml").write_text('name = "c"\n' + "\n".join(entries))
    return open_candidate(folder)


def test_a_recipe_of_the_paraphrased_arm_rewrites_texts_and_makes_no_classifier(tmp_path: Path) -> None:
    entry = '[[artefact]]\nrole = "recipe"\npath = "{}"\narm = "paraphrased"\n'
    (tmp_path / "p.py").write_text("print()")
    (tmp_path / "q.py").write_text("print(1)")
    (tmp_path / "weighbridge.toml").write_text('name = "c"\n' + entry.format("p.py"))
    opened = open_candidate(tmp_path)
    assert open_the_rewriter(opened, Allowed(trusted=("p.py",)), tmp_path) is not None
    with pytest.raises(Silent, match="was not trusted"):
        open_the_rewriter(opened, Allowed(), tmp_path)
    with pytest.raises(Unusable, match="cannot trust other"):
        open_the_rewriter(opened, Allowed(trusted=("other.py",)), tmp_path)
    with pytest.raises(Silent, match="there is no classifier"):
        open_the_classifier(opened, Allowed(), tmp_path)
    (tmp_path / "weighbridge.toml").write_text('name = "c"\n' + entry.format("p.py") + entry.format("q.py"))
    with pytest.raises(Silent, match="names 2 commands"):
        open_the_rewriter(open_candidate(tmp_path), Allowed(), tmp_path)
    other = _candidate(tmp_path / "other", ("fit.py", "recipe"))
    assert open_the_rewriter(other, Allowed(trusted=("fit.py",)), tmp_path) is None


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", ""),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("https://models.example", "https://models.example"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
    ],
)
def test_a_server_is_named_by_place_alone(url: str, told: str) -> None:
    assert server_of(url) == told


@pytest.mark.parametrize(
    "url",
    ["ftp://a", "file:///etc", "http://", "//a", "a:80", "http://me:word@a", "http://a/?key=word"],
)
def test_other_addresses_and_credentials_in_them_are_refused(url: str) -> None:
    with pytest.raises(Unusable) as told:
        server_of(url)
    assert "word" not in str(told.value)


def test_what_was_allowed_is_told_by_place_and_digest(tmp_path: Path) -> None:
    opened = _candidate(tmp_path, ("model.onnx", "weights"), ("fit.py", "recipe"))
    recipe = opened.candidate.of_role(Role.RECIPE)[0]
    allowed = Allowed(served="http://a:1/v1", served_model="m", trusted=("fit.py",))
    assert allowed.told(opened.candidate) == (
        ("served", "http://a:1/v1"),
        ("served-model", "m"),
        ("trusted", recipe.digest),
    )
    assert Allowed().told(opened.candidate) == ()


def test_a_recipe_is_trusted_by_its_name_or_not_at_all(tmp_path: Path) -> None:
    opened = _candidate(tmp_path, ("a.csv", "weights"), ("fit.py", "recipe"))
    with pytest.raises(Unusable, match="cannot trust other"):
        open_the_classifier(opened, Allowed(trusted=("other.py",)), tmp_path)


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ((("notes.txt", "weights"),), "no classifier"),
        ((("a.onnx", "weights"), ("b.onnx", "weights")), "2 classifiers"),
        ((("a.onnx", "weights"), ("1.py", "recipe"), ("2.py", "recipe")), "2 recipes"),
    ],
)
def test_says_which_it_is_not(tmp_path: Path, roles: tuple[tuple[str, str], ...], says: str) -> None:
    for name, _role in roles:
        if name.endswith(".onnx"):  # an ONNX file begins with its version
            (tmp_path / name).write_bytes(b"\x08\x08\x12\x04test\x3a\x00")
    opened = _candidate(tmp_path, *roles)
    if "classifiers" in says or "recipes" in says:
        weights = tuple(replace(a, format="onnx") for a in opened.candidate.of_role(Role.WEIGHTS))
        others = tuple(a for a in opened.candidate.artefacts if a.role is not Role.WEIGHTS)
        opened = replace(opened, candidate=replace(opened.candidate, artefacts=(*weights, *others)))
    with pytest.raises(Silent) as silent:
        open_the_classifier(opened, Allowed(), tmp_path)
    assert isinstance(silent.value.outcome, NotMeasured)
    assert says in str(silent.value.outcome.because)


def test_no_language_model_is_no_error(tmp_path: Path) -> None:
    opened = _candidate(tmp_path, ("notes.txt", "weights"))
    with pytest.raises(Silent):
        open_model(opened, Role.WEIGHTS, Allowed(), tmp_path)
    with pytest.raises(Silent):
        open_model(opened, Role.REFERENCE_WEIGHTS, Allowed(), tmp_path)
