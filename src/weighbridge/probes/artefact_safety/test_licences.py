"""Licences told by their texts, what files say of them, and which stand against which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.candidate import Base, Candidate, Claims, Subject
from weighbridge.core.evidence import Measured
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.artefact_safety.conflicts import RULES, conflict
from weighbridge.probes.artefact_safety.licences import CLOSED, LICENCES, UNKNOWN, named, recognised
from weighbridge.probes.artefact_safety.probe import Settings, measure
from weighbridge.probes.artefact_safety.statements import Place, statements_in

MIT = """MIT License

Copyright (c) 2020 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.
"""
BSD3 = """Copyright (c) 2020, Somebody. All rights reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:
 * Neither the name of the copyright holder nor the names of its contributors may be used.
"""
TEXTS = {
    "MIT": MIT,
    "BSD-3-Clause": BSD3,
    "BSD-2-Clause": BSD3.rpartition(" * ")[0],
    "Apache-2.0": "                Apache License\n          Version 2.0, January 2004\n   http://www.apache.org/licenses/",
    "GPL-3.0": "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007\n see the GNU Affero General Public License",
    "GPL-2.0": "GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991\n",
    "AGPL-3.0": "GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007\n",
    "LGPL-3.0": "GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007\n",
    "LGPL-2.1": "GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1, February 1999\n",
    "MPL-2.0": "Mozilla Public License Version 2.0\n",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International Public License\n",
    "CC-BY-SA-3.0": "Creative Commons Legal Code\nAttribution-ShareAlike 3.0 Unported\n",
    "CC-BY-NC-4.0": "Creative Commons Attribution-NonCommercial 4.0 International Public License",
    "CC-BY-NC-SA-4.0": "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International",
    "CC-BY-NC-ND-4.0": "This data is under https://creativecommons.org/licenses/by-nc-nd/4.0/ only.",
    "CC-BY-ND-4.0": "Creative Commons Attribution-NoDerivatives 4.0 International",
    "CC0-1.0": "Creative Commons Legal Code\n\nCC0 1.0 Universal\n",
    "CreativeML-OpenRAIL-M": "CreativeML OpenRAIL-M\ndated August 22, 2022\n",
    "BigScience-BLOOM-RAIL-1.0": "BigScience RAIL License v1.0\n",
    "Llama-2": "LLAMA 2 COMMUNITY LICENSE AGREEMENT\n",
    "Llama-3.1": "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n",
    "Llama-3": "META LLAMA 3 COMMUNITY LICENSE AGREEMENT\n",
    "Gemma": "Gemma Terms of Use\n",
    "ODbL-1.0": "## ODC Open Database License (ODbL)\n",
    "PDDL-1.0": "Open Data Commons - Public Domain Dedication & License (PDDL)",
    "Unlicense": "This is free and unencumbered software released into the public domain.",
    "ISC": "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby "
    "granted, provided that the above copyright notice and this permission notice appear in all copies.",
    CLOSED: "Copyright 2020 Somebody Ltd. All rights reserved.",
    UNKNOWN: "You may look at this on Tuesdays.",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_recognised(name: str) -> None:
    assert recognised(TEXTS[name]) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("apache-2.0", "Apache-2.0"), ("Apache 2.0", "Apache-2.0"), ("mit", "MIT"), ("MIT License", "MIT"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"), ("CC BY-SA 4.0", "CC-BY-SA-4.0"), ("cc0-1.0", "CC0-1.0"), ("gpl-3.0", "GPL-3.0"),
        ("openrail", "OpenRAIL"), ("creativeml-openrail-m", "CreativeML-OpenRAIL-M"), ("llama3.1", "Llama-3.1"),
        ("bigscience-bloom-rail-1.0", "BigScience-BLOOM-RAIL-1.0"), ("gemma", "Gemma"), ("other", UNKNOWN), ("", UNKNOWN),
    ],
)  # fmt: skip
def test_names_are_understood(written: str, name: str) -> None:
    assert named(written) == name


@pytest.mark.parametrize("name", LICENCES)
def test_every_licence_goes_with_itself(name: str) -> None:
    assert named(name) == name
    assert conflict(name, name) is None
    assert conflict(name, name, is_base=True) is None


@pytest.mark.parametrize(
    ("part", "whole", "rule"),
    [
        ("CC-BY-NC-4.0", "Apache-2.0", "non-commercial"),
        ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", "non-commercial"),
        ("CC-BY-ND-4.0", "CC-BY-4.0", "no-derivatives"),
        ("CC-BY-SA-4.0", "MIT", "same-licence"),
        ("CC-BY-SA-4.0", "CC-BY-4.0", "same-licence"),
        ("CC-BY-SA-4.0", "CC-BY-SA-3.0", "same-licence"),
        ("ODbL-1.0", "CC-BY-4.0", "same-licence"),
        ("GPL-3.0", "Apache-2.0", "same-licence"),
        ("GPL-3.0-only", "GPL-2.0", "same-licence"),
        ("GPL-2.0-only", "GPL-3.0", "same-licence"),
        ("AGPL-3.0", "GPL-3.0", "same-licence"),
        ("CreativeML-OpenRAIL-M", "MIT", "terms-of-use"),
        ("Llama-2", "Apache-2.0", "terms-of-use"),
        ("Gemma", "CC-BY-4.0", "terms-of-use"),
        (CLOSED, "MIT", "closed"),
        ("CC-BY-4.0", "CC0-1.0", "credit"),
        ("MIT", "Unlicense", "credit"),
        ("Apache-2.0", "GPL-2.0-only", "patents"),
        ("Apache-2.0 AND CC-BY-NC-4.0", "MIT", "non-commercial"),
        ("GPL-3.0", "MIT OR Apache-2.0", "same-licence"),
    ],
)
def test_what_does_not_go_together(part: str, whole: str, rule: str) -> None:
    assert conflict(part, whole) == rule


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("MIT", "Apache-2.0"), ("MIT", "GPL-3.0"), ("BSD-3-Clause", "CC-BY-NC-4.0"), ("CC0-1.0", "Apache-2.0"),
        ("GPL-2.0", "GPL-3.0"), ("GPL-2.0-or-later", "AGPL-3.0"), ("GPL-3.0", "AGPL-3.0"), ("CC-BY-SA-3.0", "CC-BY-SA-4.0"),
        ("CC-BY-SA-4.0", "GPL-3.0"), ("CC-BY-4.0", "MIT"), ("MPL-2.0", "Apache-2.0"), ("LGPL-3.0", "MIT"),
        ("OpenRAIL", "CreativeML-OpenRAIL-M"), ("Llama-2", "Llama-3.1"), ("Apache-2.0", "GPL-3.0"),
        ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"), ("MIT OR GPL-3.0", "Apache-2.0"), ("GPL-3.0", "Apache-2.0 AND GPL-3.0"),
        ("GPL-3.0 WITH GCC-exception-3.1", "GPL-3.0"), (UNKNOWN, "MIT"), ("MIT", "something of our own"),
    ],
)  # fmt: skip
def test_what_goes_together(part: str, whole: str) -> None:
    assert conflict(part, whole) is None


def test_a_base_keeps_its_own_licence() -> None:
    assert conflict("MPL-2.0", "Apache-2.0", is_base=True) == "file-copyleft-base"
    assert conflict("Apache-2.0", "MIT", is_base=True) is None


def test_every_rule_names_its_source() -> None:
    assert all(rule.source for rule in RULES)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_compared(part: str, whole: str) -> None:
    assert recognised(part)
    assert conflict(part, whole) is None or whole


CARD = "---\nlanguage: en\nlicense: {}\n---\n# x\n"


@pytest.mark.parametrize(
    ("label", "format_", "text", "expected"),
    [
        ("LICENSE", "text", MIT, [("MIT", 1, Place.FILE)]),
        ("sub/LICENSE.md", "markdown", "hello", [(UNKNOWN, 1, Place.FILE)]),
        ("COPYING", "text", TEXTS["GPL-3.0"], [("GPL-3.0", 1, Place.FILE)]),
        ("LICENSE-MIT", "text", MIT, [("MIT", 1, Place.FILE)]),
        ("UNLICENSE", "text", TEXTS["Unlicense"], [("Unlicense", 1, Place.FILE)]),
        ("README.md", "markdown", CARD.format("mit"), [("MIT", 3, Place.CARD)]),
        ("README.md", "markdown", CARD.format('"cc-by-nc-4.0"  # why'), [("CC-BY-NC-4.0", 3, Place.CARD)]),
        ("README.md", "markdown", CARD.format("\n- mit\n- cc-by-4.0"), [("MIT AND CC-BY-4.0", 3, Place.CARD)]),
        ("README.md", "markdown", CARD.format("[mit, apache-2.0]"), [("MIT AND Apache-2.0", 3, Place.CARD)]),
        ("README.md", "markdown", CARD.format("other"), [(UNKNOWN, 3, Place.CARD)]),
        ("README.md", "markdown", "# x\n\nlicense: mit is what we like\n", []),
        ("sub/README.md", "markdown", CARD.format("mit"), [("MIT", 3, Place.NOTICE)]),
        ("package.json", "json", '{\n  "name": "x",\n  "license": "ISC"\n}', [("ISC", 3, Place.SETTINGS)]),
        ("deep.json", "json", '{\n  "packages": [\n        {"license": "GPL-3.0"}]}', []),
        ("pyproject.toml", "toml", '[project]\nlicense = "Apache-2.0"\n', [("Apache-2.0", 2, Place.SETTINGS)]),
        ("old.toml", "toml", '[project]\nlicense = {text = "MIT"}\n', [("MIT", 2, Place.SETTINGS)]),
        ("CITATION.cff", "yaml", "title: x\nlicense: CC-BY-4.0\n", [("CC-BY-4.0", 2, Place.SETTINGS)]),
        ("a.py", "python", "# SPDX-License-Identifier: GPL-2.0-or-later\n", [("GPL-2.0-or-later", 1, Place.NOTICE)]),
        ("a.c", "text", "/* SPDX-License-Identifier: MIT OR Apache-2.0 */\n", [("MIT OR Apache-2.0", 1, Place.NOTICE)]),
        ("licences.py", "python", "x = 1\n", []),
        ("license_plates.csv", "csv", "a,b\n", []),
    ],
)
def test_what_files_say(label: str, format_: str, text: str, expected: list[tuple[str, int, Place]]) -> None:
    assert [(s.licence, s.line, s.place) for s in statements_in(label, format_, text)] == expected


def weigh(files: dict[str, str], *, claim: str = "", base: Base | None = None) -> tuple[Measured, float]:
    claims = Claims(licence=claim)
    candidate = Candidate(name="t", version="1", artefacts=(), subjects=(Subject.BYTES,), claims=claims, base=base)
    bench = MemoryBench(candidate=candidate, files={label: text.encode() for label, text in files.items()})
    outcome = measure(bench, Settings())
    assert isinstance(outcome, Measured)
    quantity = next(q for q in outcome.quantities if q.metric == "licence-conflicts")
    assert quantity.low == quantity.value == quantity.high
    return outcome, quantity.value


@pytest.mark.parametrize(
    ("files", "claim", "base", "conflicts"),
    [
        ({"LICENSE": MIT}, "Apache-2.0", "", 0),
        ({"LICENSE": TEXTS["CC-BY-NC-4.0"]}, "Apache-2.0", "", 1),
        ({"data/LICENSE": TEXTS["CC-BY-NC-4.0"], "code/LICENSE": TEXTS["GPL-3.0"]}, "Apache-2.0", "", 2),
        ({"README.md": CARD.format("mit")}, "Apache-2.0", "", 1),
        ({"README.md": CARD.format("apache-2.0")}, "Apache-2.0", "", 0),
        ({"README.md": CARD.format("mit"), "LICENSE": TEXTS["GPL-3.0"]}, "", "", 1),
        ({"LICENSE": MIT, "data/LICENSE": TEXTS["CC-BY-SA-3.0"]}, "", "", 1),
        ({"LICENSE": MIT}, "", "", 0),
        ({"x.csv": "a,b\n1,2\n"}, "", "", 0),
        ({"x.csv": "a,b\n1,2\n"}, "MIT", "creativeml-openrail-m", 1),
        ({"x.csv": "a,b\n1,2\n"}, "MIT", "apache-2.0", 0),
        ({"x.csv": "a,b\n1,2\n"}, "llama2", "llama2", 0),
        ({"x.csv": "a,b\n1,2\n"}, "Apache-2.0", "llama3.1", 1),
        ({"LICENSE": TEXTS["CC-BY-NC-4.0"]}, "our own terms", "", 0),
        ({"LICENSE": TEXTS[UNKNOWN]}, "MIT", "", 0),
    ],
)
def test_conflicts_are_counted(files: dict[str, str], claim: str, base: str, conflicts: int) -> None:
    _, value = weigh(files, claim=claim, base=Base(name="the base", licence=base) if base else None)
    assert value == conflicts


def _notes(measured: Measured) -> str:
    return "\n".join(str(note) for note in measured.notes)


def test_what_is_not_settled_is_said() -> None:
    assert "no licence is claimed" in _notes(weigh({"x.csv": "a,b\n"})[0])
    assert "is not one we know" in _notes(weigh({"x.csv": "a,b\n"}, claim="our own")[0])
    assert "1 licence statements name no licence" in _notes(weigh({"LICENSE": "hello"}, claim="MIT")[0])
    assert "is not stated" in _notes(weigh({"x.csv": "a,b\n"}, claim="MIT", base=Base(name="b"))[0])
    assert "is not one we know" in _notes(weigh({"x.csv": "a\n"}, claim="MIT", base=Base(name="b", licence="x"))[0])


def test_a_conflict_names_both_sides_and_the_rule() -> None:
    measured, _ = weigh({"data/LICENSE": TEXTS["CC-BY-NC-4.0"]}, claim="apache-2.0")
    assert "data/LICENSE says CC-BY-NC-4.0, the whole is under Apache-2.0" in _notes(measured)
    assert "non-commercial" in _notes(measured)
