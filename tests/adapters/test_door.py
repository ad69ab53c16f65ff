from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from weighbridge.adapters.door import open_candidate
from weighbridge.core.candidate import Belonging, Component, Role, Subject
from weighbridge.core.errors import Faulty, Outside, Unusable


def _safetensors(number: bytes) -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return len(header).to_bytes(8, "little") + header + number


def _model(folder: Path, number: bytes = b"\0\0\0\0") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"]}))
    (folder / "model.safetensors").write_bytes(_safetensors(number))
    (folder / "tokenizer.json").write_text("{}")
    return folder


def test_guesses_the_roles_in_a_model_folder(tmp_path: Path) -> None:
    folder = _model(tmp_path / "m")
    (folder / "train.txt").write_text("one\ntwo\n")
    (folder / "held-out.jsonl").write_text('{"text": "x"}\n{"text": "y"}\n')
    (folder / "README.md").write_text("# card\n")
    (folder / "LICENSE").write_text("words")
    (folder / "run.py").write_text("print()")
    opened = open_candidate(folder)
    roles = {a.label: (a.role, a.belongs) for a in opened.candidate.artefacts}
    assert roles == {
        "config.json": (Role.WEIGHTS, Belonging.WEIGHTS),
        "model.safetensors": (Role.WEIGHTS, Belonging.WEIGHTS),
        "tokenizer.json": (Role.TOKENIZER, Belonging.WEIGHTS),
        "train.txt": (Role.TRAIN_DATA, Belonging.TRAIN_DATA),
        "held-out.jsonl": (Role.HELD_OUT, Belonging.DATA),
        "README.md": (Role.CARD, Belonging.WEIGHTS),
        "LICENSE": (Role.LICENCE, Belonging.WEIGHTS),
        "run.py": (Role.CODE, Belonging.CODE),
    }
    assert Subject.CAUSAL_LM in opened.candidate.subjects
    assert opened.model_folders() == (folder,)
    assert len(opened.guesses) == 8


def test_without_a_model_tables_are_data(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "test.csv").write_text("a,b\n1,2\n3,4\n")
    candidate = open_candidate(tmp_path).candidate
    assert {a.role for a in candidate.artefacts} == {Role.DATA}
    assert candidate.components == (Component.DATA,)
    assert Subject.TABLE in candidate.subjects


def test_one_data_file_is_a_candidate(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n1,2\n3,4\n")
    candidate = open_candidate(tmp_path / "list.csv").candidate
    assert (candidate.name, candidate.artefacts[0].label) == ("list", "list.csv")


def test_reads_a_candidate_file(tmp_path: Path) -> None:
    _model(tmp_path / "model")
    (tmp_path / "train.jsonl").write_text('{"body": "x"}\n{"body": "y"}\n')
    (tmp_path / "weighbridge.toml").write_text(
        'name = "c"\nlicence = "MIT"\n[plan]\nweights = "gated"\n'
        '[[artefact]]\nrole = "weights"\npath = "model"\n'
        '[[artefact]]\nrole = "train-data"\npath = "*.jsonl"\ncomponent = "evidence-only"\ntext_field = "body"\n'
        "[probes.verbatim-extraction]\nprefix_tokens = 10\n"
    )
    by_folder, by_file = open_candidate(tmp_path), open_candidate(tmp_path / "weighbridge.toml")
    assert by_folder.candidate == by_file.candidate
    train = by_file.candidate.of_role(Role.TRAIN_DATA)[0]
    assert (train.belongs, train.declared.text_field) == (Belonging.EVIDENCE_ONLY, "body")
    assert by_file.candidate.components == (Component.WEIGHTS,)
    assert by_file.candidate.probes == (("verbatim-extraction", (("prefix_tokens", 10),)),)
    assert by_file.guesses == ()


def test_the_digest_follows_bytes_and_labels(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    first = open_candidate(tmp_path).candidate.digest
    os.utime(tmp_path / "a.csv", (1, 1))
    assert open_candidate(tmp_path).candidate.digest == first
    (tmp_path / "a.csv").write_text("a,b\n1,3\n")
    assert open_candidate(tmp_path).candidate.digest != first


def test_notices_a_file_that_changes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    opened = open_candidate(tmp_path)
    opened.check_unchanged()
    (tmp_path / "a.csv").write_text("a,b\n1,3\n")
    with pytest.raises(Unusable, match="was changed while it was weighed"):
        opened.check_unchanged()
    (tmp_path / "a.csv").unlink()
    with pytest.raises(Unusable):
        opened.check_unchanged()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_no_link_leaves_the_folder(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "a.csv").write_text("a,b\n1,2\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.csv").write_text("a,b\n1,2\n")
    (folder / "link").symlink_to(outside / "x.csv" if kind == "file" else outside)
    with pytest.raises(Unusable, match="does not lie in the candidate's folder"):
        open_candidate(folder)


def test_a_link_may_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert len(open_candidate(tmp_path).candidate.artefacts) == 2


def test_a_path_with_dots_does_not_leave(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    inner = tmp_path / "c"
    inner.mkdir()
    entry = '[[artefact]]\nrole = "data"\npath = "../x.csv"\n'
    (inner / "weighbridge.toml").write_text(f'name = "c"\n{entry}')
    with pytest.raises(Unusable):
        open_candidate(inner)
    (inner / "weighbridge.toml").write_text(f'name = "c"\n{entry}component = "evidence-only"\n')
    assert open_candidate(inner).candidate.artefacts[0].label == "../x.csv"


def test_refuses_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unusable, match="not a file"):
        open_candidate(tmp_path)


def test_tells_what_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot weigh"):
        open_candidate(tmp_path / "none")
    with pytest.raises(Unusable, match="cannot weigh"):
        open_candidate(tmp_path)
    (tmp_path / "weighbridge.toml").write_text('name = "c"\n[[artefact]]\nrole = "data"\npath = "none.csv"\n')
    with pytest.raises(Unusable, match="cannot find an artefact"):
        open_candidate(tmp_path)
    (tmp_path / "weighbridge.toml").write_bytes(b'name = "\xff"\n')
    with pytest.raises(Unusable, match="cannot use"):
        open_candidate(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_tells_what_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n")
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(Outside):
        open_candidate(tmp_path)


def test_tells_all_faults_of_a_candidate_file(tmp_path: Path) -> None:
    (tmp_path / "weighbridge.toml").write_text(
        'nam = "c"\n[[artefact]]\nrole = "wieghts"\npath = "m"\n[plan]\nweigths = "open"\n'
    )
    with pytest.raises(Faulty) as caught:
        open_candidate(tmp_path)
    assert [(f.line, f.key) for f in caught.value.faults] == [(1, "nam"), (0, "name"), (3, "artefact[1].role")]


def test_the_base_is_evidence_and_inherited(tmp_path: Path) -> None:
    _model(tmp_path / "base", b"base")
    tuned = _model(tmp_path / "c" / "model")
    (tuned / "adapter_config.json").write_text(json.dumps({"task_type": "CAUSAL_LM", "base_model_name_or_path": "x/y"}))
    (tmp_path / "c" / "weighbridge.toml").write_text(
        'name = "c"\n[base]\nname = "x/y"\npath = "../base"\n[[artefact]]\nrole = "weights"\npath = "model"\n'
    )
    opened = open_candidate(tmp_path / "c")
    assert opened.base_folder == tmp_path / "base"
    assert opened.candidate.base is not None
    assert opened.candidate.base.digest is not None
    assert {a.label for a in opened.candidate.of_role(Role.REFERENCE_WEIGHTS)} == {
        "base/config.json", "base/model.safetensors", "base/tokenizer.json"
    }  # fmt: skip
    assert opened.candidate.components == (Component.WEIGHTS,)


def test_the_candidate_is_not_its_own_base(tmp_path: Path) -> None:
    _model(tmp_path / "base")
    _model(tmp_path / "c" / "model")
    (tmp_path / "c" / "weighbridge.toml").write_text(
        'name = "c"\n[base]\npath = "../base"\n[[artefact]]\nrole = "weights"\npath = "model"\n'
    )
    with pytest.raises(Unusable, match="the candidate itself"):
        open_candidate(tmp_path / "c")


def test_a_base_of_another_digest_is_refused(tmp_path: Path) -> None:
    _model(tmp_path / "base", b"base")
    _model(tmp_path / "c" / "model")
    (tmp_path / "c" / "weighbridge.toml").write_text(
        f'name = "c"\n[base]\npath = "../base"\ndigest = "sha256:{"0" * 64}"\n[[artefact]]\nrole = "weights"\npath = "model"\n'
    )
    with pytest.raises(Unusable, match="not the one declared"):
        open_candidate(tmp_path / "c")


@pytest.mark.parametrize(
    "name", ["datasheet_2023.csv", "readme_people.csv", "licences.csv", "notice.tsv", "tokenizer.csv"]
)
def test_no_name_hides_a_table(tmp_path: Path, name: str) -> None:
    mark = "\t" if name.endswith("tsv") else ","
    (tmp_path / name).write_text("\n".join(mark.join(row) for row in (["age", "sex"], ["1", "F"], ["2", "M"])) + "\n")
    _model(tmp_path)
    candidate = open_candidate(tmp_path).candidate
    assert Subject.TABLE in candidate.subjects
    assert Component.DATA in candidate.components


@pytest.mark.parametrize("role", ["card", "paper", "licence"])
def test_no_role_hides_a_table(tmp_path: Path, role: str) -> None:
    (tmp_path / "a.csv").write_text("age,sex\n1,F\n2,M\n")
    (tmp_path / "weighbridge.toml").write_text(f'name = "c"\n[[artefact]]\nrole = "{role}"\npath = "a.csv"\n')
    candidate = open_candidate(tmp_path).candidate
    assert candidate.components == (Component.DATA,)
    assert Subject.TABLE in candidate.subjects


def test_what_cannot_be_read_or_told_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    assert Subject.UNREAD_DATA in open_candidate(tmp_path).candidate.subjects
    model = _model(tmp_path / "m")
    (model / "config.json").write_text('{"architectures": ["ResNetForImageClassification"]}')
    assert Subject.UNTOLD_MODEL in open_candidate(model).candidate.subjects
    (model / "config.json").write_text('{"model_type": "llama", "vocab_size": 300}')
    subjects = open_candidate(model).candidate.subjects
    assert Subject.CAUSAL_LM in subjects
    assert Subject.UNTOLD_MODEL not in subjects


@pytest.mark.parametrize("name", ["a.jpg", "a.zip", "a.jxl"])
def test_pictures_are_media_and_stay_unread(tmp_path: Path, name: str) -> None:
    starts = {
        "a.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        "a.zip": b"PK\x05\x06" + bytes(18),
        "a.jxl": b"\xff\x0a\0\x80\xfe",
    }
    (tmp_path / name).write_bytes(starts[name])
    subjects = open_candidate(tmp_path).candidate.subjects
    assert {Subject.MEDIA, Subject.UNREAD_DATA} <= set(subjects)
    (tmp_path / "weighbridge.toml").write_text(
        f'name = "c"\n[[artefact]]\nrole = "data"\npath = "{name}"\ncomponent = "evidence-only"\n'
    )
    assert Subject.MEDIA not in open_candidate(tmp_path).candidate.subjects


def test_a_base_that_was_only_written_anew_is_the_candidate_itself(tmp_path: Path) -> None:
    own = _model(tmp_path / "c" / "model")
    base = _model(tmp_path / "base")
    header = json.dumps(
        {"__metadata__": {"a": "b"}, "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    ).encode()
    (base / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0\0\0")
    (own.parent / "weighbridge.toml").write_text(
        'name = "c"\n[base]\npath = "../base"\n[[artefact]]\nrole = "weights"\npath = "model"\n'
    )
    with pytest.raises(Unusable, match="the candidate itself"):
        open_candidate(own.parent)


def test_scripts_are_code(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("#!/bin/sh\necho\n")
    assert open_candidate(tmp_path).candidate.artefacts[0].role is Role.CODE


def test_a_folder_of_a_sequence_classifier_is_a_classifier(tmp_path: Path) -> None:
    folder = _model(tmp_path / "m")
    (folder / "config.json").write_text(json.dumps({"architectures": ["BertForSequenceClassification"]}))
    subjects = open_candidate(folder).candidate.subjects
    assert Subject.CLASSIFIER in subjects
    assert not {Subject.CAUSAL_LM, Subject.UNTOLD_MODEL} & set(subjects)


@pytest.mark.parametrize("kind", [Subject.CAUSAL_LM, Subject.CLASSIFIER])
def test_what_is_served_is_declared_without_its_address(tmp_path: Path, kind: Subject) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n3,4\n")
    entry = '[[artefact]]\nrole = "train-data"\npath = "rows.csv"\ncomponent = "evidence-only"\n'
    (tmp_path / "weighbridge.toml").write_text(f'name = "c"\nserved = "{kind.value}"\n{entry}')
    candidate = open_candidate(tmp_path).candidate
    assert kind in candidate.subjects
    assert candidate.components == (Component.WEIGHTS,)
    (tmp_path / "weighbridge.toml").write_text(f'name = "c"\nserved = "table"\n{entry}')
    with pytest.raises(Faulty, match="served"):
        open_candidate(tmp_path)


def test_a_tokenizer_may_come_without_its_model(tmp_path: Path) -> None:
    folder = _model(tmp_path / "m")
    assert open_candidate(folder).tokenizer_folder() == folder
    (folder / "tokenizer.json").unlink()
    assert open_candidate(folder).tokenizer_folder() is None


def _wide(n: int) -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [n, 2], "data_offsets": [0, 8 * n]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(8 * n)


def test_the_number_of_parameters_is_read_from_the_heads_of_the_weights(tmp_path: Path) -> None:
    folder = _model(tmp_path / "m")
    (folder / "model.safetensors").write_bytes(_wide(700))
    facts = open_candidate(folder).candidate.replication
    assert facts is not None
    assert facts.parameters == 1400
    (folder / "model.safetensors").write_bytes(_wide(700)[:-1])  # damaged: told when it is weighed
    assert open_candidate(folder).candidate.replication is None
    (folder / "model.safetensors").write_bytes(_wide(700))
    (folder / "adapter_config.json").write_text("{}")
    assert open_candidate(folder).candidate.replication is None


def test_facts_are_no_part_of_the_reading(tmp_path: Path) -> None:
    folder = _model(tmp_path / "m")
    text = 'name = "c"\n[[artefact]]\nrole = "weights"\npath = "model.safetensors"\n'
    (folder / "weighbridge.toml").write_text(text)
    bare = open_candidate(folder).candidate
    (folder / "weighbridge.toml").write_text(text + "[replication]\nparameters = 1.5e9\n")
    told = open_candidate(folder).candidate
    assert told.replication is not None
    assert (told.reading, told.digest) == (bare.reading, bare.digest)
