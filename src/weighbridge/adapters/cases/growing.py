"""A case becomes a folder: its candidate file, and every file that the case tells of."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

from weighbridge.adapters.cases.classifiers import write_classifier
from weighbridge.adapters.cases.language_models import write_language_model
from weighbridge.adapters.cases.tables import write_table
from weighbridge.adapters.formats.candidate_file import FILE_NAME
from weighbridge.core.candidate import Subject
from weighbridge.core.case import Case
from weighbridge.core.errors import Unusable
from weighbridge.core.material import Classifier, Gone, LanguageModel, Material, Table, Text
from weighbridge.core.wording import _


def grow(case: Case, folder: Path) -> None:
    """Write the candidate of a case into an empty folder.

    Raises
    ------
    Unusable
        Where a file cannot be made, such as a classifier without scikit-learn.
    """
    for material in case.materials:
        try:
            _write(material, folder, case.seed)
        except OSError as error:
            raise Unusable(
                _("cannot make {path} for the case").format(path=material.path),
                error.strerror or type(error).__name__,
                _("mend its path, or free some space below the folder for temporary files"),
            ) from error
    (folder / FILE_NAME).write_text(case.candidate, encoding="utf-8")


def _write(material: Material, folder: Path, seed: int) -> None:
    path = folder / material.path
    path.parent.mkdir(parents=True, exist_ok=True)
    match material:
        case Table():
            write_table(material, folder, seed)
        case Classifier():
            write_classifier(material, folder)
        case LanguageModel():
            write_language_model(material, folder, seed)
        case Text():
            path.write_text(material.says, encoding="utf-8")
        case Gone():
            _stand_in(material, path)


_ARCHITECTURES = {Subject.CAUSAL_LM: "GPT2LMHeadModel", Subject.CLASSIFIER: "BertForSequenceClassification"}


def _stand_in(gone: Gone, path: Path) -> None:
    """A file by which the door tells what was there, and in which nothing is."""
    if gone.subject in _ARCHITECTURES:
        path.mkdir(parents=True, exist_ok=True)
        (path / "config.json").write_text(json.dumps({"architectures": [_ARCHITECTURES[gone.subject]]}))
        (path / "model.safetensors").write_bytes(_empty_tensors())
    elif gone.subject is Subject.UNTOLD_MODEL:
        path.write_bytes(_empty_tensors())
    elif gone.subject is Subject.TABLE:
        path.write_text("gone,row\nyes,1\nyes,2\n", encoding="utf-8")
    elif gone.subject is Subject.UNREAD_DATA:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo("gone"), b"")
    else:
        path.write_text(f"In place of {gone.path}, which is gone.\n", encoding="utf-8")


def _empty_tensors() -> bytes:
    """A safetensors file with one number in it."""
    head = json.dumps({"gone": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + b"\0\0\0\0"
