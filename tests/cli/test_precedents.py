from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge


def test_lists_finds_and_shows(weighbridge: Weighbridge) -> None:
    code, out, _err = weighbridge("precedents")
    assert (code, out) == (0, weighbridge("precedents", "--all")[1])
    assert len(out.splitlines()) >= 30
    code, out, _err = weighbridge("precedents", "heat", "map", "--most", "1")
    assert (code, "strava-heat-map" in out, "turned out the other way" in out) == (0, True, True)
    code, out, _err = weighbridge("precedents", "--show", "strava-heat-map", "--format", "json")
    assert (code, json.loads(out)["slug"]) == (0, "strava-heat-map")
    code, _out, err = weighbridge("precedents", "--show", "strava-heatmap")
    assert (code, "did you mean" in err) == (2, True)


def test_takes_in_a_copy(weighbridge: Weighbridge, tmp_path: Path) -> None:
    (tmp_path / "incidents.csv").write_text(
        "incident_id,date,title,description,deployers,developers,harmed_parties\n1,2020-01-01,Zyxquorble,it,a,b,c\n"
    )
    home = ("--home", tmp_path / "home")
    code, out, err = weighbridge("precedents", "--import", "aiid", tmp_path / "incidents.csv", *home)
    assert (code, out, "1 precedent taken in" in err) == (0, "", True)
    assert "aiid-1" in weighbridge("precedents", "zyxquorble", *home)[1]
    code, _out, err = weighbridge("precedents", "--import", "atlas", tmp_path, *home)
    assert (code, "cannot take precedents" in err) == (2, True)


def test_nearest_to_a_candidate(weighbridge: Weighbridge, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3,4\n")
    code, out, _err = weighbridge("precedents", "--near", tmp_path, "--home", tmp_path / "home")
    assert (code, "Nearest" in out) == (0, True)
    assert weighbridge("precedents", "--near", tmp_path / "none")[0] == 2
