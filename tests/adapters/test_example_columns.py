from __future__ import annotations

import pytest

from fakes.unasked import Unasked
from weighbridge.adapters.example_columns import Layout, completed, lay_out, shown
from weighbridge.core.candidate import Declared
from weighbridge.core.evidence import NotMeasured, Silent
from weighbridge.probekit.bench import MemoryTable

NAMED = Unasked()
BY_PLACE = Unasked(inputs=())
OF_TEXT = Unasked(inputs=("text",), n_inputs=1)


def laid(toy: Unasked, names: str, said: Declared | None = None, *, holds: bool = True) -> Layout:
    texts = ("t", "text", "body", "id")
    columns = {name: ["u", "v"] if name in texts else [1, 2] for name in names.split()}
    declared = said or Declared(target="y")
    return lay_out(toy, MemoryTable(columns, label="train.csv", declared=declared), declared, lambda *_: holds)


def left(toy: Unasked, names: str, said: Declared | None = None, *, holds: bool = True) -> str:
    with pytest.raises(Silent) as nothing:
        laid(toy, names, said, holds=holds)
    outcome = nothing.value.outcome
    assert isinstance(outcome, NotMeasured)
    return f"{outcome.because} => {outcome.remedy}"


@pytest.mark.parametrize(
    ("toy", "names", "said", "inputs", "beside"),
    [
        (NAMED, "b y a z", Declared(target="y"), ("a", "b"), ("z",)),
        (NAMED, "p q y", Declared(target="y", features=("q", "p")), ("q", "p"), ()),
        (BY_PLACE, "p q y", Declared(target="y"), ("p", "q"), ()),
        (
            BY_PLACE,
            "p who q y flag",
            Declared(target="y", person="who", private_field="flag"),
            ("p", "q"),
            ("who", "flag"),
        ),
        (BY_PLACE, "p q r y", Declared(target="y", features=("r", "p")), ("r", "p"), ("q",)),
        (OF_TEXT, "n t y", Declared(target="y"), ("t",), ("n",)),
        (OF_TEXT, "t text y", Declared(target="y"), ("text",), ("t",)),
        (OF_TEXT, "t text y", Declared(target="y", text_field="t"), ("t",), ("text",)),
        (OF_TEXT, "t id y", Declared(target="y", person="id"), ("t",), ("id",)),
        (Unasked(inputs=(), n_inputs=1), "n y", Declared(target="y"), ("n",), ()),
    ],
)
def test_which_columns_it_takes(
    toy: Unasked, names: str, said: Declared, inputs: tuple[str, ...], beside: tuple[str, ...]
) -> None:
    layout = laid(toy, names, said)
    assert (layout.inputs, layout.target, layout.beside) == (inputs, "y", beside)


@pytest.mark.parametrize("name", ["target", "label", "class", "y", "Class"])
def test_a_target_is_guessed_where_there_is_one_with_such_a_name(name: str) -> None:
    assert laid(NAMED, f"a b {name}", Declared()).target == name


@pytest.mark.parametrize(
    ("toy", "names", "said", "told"),
    [
        (NAMED, "a b z", Declared(), 'target = "COLUMN"'),
        (NAMED, "a b y label", Declared(), 'target = "y"'),
        (NAMED, "a b y", Declared(target="why"), "no column why"),
        (NAMED, "a c y", Declared(target="y"), "takes as b => add to the [[artefact]] of train.csv in weighbridge.toml the 2 columns"),
        (NAMED, "a b", Declared(target="a"), "both what the model takes and its answer"),
        (NAMED, "p q y", Declared(target="y", features=("p", "x")), "not there, or one twice: x"),
        (NAMED, "p q y", Declared(target="y", features=("p", "p")), "one twice"),
        (NAMED, "p q y", Declared(target="y", features=("p",)), "names 1 columns, and the model takes 2"),
        (BY_PLACE, "p q r y", Declared(target="y"), 'features = ["p", "q"]'),
        (BY_PLACE, "y", Declared(target="y"), 'features = ["COLUMN"]'),
        (OF_TEXT, "t body y", Declared(target="y"), 'text_field = "t"'),
        (OF_TEXT, "n m y", Declared(target="y"), "text_field"),
    ],
)  # fmt: skip
def test_what_has_to_be_said(toy: Unasked, names: str, said: Declared, told: str) -> None:
    assert told in left(toy, names, said)


def test_a_target_is_not_guessed_where_its_values_are_no_classes() -> None:
    assert 'target = "y"' in left(NAMED, "a b y", Declared(), holds=False)


def test_what_one_file_leaves_out_is_taken_from_another() -> None:
    others = [Declared(), Declared(target="y", features=("a",), person="who"), Declared(target="z")]
    made = completed(Declared(person="me", sensitive=("s",)), others)
    assert made == Declared(target="y", features=("a",), person="me", sensitive=("s",))
    table = MemoryTable({name: [1, 2] for name in ("a", "b", "y")})
    assert lay_out(NAMED, table, completed(Declared(), [Declared(target="gone")]), lambda *_: True).target == "y"


def test_names_in_a_sentence_are_few_short_and_printable() -> None:
    told = shown(*[f"c{i}" for i in range(20)])
    assert told.endswith("c7 (+12)")
    assert shown("a\x1b[2J").isprintable()
    assert len(shown("x" * 1000)) == 60
