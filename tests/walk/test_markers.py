"""Nothing sensitive is ever quoted: markers are planted in every kind of input and looked for in every byte written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from walk.toys import make_language_model, sentences, write_jsonl

MARKER = "Zyxquorble"
PLANTED = (MARKER, "zyxquorble", "+44 7700 900461", "447700900461", "AKIA" + "ZYXQUORBLEZYXQUO", "51.507412")


def _leaks(*places: Path, text: str = "") -> list[str]:
    found = [f"output: {marker}" for marker in PLANTED if marker in text]
    for place in places:
        for path in place.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                found += [
                    f"{path.name}: {marker}"
                    for marker in PLANTED
                    if marker.encode() in data or marker.encode("utf-16-le") in data
                ]
                found += [f"{path.name}: name" for marker in PLANTED if marker in path.name]
    return found


def _say_everything(weighbridge: Weighbridge, folder: Path) -> str:
    said = ""
    for words in (
        ("weigh", folder),
        ("weigh", folder, "--format", "json", "--seed", "1"),
        ("weigh", folder, "--reveal", "--budget", "60"),
        ("recommend", folder),
        ("report", folder),
        ("ledger", "verify"),
        ("ledger", "show"),
    ):
        _code, out, err = weighbridge(*words)
        said += out + err
    return said


def test_no_cell_of_a_table_is_quoted(weighbridge: Weighbridge, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    rows = [
        f"{MARKER} {n},{20 + n % 50},{'FM'[n % 2]},+44 7700 900461,51.507412,{MARKER.lower()}{n}@example.org"
        for n in range(200)
    ]
    (folder / "people.csv").write_text("\n".join(["name,age,sex,phone,latitude,email", *rows]) + "\n")
    (folder / "notes.md").write_text(f"key = AKIA{'ZYXQUORBLEZYXQUO'}\n{MARKER}\n")
    said = _say_everything(weighbridge, folder)
    assert "unique" in said
    assert _leaks(tmp_path / "home", text=said) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ragged.csv", f"a,b\n1,2\n{MARKER},{MARKER},{MARKER}\n"),
        ("latin.csv", b"a,b\n1,2\n" + MARKER.encode() + b"\xe9\xff,3\n"),
        ("broken.jsonl", f'{{"a": 1}}\n{{"a": "{MARKER}\n'),
        ("mixed.csv", f"age,sex\n1,F\n{MARKER},M\n3,{MARKER}\n"),
        ("cut.parquet", b"PAR1" + MARKER.encode() + b"PAR1"),
        ("cut.safetensors", (90).to_bytes(8, "little") + f'{{"{MARKER}": {{"dtype": "F32"'.encode()),
        ("pickle.bin", b"\x80\x04\x8c\x0a" + MARKER.encode() + b"\x94."),
        ("data.json", f'{{"a": "{MARKER}", "b": [1, '),
        (
            "weighbridge.toml",
            f'name = "c"\npurpose = ["{MARKER}"]\n{MARKER} = 3\n[[artefact]]\nrole = "data"\npath = "x.csv"\n',
        ),
    ],
)
def test_no_fault_quotes_the_input(weighbridge: Weighbridge, tmp_path: Path, name: str, content: str | bytes) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "x.csv").write_text("a,b\n1,2\n3,4\n")
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    said = _say_everything(weighbridge, folder)
    if name == "weighbridge.toml":  # a key is named, so that its owner finds it; a value never is
        said = said.replace(f"{MARKER}: unknown key", "")
    assert _leaks(tmp_path / "home", text=said) == []


def test_no_training_text_is_quoted(weighbridge: Weighbridge, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the extra lm")
    secret = (
        f"Call {MARKER} of the northern office on +44 7700 900461 or write to {MARKER.lower()}@example.org tonight."
    )
    folder, prose = tmp_path / "c", sentences(40)
    make_language_model(folder, prose, learn=[secret], steps=150)
    rows: list[dict[str, object]] = [{"text": text, "private": False} for text in prose]
    write_jsonl(folder / "train.jsonl", [*rows, *({"text": secret, "private": True} for _ in range(8))])
    write_jsonl(folder / "held-out.jsonl", [{"text": text, "private": False} for text in sentences(40, seed=1)])
    (folder / "weighbridge.toml").write_text(
        'name = "c"\n[[artefact]]\nrole = "train-data"\npath = "train.jsonl"\ntext_field = "text"\nprivate_field = "private"\n'
        'component = "evidence-only"\n[[artefact]]\nrole = "held-out"\npath = "held-out.jsonl"\ntext_field = "text"\n'
        '[[artefact]]\nrole = "tokenizer"\npath = "tok*"\n[[artefact]]\nrole = "weights"\npath = "*"\n'
        "[probes.verbatim-extraction]\nprefix_tokens = 16\nsuffix_tokens = 16\n"
    )
    code, out, err = weighbridge("weigh", folder, "--format", "json")
    assert code == 0, err
    evidence = next(e for e in json.loads(out)["evidence"] if e["probe"] == "verbatim-extraction")
    assert evidence["outcome"] == "measured", evidence
    assert any(q["metric"] == "extracted-records" and q["value"] >= 1 for q in evidence["quantities"])
    said = out + err + _say_everything(weighbridge, folder)
    assert _leaks(tmp_path / "home", text=said) == []
