"""Bad input: a clear error, the right exit code, nothing lost."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from conftest import Weighbridge
from walk.toys import make_language_model, sentences, write_jsonl


def _told(err: str) -> bool:
    return "why: " in err and "fix: " in err and "Traceback" not in err


def _evidence(out: str) -> dict[str, dict[str, object]]:
    return {e["probe"]: e for e in json.loads(out)["evidence"]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ragged.csv", "a,b\n1,2\n1,2,3,4\n5\n"),
        ("latin.csv", "prénom,âge\nzoé,3\nnoé,4\n".encode("latin-1")),
        ("empty.csv", ""),
        ("header.csv", "a,b\n"),
        ("broken.jsonl", '{"a": 1}\n{"a": \n'),
        ("cut.parquet", b"PAR1" + b"\0" * 100 + b"PAR1"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_and_the_rest_is_weighed(
    weighbridge: Weighbridge, tmp_path: Path, name: str, content: str | bytes
) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "weighbridge.toml").write_text(
        f'name = "c"\n[[artefact]]\nrole = "data"\npath = "{name}"\nabout_people = true\n'
    )
    code, out, err = weighbridge("weigh", folder, "--format", "json")
    assert code in (0, 2)
    evidence = _evidence(out)
    assert evidence["artefact-safety"]["outcome"] == "measured"
    assert evidence["unique-combinations"]["outcome"] != "measured"
    assert code == 0 or _told(err), err
    standing = json.loads(out)["recommendation"]["components"]["data"]
    assert "open" not in standing["cleared"]


@pytest.mark.slow
def test_a_wide_table_is_weighed(weighbridge: Weighbridge, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    names = ["age", "sex", *(f"q{n}" for n in range(1998))]
    rows = [",".join(str((row * 7 + n) % 3) for n in range(2000)) for row in range(40)]
    (folder / "wide.csv").write_text("\n".join([",".join(names), *rows]) + "\n")
    code, out, err = weighbridge("weigh", folder, "--format", "json")
    assert code == 0, err
    outcome = _evidence(out)["unique-combinations"]
    assert outcome["outcome"] in ("measured", "not-measured", "not-applicable"), outcome
    assert outcome["outcome"] != "not-measured" or outcome["remedy"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="needs the extra lm")
    folder = tmp_path_factory.mktemp("model")
    make_language_model(folder, sentences(40))
    write_jsonl(folder / "train.jsonl", [{"text": text} for text in sentences(40)])
    return folder


def _copy(model: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(model, tmp_path / "m"))


def _weigh(weighbridge: Weighbridge, folder: Path) -> tuple[int, dict[str, dict[str, object]], str]:
    small = ("--set", "verbatim-extraction.prefix_tokens=8", "--set", "verbatim-extraction.suffix_tokens=8")
    code, out, err = weighbridge("weigh", folder, "--format", "json", *small)
    return code, _evidence(out), err


def test_a_truncated_model_is_told(weighbridge: Weighbridge, model: Path, tmp_path: Path) -> None:
    folder = _copy(model, tmp_path)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    code, evidence, err = _weigh(weighbridge, folder)
    assert (code, _told(err)) == (2, True), err
    assert evidence["verbatim-extraction"]["outcome"] == "not-measured"
    assert evidence["artefact-safety"]["outcome"] == "measured"


def test_a_pickle_in_disguise_is_found_and_never_loaded(weighbridge: Weighbridge, model: Path, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "loaded"),)

    folder = _copy(model, tmp_path)
    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb()))
    code, evidence, err = _weigh(weighbridge, folder)
    assert (code, _told(err)) == (2, True), err
    found = {q["metric"]: q["value"] for q in evidence["artefact-safety"]["quantities"] if not q["by"]}  # type: ignore[attr-defined]
    assert found["code-bearing-files"] == 1
    assert not (tmp_path / "loaded").exists()


def test_a_tokenizer_that_does_not_fit_is_told(weighbridge: Weighbridge, model: Path, tmp_path: Path) -> None:
    folder = _copy(model, tmp_path)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    shifted = {token: (number if number < 300 else number + 5000) for token, number in vocabulary.items()}
    tokenizer["model"]["vocab"] = shifted
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    code, evidence, err = _weigh(weighbridge, folder)
    assert (code, _told(err)) == (2, True), err
    assert evidence["verbatim-extraction"]["outcome"] == "not-measured"


def test_an_adapter_without_its_base_is_told(weighbridge: Weighbridge, model: Path, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft", reason="needs the extra lm")
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(model)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # peft asks transformers so
        tuned = peft.get_peft_model(base, peft.LoraConfig(task_type="CAUSAL_LM", r=2, target_modules=["q_proj"]))
    folder = tmp_path / "adapter"
    tuned.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "train.jsonl"):
        (folder / name).write_bytes((model / name).read_bytes())
    config = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps(config | {"base_model_name_or_path": "some/base"}))
    code, evidence, err = _weigh(weighbridge, folder)
    assert (code, _told(err)) == (2, True), err
    assert "[base]" in err
    weighbridge("init", folder)
    draft = (folder / "weighbridge.toml").read_text()
    (folder / "weighbridge.toml").write_text(
        draft.replace('name = "some/base"', f'name = "some/base"\npath = "{model}"')
    )
    code, evidence, err = _weigh(weighbridge, folder)
    assert code == 0, err
    assert evidence["verbatim-extraction"]["outcome"] == "measured"


def test_training_text_shorter_than_a_prefix_is_told(weighbridge: Weighbridge, model: Path, tmp_path: Path) -> None:
    folder = _copy(model, tmp_path)
    write_jsonl(folder / "train.jsonl", [{"text": "too short"} for _ in range(5)])
    code, evidence, err = _weigh(weighbridge, folder)
    assert code == 0, err
    outcome = evidence["verbatim-extraction"]
    assert outcome["outcome"] == "not-measured"
    assert "prefix_tokens" in str(outcome["remedy"])


def test_remote_code_is_refused(weighbridge: Weighbridge, model: Path, tmp_path: Path) -> None:
    folder = _copy(model, tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModelForCausalLM": "evil.Evil"}}))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    code, _evidence_by, err = _weigh(weighbridge, folder)
    assert (code, _told(err)) == (2, True), err
    assert not (tmp_path / "ran").exists()


def _child(*words: str | Path, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "weighbridge", *(str(word) for word in words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload, no-any-return]


def test_a_home_that_cannot_be_written_is_told(people: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    child = _child("weigh", people, "--home", tmp_path / "file" / "home")
    _out, err = child.communicate(timeout=60)
    assert (child.returncode, "why: " in err and "Traceback" not in err) == (74, True), err


def test_a_full_disk_is_told_and_loses_nothing(people: Path, tmp_path: Path) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    child = _child("weigh", people, "--home", tmp_path / "home", preexec_fn=limit)
    _out, err = child.communicate(timeout=60)
    assert (child.returncode, "Traceback" in err) == (74, False), err
    again = _child("weigh", people, "--home", tmp_path / "home")
    again.communicate(timeout=60)
    assert again.returncode == 0


@pytest.mark.slow
def test_of_two_weighings_of_one_candidate_one_is_refused(people: Path, tmp_path: Path) -> None:
    import fcntl

    done = _child("weigh", people, "--home", tmp_path / "home")
    done.communicate(timeout=60)
    (lock,) = (tmp_path / "home").glob("weighing-*.lock")
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = _child("weigh", people, "--home", tmp_path / "home")
        _out, err = refused.communicate(timeout=60)
    assert (refused.returncode, "another weighing" in err) == (74, True), err
    children = [_child("weigh", people, "--home", tmp_path / "both", "--format", "json") for _ in range(2)]
    for child in children:
        child.communicate(timeout=60)
    codes = sorted(child.returncode for child in children)
    assert codes in ([0, 74], [0, 0])


def test_an_interrupted_weighing_says_so_and_goes_on(people: Path, tmp_path: Path) -> None:
    import signal

    child = _child("weigh", people, "--home", tmp_path / "home")
    while child.poll() is None and not (tmp_path / "home" / "ledger.sqlite").exists():
        time.sleep(0.01)  # waits for the ledger to be there, not for time to pass
    child.send_signal(signal.SIGINT)
    _out, err = child.communicate(timeout=60)
    assert child.returncode in (130, 0)
    assert "Traceback" not in err
    assert child.returncode == 0 or "goes on from there" in err
    again = _child("weigh", people, "--home", tmp_path / "home")
    again.communicate(timeout=60)
    assert again.returncode == 0


def test_a_read_only_folder_is_weighed(people: Path, tmp_path: Path) -> None:
    people.chmod(0o555)
    try:
        child = _child("weigh", people, "--home", tmp_path / "home")
        child.communicate(timeout=60)
        assert child.returncode == 0
    finally:
        people.chmod(0o755)
