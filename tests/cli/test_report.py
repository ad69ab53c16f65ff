from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge


def test_writes_page_markdown_and_json(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    _code, weighed, _err = weighbridge("weigh", people, "--format", "json")
    code, out, _err = weighbridge("report", people)
    page = Path(out.strip())
    assert (code, page.name) == (0, "report.html")
    assert page.is_relative_to(tmp_path / "home")
    assert "</html>" in page.read_text()
    assert page.with_name("report.md").read_text().startswith("#")
    assert json.loads(page.with_name("weighing.json").read_text()) == json.loads(weighed)


def test_writes_where_it_is_told(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    weighbridge("weigh", people)
    assert weighbridge("report", people, "-o", tmp_path / "out")[1].strip() == str(tmp_path / "out" / "report.html")


def test_reports_nothing_that_was_not_weighed(weighbridge: Weighbridge, people: Path) -> None:
    assert weighbridge("report", people)[0] == 3


def test_a_hostile_name_leaves_no_folder(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    (people / "weighbridge.toml").write_text(
        'name = "../../x"\nversion = ".."\n[[artefact]]\nrole = "data"\npath = "register.csv"\n'
    )
    weighbridge("weigh", people)
    page = Path(weighbridge("report", people)[1].strip())
    assert page.resolve().is_relative_to(tmp_path / "home")
