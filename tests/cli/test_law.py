from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge

PACK = """
title = "House rules"
jurisdiction = "our house"
text = "the handbook"
checked = "2026-01-01"
expires = "2999-01-01"
notice = "Not legal advice."
[[provision]]
slug = "no-people"
says = "Nothing about people leaves."
rests_on = "Handbook, page 3"
bearing = "forbids"
when = { about-people = ["yes"] }
"""


def test_lists_and_reads_packs(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    code, out, _err = weighbridge("law")
    assert (code, "eu-ai-act" in out, "judges until" in out) == (0, True, True)
    assert {pack["slug"] for pack in json.loads(weighbridge("law", "--format", "json")[1])} == {"licences", "eu-ai-act"}
    (tmp_path / "house.toml").write_text(PACK)
    code, out, _err = weighbridge("law", people, "--pack", tmp_path / "house.toml")
    assert (code, "cannot tell, since about-people is not known: Nothing about people leaves." in out) == (0, True)
    rows = json.loads(weighbridge("law", people, "--pack", tmp_path / "house.toml", "--format", "json")[1])
    assert [row["pack"] for row in rows] == ["eu-ai-act", "licences", "house"]


def test_a_pack_with_faults_is_told(weighbridge: Weighbridge, tmp_path: Path) -> None:
    for text, why in (
        (PACK.replace("2999-01-01", "1999-01-01"), "expires before"),
        (PACK.replace("about-people =", "about-peple ="), "did you mean 'about-people'"),
        (PACK.replace("forbids", "allows"), "is not known"),
        ("[", "is not TOML"),
    ):
        (tmp_path / "house.toml").write_text(text)
        code, _out, err = weighbridge("law", "--pack", tmp_path / "house.toml")
        assert (code, why in err) == (2, True), err
    assert weighbridge("law", "--pack", tmp_path / "none.toml")[0] == 2
