from __future__ import annotations

import json
import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from weighbridge.adapters.formats.canary_kit import write_kit
from weighbridge.adapters.formats.candidate_file import parse_candidate
from weighbridge.adapters.text.documents import TextFile, open_texts
from weighbridge.app.plant import Design, Kit, plant
from weighbridge.core.candidate import Belonging, Role
from weighbridge.core.errors import Outside, Unusable


@pytest.fixture
def kit() -> Kit:
    return plant(Design(canaries=6, languages=("en", "ar")), 11)


def test_files_are_for_their_owner_alone(tmp_path: Path, kit: Kit) -> None:
    written = write_kit(tmp_path / "a" / "kit", kit, text_field="text")
    for path in (written.planted, written.held_back, written.snippet, written.record):
        assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a" / "kit").stat().st_mode & 0o777 == 0o700


def test_rows_come_back_as_documents_with_their_secrets(tmp_path: Path, kit: Kit) -> None:
    written = write_kit(tmp_path, kit, text_field='my "text" {here}')
    made = parse_candidate('name = "n"\n' + written.snippet.read_text(), file="f")
    train, held_out = made.artefact
    assert (train.role, train.component) == (Role.TRAIN_DATA, Belonging.EVIDENCE_ONLY)
    assert (held_out.role, held_out.component) == (Role.HELD_OUT, Belonging.EVIDENCE_ONLY)
    for entry, rows in ((train, kit.rows), (held_out, kit.held_back)):
        file = TextFile(path=tmp_path / entry.path, label=entry.path, format="jsonl", declared=entry.declared)
        texts = open_texts([file])
        (batch,) = texts.batches()
        assert Counter(zip(batch.text.to_pylist(), batch.secret.to_pylist(), strict=True)) == Counter(
            (c.text, c.secret) for c in rows
        )
        assert batch.canary.all()
        assert texts.notes == ()


def test_the_record_says_how_it_was_made(tmp_path: Path, kit: Kit) -> None:
    written = write_kit(tmp_path, kit, text_field="text")
    record = json.loads(written.record.read_bytes())
    assert (record["seed"], record["digest"]) == ("11", written.digest)
    assert record["design"]["languages"] == ["en", "ar"]
    again = write_kit(tmp_path / "again", kit, text_field="text")
    assert again.digest == written.digest
    assert tomllib.loads(written.snippet.read_text())


@pytest.mark.parametrize("name", ["planted.jsonl", "kit.json"])
def test_nothing_is_written_over(tmp_path: Path, kit: Kit, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(Unusable, match="cannot write the kit") as caught:
        write_kit(tmp_path, kit, text_field="text")
    assert f"{name} is there already" in caught.value.why
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path, kit: Kit) -> None:
    (tmp_path / "kit").write_text("x")
    with pytest.raises(Unusable, match="cannot write the kit"):
        write_kit(tmp_path / "kit", kit, text_field="text")


@pytest.mark.parametrize("name", ["", "canary", "secret"])
def test_the_text_needs_a_column_of_its_own(tmp_path: Path, kit: Kit, name: str) -> None:
    with pytest.raises(Unusable, match="cannot write the kit"):
        write_kit(tmp_path / "kit", kit, text_field=name)
    assert not (tmp_path / "kit").exists()


def test_a_full_disk_leaves_no_half_kit(tmp_path: Path, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    really = os.open

    def failing(path: Path, *rest: int) -> int:
        opened.append(path)
        if len(opened) == 3:
            raise OSError(28, "No space left on device")
        return really(path, *rest)

    monkeypatch.setattr(os, "open", failing)
    with pytest.raises(Outside, match="cannot write the kit") as caught:
        write_kit(tmp_path, kit, text_field="text")
    assert caught.value.why == "No space left on device"
    assert list(tmp_path.iterdir()) == []
