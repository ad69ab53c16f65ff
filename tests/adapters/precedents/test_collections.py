from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from weighbridge.adapters.precedents.collections import case_studies, incidents
from weighbridge.core.errors import Unusable

HEAD = "incident_id,date,title,description,deployers,developers,harmed_parties,url\n"
ROW = '7,2020-01-02,"A thing","It went, wrong",acme,maker,people,https://example.org\n'
STUDY = "id: AML.CS0001\nname: A study\nsummary: 'It was\n  shown.'\nincident-date: 2019-08-22\nactor: a lab\n"
DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", "../shared/data")) / "precedents"


def _file(folder: Path, text: str | bytes, name: str = "incidents.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_an_incident_keeps_its_licence(tmp_path: Path) -> None:
    (made,) = incidents(_file(tmp_path, HEAD + ROW))
    assert (made.slug, made.on, made.who, made.what) == ("aiid-7", "2020-01-02", "acme", "It went, wrong")
    assert (made.licence, made.collection) == ("CC-BY-SA-4.0", "aiid")
    assert "incident 7" in made.source[0].says
    assert incidents(_file(tmp_path, gzip.compress((HEAD + ROW).encode()))) == (made,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "no column incident_id"),
        (HEAD, "holds none"),
        (HEAD + ROW + ROW, "one number"),
        (HEAD + ROW.replace("7,", "x,"), "no table"),
        (HEAD + ROW.replace("2020-01-02", "yesterday"), "no table"),
        (b"\xff\xfe\x00", "no table"),
        (b"\x1f\x8b\x08broken", "damaged"),
        ("", "no column"),
    ],
)
def test_what_is_no_table_of_incidents_is_refused(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        incidents(_file(tmp_path, text))


def test_a_table_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="more than"):
        incidents(_file(tmp_path, gzip.compress(b"\0" * (65 << 20), compresslevel=1)))
    with pytest.raises(Unusable, match="No such file"):
        incidents(tmp_path / "none.csv")


def test_a_case_study(tmp_path: Path) -> None:
    _file(tmp_path, STUDY, "AML.CS0001.yaml")
    _file(tmp_path, "not: one", "readme.yaml")
    (made,) = case_studies(tmp_path)
    assert (made.slug, made.on, made.who, made.what) == ("atlas-aml-cs0001", "2019-08-22", "a lab", "It was shown.")
    assert (made.licence, made.collection) == ("Apache-2.0", "atlas")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: *x\n", "plain values"),
        ("!!python/object/apply:os.system [id]", "plain values"),
        ("- 1\n", "plain values"),
        ("[" * 5000, "plain values"),
        (STUDY.replace("name:", "nome:"), "no case study"),
        (STUDY.replace("AML.CS0001", "X"), "no case study"),
        ("x" * (2 << 20), "more than"),
    ],
)
def test_what_is_no_case_study_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        case_studies(_file(tmp_path, text, "AML.CS0001.yaml"))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="holds none"):
        case_studies(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason="the collections lie below WEIGHBRIDGE_DATA, which is not there")
def test_the_real_collections() -> None:
    assert len(incidents(DATA / "aiid" / "incidents.csv.gz")) > 900
    assert len(case_studies(DATA / "atlas" / "case-studies")) == 57
