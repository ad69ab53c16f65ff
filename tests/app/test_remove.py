from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.test_decide import CANDIDATE, DRAFT, _table
from fakes.ledger import FakeLedger
from weighbridge.app.remove import Honour, Request, Search, add, honour, removals, unhonoured
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Decision, Released, SignerRole
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.sought import Sought, normal

NAME = "Ada Lovelace"
REQUEST = Request(identifier=NAME, how="by letter", role=SignerRole.OWNER)
HONOUR = Honour(numbers=(1,), how="taken out", role=SignerRole.SECURITY)


def _released(label: str, component: Component = Component.DATA, version: int = 1) -> Released:
    return Released(
        label=label, digest=digest_of_bytes(f"{label} {version}".encode()), size_bytes=1, component=component
    )


DATA, PICTURES = _released("d.csv"), _released("d.zip")
WEIGHTS = _released("m.onnx", Component.WEIGHTS)


def _holding(**texts: str | None) -> Search:
    """A search over these texts, by label up to the dot; a file without one cannot be read."""

    def search(file: Released, wanted: Sequence[Sought]) -> frozenset[int] | None:
        text = texts.get(file.label.partition(".")[0], "" if file.label.endswith("csv") else None)
        return None if text is None else frozenset(n for n, one in enumerate(wanted) if one.stands_in(normal(text)))

    return search


CLEAN, DIRTY = _holding(), _holding(d="x, ada LOVELACE, y")


@pytest.fixture
def ledger() -> FakeLedger:
    made = FakeLedger()
    for name in ("c", "other"):
        made.append(name, Kind.CANDIDATE, {})
    return made


def _decision(*files: Released, rung: Rung = Rung.OPEN) -> Decision:
    plan = tuple((component.value, rung) for component in Component)
    decided: Decision = _table().decides(DRAFT)
    return replace(decided, released=files, plan=plan)


def _says(ledger: FakeLedger, search: Search, *files: Released, rung: Rung = Rung.OPEN) -> list[str]:
    return [str(says) for says in unhonoured(_decision(*files, rung=rung), (), search, ledger)]


def _honours(ledger: FakeLedger, number: int, search: Search, *files: Released, namesake: bool = False) -> None:
    honour("c", replace(HONOUR, numbers=(number,), namesake=namesake), files, search, ledger)


def test_the_chain_holds_no_identifier(ledger: FakeLedger) -> None:
    entry = add("c", REQUEST, ledger)
    assert NAME not in str(entry.body)
    assert "by letter" not in str(entry.body)
    (removal,) = removals("c", ledger)
    assert ledger.text(removal.identifier) == NAME
    assert removals("other", ledger) == ()


def test_what_still_stands_is_told_without_saying_what(ledger: FakeLedger) -> None:
    number = add("c", REQUEST, ledger).number
    assert _says(ledger, CLEAN, DATA) == []
    assert _says(ledger, DIRTY, DATA) == [f"what removal {number} takes out still stands in d.csv"]
    assert _says(ledger, DIRTY, DATA, rung=Rung.WITHHELD) == []
    assert unhonoured(_decision(DATA), (Component.CODE,), DIRTY, ledger) == ()
    assert unhonoured(_decision(DATA, rung=Rung.WITHHELD), (Component.DATA,), DIRTY, ledger) != ()


def test_nobody_asked(ledger: FakeLedger) -> None:
    assert _says(ledger, DIRTY, DATA, WEIGHTS, PICTURES) == []


def test_only_the_components_it_concerns(ledger: FakeLedger) -> None:
    add("c", replace(REQUEST, components=(Component.DATA,)), ledger)
    assert _says(ledger, CLEAN, DATA, WEIGHTS) == []
    add("c", replace(REQUEST, components=(Component.WEIGHTS,)), ledger)
    assert len(_says(ledger, CLEAN, DATA, WEIGHTS)) == 1


@pytest.mark.parametrize("file", [WEIGHTS, PICTURES, _released("t.json", Component.DETECTOR)])
def test_what_no_search_tells_needs_somebody_who_says_so_of_these_very_bytes(
    ledger: FakeLedger, file: Released
) -> None:
    number = add("c", REQUEST, ledger).number
    assert len(_says(ledger, CLEAN, file)) == 1
    _honours(ledger, number, CLEAN, file)
    assert _says(ledger, CLEAN, file) == []
    assert len(_says(ledger, CLEAN, replace(file, digest=digest_of_bytes(b"other bytes")))) == 1
    add("c", REQUEST, ledger)
    assert len(_says(ledger, CLEAN, file)) == 1


def test_honouring_looks_first(ledger: FakeLedger) -> None:
    number = add("c", REQUEST, ledger).number
    with pytest.raises(NotSettled) as told:
        _honours(ledger, number, DIRTY, DATA)
    assert NAME not in str(told.value)
    assert "d.csv" in str(told.value)
    assert len(_says(ledger, DIRTY, DATA)) == 1


def test_a_namesake_may_stand_in_these_very_bytes(ledger: FakeLedger) -> None:
    number = add("c", REQUEST, ledger).number
    _honours(ledger, number, DIRTY, DATA, namesake=True)
    assert _says(ledger, DIRTY, DATA) == []
    assert len(_says(ledger, DIRTY, replace(DATA, digest=digest_of_bytes(b"next release")))) == 1


def test_a_search_that_found_nothing_is_no_testimony(ledger: FakeLedger) -> None:
    number = add("c", REQUEST, ledger).number
    _honours(ledger, number, CLEAN, DATA)
    (removal,) = removals("c", ledger)
    assert removal.searched == {DATA.digest}
    assert removal.testified == frozenset()
    assert len(_says(ledger, DIRTY, DATA)) == 1  # the text is there, so it is looked for each time


def test_after_an_erasure_only_what_was_searched_before_passes(ledger: FakeLedger) -> None:
    number = add("c", REQUEST, ledger).number
    _honours(ledger, number, CLEAN, DATA)
    ledger.erase("c", removals("c", ledger)[0].identifier)
    assert _says(ledger, CLEAN, DATA) == []
    (says,) = _says(ledger, CLEAN, DATA, _released("e.csv"))
    assert "was erased before e.csv was searched" in says
    _honours(ledger, number, CLEAN, _released("e.csv"))
    (removal,) = removals("c", ledger)
    assert removal.testified == {_released("e.csv").digest}
    assert _says(ledger, CLEAN, DATA, _released("e.csv")) == []


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (replace(REQUEST, identifier=""), "letters and digits"),
        (replace(REQUEST, identifier="é"), "letters and digits"),
        (replace(REQUEST, identifier="\x1b\x00\u202e\n"), "letters and digits"),
        (replace(REQUEST, identifier="x" * 100_000), "at most 4096"),
        (replace(REQUEST, identifier="\ud800 Ada Lovelace"), "not UTF-8"),
        (replace(REQUEST, how=" "), "from 1 to"),
        (replace(REQUEST, how="x" * 100_000), "from 1 to"),
    ],
)
def test_bad_requests(ledger: FakeLedger, request_: Request, why: str) -> None:
    with pytest.raises(Unusable) as told:
        add("c", request_, ledger)
    assert why in told.value.why
    assert removals("c", ledger) == ()


def test_a_name_that_was_never_weighed() -> None:
    with pytest.raises(Unusable, match="was ever weighed"):
        add("c", REQUEST, FakeLedger())
    with pytest.raises(Unusable, match="was ever weighed"):
        honour("c", HONOUR, (), CLEAN, FakeLedger())


def test_honouring_what_is_not_there(ledger: FakeLedger) -> None:
    number = add("other", REQUEST, ledger).number
    for numbers in ((number,), (), (0,), (-1,), (1,)):
        with pytest.raises(Unusable, match="no such removal"):
            honour("c", replace(HONOUR, numbers=numbers), (DATA,), CLEAN, ledger)
    mine = add("c", replace(REQUEST, components=(Component.CODE,)), ledger).number
    with pytest.raises(Unusable, match="nothing to honour"):
        _honours(ledger, mine, CLEAN, DATA)


def test_candidate_of_these_tests_has_a_chain() -> None:
    assert CANDIDATE.name == "c"
