from __future__ import annotations

import json
from dataclasses import replace

from weighbridge.app.recall import recall
from weighbridge.catalogue import find_precedents
from weighbridge.core.candidate import Said
from weighbridge.core.precedent import Traits
from weighbridge.report.precedents import render_list, render_precedent, render_recalled

SHELF = find_precedents()
STRAVA = next(p for p in SHELF if p.slug == "strava-heat-map")


def test_all_are_told_a_line_each() -> None:
    lines = render_list(SHELF, style="table").splitlines()
    assert len(lines) == len(SHELF)
    assert any("others had as good in 189 days" in line for line in lines)
    assert len(json.loads(render_list(SHELF, style="json"))) == len(SHELF)


def test_one_is_told_whole() -> None:
    told = render_precedent(STRAVA, style="table")
    for text in (STRAVA.title, STRAVA.who, STRAVA.what, *STRAVA.reasons, *STRAVA.evidence, STRAVA.after):
        assert text in told
    assert all(source.says in told for source in STRAVA.source)
    assert "Apache-2.0" in told
    assert json.loads(render_precedent(STRAVA, style="json"))["slug"] == "strava-heat-map"


def test_the_nearest_are_told_with_the_opposite() -> None:
    found = recall(SHELF, {}, Traits(harm=Said.YES, private=Said.YES), most=2)
    told = render_recalled(found, style="table")
    assert "agrees in 2 of 2 known traits" in told
    assert "turned out the other way" in told
    document = json.loads(render_recalled(found, style="json"))
    assert (len(document["nearest"]), document["opposite"]["precedent"]["turned"]) == (2, "no-known-harm")
    assert "No precedent has any of these words" in render_recalled(recall((), {}, None, most=1), style="table")
    assert json.loads(render_recalled(recall((), {}, None, most=1), style="json")) == {"nearest": [], "opposite": None}


def test_a_collection_cannot_disguise_its_text() -> None:
    hostile = replace(STRAVA, title="a\x1b[31m\u202eb", after="<script>\n\nweighbridge", who="\x07")
    for told in (render_precedent(hostile, style="table"), render_list([hostile], style="table")):
        assert not {"\x1b", "\u202e", "\x07"} & set(told)
