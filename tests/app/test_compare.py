from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.test_envelope import DECISION, FILE
from fakes.ledger import FakeLedger
from weighbridge.app.compare import Presented, There, Weighed, compare, terms_leave, weighed
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.passage import Result
from weighbridge.core.ports import Kind

LEAVES = There(label=FILE.label, digest=FILE.digest, size_bytes=FILE.size_bytes)
HELD = There(label="held.csv", digest=digest_of_bytes(b"h"), size_bytes=1)
DATA = replace(FILE, label="d.csv", digest=digest_of_bytes(b"d"), component=Component.DATA)
KNOWN = Weighed(
    evidence=(("held.csv", digest_of_bytes(b"h"), 1), ("base/config.json", digest_of_bytes(b"b"), 1), ("e", digest_of_bytes(b""), 0)),
)  # fmt: skip


def _extra(*files: There, known: Weighed = KNOWN, **more: Any) -> tuple[Result, str]:
    checks = compare((Component.WEIGHTS,), DECISION, Presented(files=(LEAVES, *files), **more), known)
    (check,) = [check for check in checks if check.name == "extra"]
    return check.result, str(check.says)


def test_evidence_stays_only_where_somebody_says_so_and_is_named() -> None:
    assert _extra(HELD) == (Result.REFUSED, "held.csv was weighed as evidence only and lies there (1 in all)")
    result, says = _extra(HELD, leaves_behind=True)
    assert (result, "(1): held.csv" in says) == (Result.PASSES, True)


def test_evidence_under_another_name_is_nobodys() -> None:
    """Whoever copies the rest by hand knows the evidence by its name."""
    renamed = replace(HELD, label="model.csv")
    assert _extra(renamed, leaves_behind=True)[0] is Result.REFUSED
    changed = replace(HELD, digest=digest_of_bytes(b"x"))
    assert _extra(changed, leaves_behind=True)[0] is Result.REFUSED


def test_what_was_not_read_is_not_the_empty_file_that_was_weighed() -> None:
    unread = There(label="e", digest=None, size_bytes=7)
    assert _extra(unread, leaves_behind=True)[0] is Result.REFUSED
    empty = There(label="e", digest=digest_of_bytes(b""), size_bytes=0)
    assert _extra(empty, leaves_behind=True)[0] is Result.PASSES


@pytest.mark.parametrize(
    ("label", "is_base"), [("llama/config.json", True), ("config.json", True), ("xconfig.json", False)]
)
def test_a_base_lies_where_its_owner_put_it(label: str, is_base: bool) -> None:
    file = There(label=label, digest=digest_of_bytes(b"b"), size_bytes=1)
    assert (_extra(file, leaves_behind=True)[0] is Result.PASSES) is is_base
    assert KNOWN.knows(label, 1) is is_base


def test_the_candidates_own_file_is_told_as_what_it_is() -> None:
    file = There(label="weighbridge.toml", digest=None, size_bytes=9)
    result, says = _extra(file, described=("weighbridge.toml",))
    assert (result, says.startswith("weighbridge.toml describes the candidate")) == (Result.REFUSED, True)
    assert _extra(file, described=("weighbridge.toml",), leaves_behind=True)[0] is Result.PASSES


def test_folders_that_were_not_looked_into_are_told() -> None:
    assert _extra(apart=(".git/",))[0] is Result.REFUSED
    assert ".git/" in _extra(apart=(".git/",), leaves_behind=True)[1]


def test_many_that_stay_behind_are_counted() -> None:
    held = [replace(HELD, label=f"{n}.csv") for n in range(9)]
    known = Weighed(evidence=tuple((f"{n}.csv", digest_of_bytes(b"h"), 1) for n in range(9)))
    _result, says = _extra(*held, known=known, leaves_behind=True)
    assert "(9)" in says
    assert says.endswith(", …")


def test_a_component_without_a_file_is_not_settled() -> None:
    checks = compare((Component.WEIGHTS, Component.DATA), DECISION, Presented(files=(LEAVES,)), KNOWN)
    assert [c.result for c in checks if c.name == "bytes"] == [Result.UNSETTLED]


def test_terms_count_only_where_they_leave_as_they_were_and_say_something() -> None:
    decision = replace(DECISION, released=(FILE, DATA))
    known = Weighed(terms=("m.onnx",))
    presented = Presented(files=(LEAVES,))
    assert terms_leave((Component.WEIGHTS,), decision, presented, known)
    assert not terms_leave((Component.DATA,), decision, presented, known)
    assert not terms_leave((Component.WEIGHTS,), decision, Presented(files=(replace(LEAVES, digest=None),)), known)
    empty = replace(decision, released=(replace(FILE, size_bytes=0),))
    assert not terms_leave((Component.WEIGHTS,), empty, presented, known)
    assert not terms_leave((Component.WEIGHTS,), decision, presented, Weighed())


def test_the_files_are_those_of_the_candidate_that_was_decided_on_as_it_was_declared() -> None:
    ledger = FakeLedger()
    row = {"label": "a", "digest": HELD.digest, "role": "held-out", "belongs": "evidence-only", "size_bytes": 1}
    terms = {"label": "LICENSE", "digest": HELD.digest, "role": "licence", "belongs": "weights", "size_bytes": 1}
    mine = {"digest": DECISION.candidate, "reading": DECISION.reading}
    ledger.append("c", Kind.CANDIDATE, {**mine, "artefacts": [row, terms]})
    ledger.append("c", Kind.CANDIDATE, {**mine, "reading": "other", "artefacts": []})
    assert weighed(DECISION, ledger) == Weighed(evidence=(("a", digest_of_bytes(b"h"), 1),), terms=("LICENSE",))
    assert weighed(replace(DECISION, candidate=digest_of_bytes(b"h")), ledger) == Weighed()
