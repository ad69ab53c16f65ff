"""No form, name or role makes data about people look clean."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Weighbridge

DRAW = random.Random(0)
ROWS = [
    (DRAW.randint(18, 90), DRAW.choice("FM"), DRAW.choice(["North", "South"]), f"+49151{DRAW.randint(10**6, 10**7)}")
    for _ in range(300)
]
CSV = "\n".join(["age,sex,district,phone", *(",".join(map(str, row)) for row in ROWS)]) + "\n"
TRIAGE = (
    '[triage]\nabout_people = "yes"\nprivate = "no"\nharm = "no"\ngenerates = "no"\nidentifies = "no"\nlanguages = ["en"]\n'
    'answered_by = "R."\n'
)


def _sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE register (age, sex, district, phone)")
        connection.executemany("INSERT INTO register VALUES (?, ?, ?, ?)", ROWS)
    connection.close()


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("register.csv", CSV)


FORMS: dict[str, Callable[[Path], object]] = {
    "register.csv": lambda path: path.write_text(CSV),
    "register.csv.gz": lambda path: path.write_bytes(gzip.compress(CSV.encode())),
    "register.csv.gz.gz": lambda path: path.write_bytes(gzip.compress(gzip.compress(CSV.encode()))),
    "register.zip": _zip,
    "register.sqlite": _sqlite,
    "register.json": lambda path: path.write_text(
        json.dumps([dict(zip(("age", "sex", "phone"), r, strict=False)) for r in ROWS])
    ),
    "register.txt": lambda path: path.write_text("\n".join(f"{r[0]} years, {r[1]}, call {r[3]}" for r in ROWS)),
    "datasheet.csv": lambda path: path.write_text(CSV),
    "README_people.csv": lambda path: path.write_text(CSV),
    "LICENSES.csv": lambda path: path.write_text(CSV),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("role", ["data", "samples", "card", ""])
def test_a_register_is_never_cleared(weighbridge: Weighbridge, tmp_path: Path, form: str, role: str) -> None:
    if role == "card" and not form.endswith(("csv", "csv.gz")):
        pytest.skip("a card of another form is looked at by artefact-safety alone")
    folder = tmp_path / "c"
    folder.mkdir()
    FORMS[form](folder / form)
    if role:
        entry = f'[[artefact]]\nrole = "{role}"\npath = "{form}"\n'
    else:
        weighbridge("init", folder)
        entry = "[[artefact]]" + (folder / "weighbridge.toml").read_text().split("[[artefact]]", 1)[1]
    (folder / "weighbridge.toml").write_text(f'name = "c"\n{TRIAGE}{entry}')
    _code, out, _err = weighbridge("weigh", folder, "--format", "json")
    standings = json.loads(out)["recommendation"]["components"]
    assert standings
    assert not any({"gated", "licensed", "open"} & set(standing["cleared"]) for standing in standings.values()), (
        standings
    )
