from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.core.errors import Unusable
from weighbridge.recalling import Sought, all_precedents, precedent_named, recall_path, take_in

TABLE = "age,sex,village\n" + "30,f,North\n" * 20
CANDIDATE = """
name = "movement map"
version = "1"
purpose = "a heat map of where runners were"
[triage]
about_people = "yes"
harm = "yes"
private = "yes"
generates = "no"
identifies = "yes"
[[artefact]]
role = "data"
path = "people.csv"
"""


def _candidate(folder: Path) -> Path:
    (folder / "people.csv").write_text(TABLE)
    (folder / "weighbridge.toml").write_text(CANDIDATE)
    return folder


def test_a_candidate_finds_the_case_that_is_like_it(tmp_path: Path) -> None:
    found = recall_path(Sought(near=_candidate(tmp_path), home=tmp_path / "home"))
    assert found.nearest[0].precedent.slug == "strava-heat-map"
    assert found.opposite is not None
    assert found.opposite.precedent.turned.value == "no-known-harm"


def test_what_was_taken_in_is_found_beside_ours(tmp_path: Path) -> None:
    table = tmp_path / "incidents.csv"
    table.write_text(
        "incident_id,date,title,description,deployers,developers,harmed_parties\n1,2020-01-01,Zyxquorble,it,a,b,c\n"
    )
    n, path = take_in("aiid", table, tmp_path / "home")
    assert (n, path.is_file()) == (1, True)
    assert recall_path(Sought(words="zyxquorble", home=tmp_path / "home")).nearest[0].precedent.slug == "aiid-1"
    assert precedent_named("aiid-1", tmp_path / "home").collection == "aiid"
    assert len(all_precedents(tmp_path / "home")) == len(all_precedents(tmp_path / "other")) + 1


def test_an_unknown_one_is_told_with_its_neighbour(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="did you mean 'strava-heat-map'"):
        precedent_named("strava-heatmap", tmp_path)
