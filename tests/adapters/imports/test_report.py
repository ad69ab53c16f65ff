from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.adapters.imports import garak, sacro_ml
from weighbridge.adapters.imports.report import TOOLS, read_report
from weighbridge.catalogue import find_imports
from weighbridge.core.errors import Outside, Unusable

ASSETS = Path(__file__).parents[2] / "assets" / "imports"


@pytest.mark.parametrize("file", sorted(ASSETS.glob("*.json*")), ids=lambda file: file.name)
def test_the_tool_is_told_by_what_it_wrote(file: Path) -> None:
    report = read_report(file)
    assert file.name.startswith(f"{report.tool}-{report.tool_version}-")
    assert report == read_report(file, report.tool)
    other = next(tool for tool in TOOLS if tool != report.tool)
    with pytest.raises(Unusable):
        read_report(file, other)


def test_what_is_of_no_known_tool_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"results": "Ilse Marker"}')
    with pytest.raises(Unusable, match="cannot import") as refused:
        read_report(file)
    assert refused.value.why == "it is no report of a tool that is known here"
    assert "Marker" not in str(refused.value)
    with pytest.raises(Outside):
        read_report(tmp_path / "missing")


def test_each_tool_has_its_card_and_its_reader() -> None:
    assert [card.slug for card in find_imports()] == [f"imported-{tool}" for tool in TOOLS]
    for reader, tool in ((garak, "garak"), (sacro_ml, "sacro-ml")):
        assert (tool, 1) == (reader.TOOL, reader.READER)
    assert [card.version for card in find_imports()] == [garak.READER, sacro_ml.READER]
