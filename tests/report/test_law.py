from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from weighbridge.app.cite import cite
from weighbridge.catalogue import find_packs
from weighbridge.core.candidate import Base, Candidate, Said, Subject, Triage
from weighbridge.report.law import beside_the_law, packs_told, readings_plain, readings_told

TOY = Candidate(
    name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,), triage=Triage(generates=Said.YES),
    base=Base(name="b", licence="CC-BY-ND-4.0"),
)  # fmt: skip


def test_every_pack_says_what_it_is_not() -> None:
    assert "\n".join(packs_told(find_packs())).count("Not legal advice") == len(find_packs())


def test_what_applies_is_told_with_its_article() -> None:
    told = "\n".join(readings_told(cite(find_packs(), TOY, date(2026, 12, 1)), "my model", {"legal"}))
    assert "forbids it as it is" in told
    assert "[CC BY-ND 4.0, section 2(a)(1)(B)" in told
    assert "cannot tell, since" in told
    assert "lawful opens nothing" in told


def test_commands_name_the_path_and_what_is_asked_there() -> None:
    faces = replace(TOY, triage=replace(TOY.triage, about_people=Said.YES, identifies=Said.YES))
    readings = cite(find_packs(), faces, date(2026, 12, 1))
    told = "\n".join(readings_told(readings, "my model", {"legal", "data-origin"}))
    assert "weighbridge ask 'my model' --only legal" in told
    assert "weighbridge ask 'my model' --only data-origin" in told
    without = "\n".join(readings_told(readings, "my model", ()))
    assert "--only" not in without
    assert "DIR" not in told + without


def test_a_stale_pack_is_told_and_judges_nothing() -> None:
    readings = cite(find_packs(), TOY, date(2040, 1, 1))
    told = "\n".join(readings_told(readings, "m", ()))
    assert ("out of date since" in told, "forbids" in told) == (True, False)
    assert "on that day it forbade it as it is: The base may be passed on" in told
    assert sum("not judged" in line for line in beside_the_law(readings)) == len(readings)
    assert any("on its last day it forbade this" in line for line in beside_the_law(readings))


def test_what_forbids_stands_beside_the_question() -> None:
    (line,) = beside_the_law(cite(find_packs(), TOY, date(2026, 12, 1)))
    assert line.startswith("licences: ")
    hostile = replace(find_packs()[0], title="a\x1b[2Jb", notice="n\u202e")
    assert not {"\x1b", "\u202e"} & set("".join(packs_told([hostile])))


def test_programs_get_the_same() -> None:
    rows = json.loads(json.dumps(readings_plain(cite(find_packs(), TOY, date(2026, 12, 1)))))
    assert {row["pack"] for row in rows} == {"licences", "eu-ai-act"}
    assert {p["applies"] for row in rows for p in row["provisions"]} == {"yes", "no", "unknown"}
