import itertools
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.identifiers import find, has_shape_of_one


def found(text: str) -> list[str]:
    return [text[i.start : i.end] for i in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail ada.b+c@mail.example.org, soon", ["ada.b+c@mail.example.org"]),
        ("x..y@example.org or z@example or @home or a.@example.org", []),
        ("to DE89 3704 0044 0532 0130 00 BERLIN", ["DE89 3704 0044 0532 0130 00"]),
        ("to DE88 3704 0044 0532 0130 00", []),
        ("GB82WEST12345698765432.", ["GB82WEST12345698765432"]),
        ("card 4111 1111 1111 1111 valid", ["4111 1111 1111 1111"]),
        ("card 4111-1111-1111-1112", []),
        ("call +44 20 7946 0182. 5 times", ["+44 20 7946 0182"]),
        ("call +999 20 7946 0182 or 020 7946 0182", []),
        ("SSN 536-90-4399, not 000-12-3456", ["536-90-4399"]),
        ("CPF 390.533.447-05", ["390.533.447-05"]),
        ("131052-308T and 131052-308A", ["131052-308T"]),
        ("RSSMRA85T10A562S", ["RSSMRA85T10A562S"]),
        ("11010519491231002X", ["11010519491231002X"]),
        ("756.9217.0769.85", ["756.9217.0769.85"]),
        ("pi is 3.14159265358979323846, e is 2.7182818284590452", []),
        ("on 2023-01-01 12:00:00 at 10.0.0.1, page 123-145", []),
        ("", []),
    ],
)  # fmt: skip
def test_an_identifier_has_its_shape_and_passes_its_check(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_an_identifier_is_known_again_however_it_is_spaced() -> None:
    keys = [i.key for i in find("4111 1111 1111 1111; 4111-1111-1111-1111; 4111111111111111")]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert find("Ada@Example.org")[0].key == find("ada@example.org")[0].key
    assert find("a.b@example.org")[0].key != find("ab@example.org")[0].key


def test_of_two_that_overlap_the_longer_is_kept() -> None:
    assert found("7 2023 4111 1111 1111 1111 222 1") == ["4111 1111 1111 1111"]
    assert found("+44 20 7946 0182@example.org") in (["+44 20 7946 0182"], ["0182@example.org"])


@given(st.text(alphabet=st.sampled_from(list("0123456789+-./ ()ABXabz@é٣")), max_size=80))
def test_whatever_stands_there_spans_are_in_order_and_apart(text: str) -> None:
    spans = [(i.start, i.end) for i in find(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@pytest.mark.timeout(60)  # well below a second; hours, if it grew with the square
@pytest.mark.parametrize("piece", ["A", "1", "1 ", "a.a@", "AB12 ", "1-", "+1(", "a@a.", "+1", "X1", "1 1 ", "1234 "])
def test_hostile_text_takes_no_longer_than_it_is_long(piece: str) -> None:
    assert len(find(piece * (200_000 // len(piece)))) <= 200_000 // 8


@given(
    st.text(alphabet="0123456789 -+.@/aBXZ")
    | st.from_regex(r"[A-Z]{2}\d{2}[A-Z0-9 ]{10,30}|\d{3}-\d{2}-\d{4}|\w+@\w+\.org")
)
def test_what_is_found_has_a_shape_that_is_told_without_checks(text: str) -> None:
    if find(text):
        assert has_shape_of_one(text)


def test_a_plain_name_has_no_such_shape() -> None:
    assert not any(map(has_shape_of_one, ("diagnosis", "LABEL_12", "F32.1", "18-25", "e-mail", "2024-11-05", "")))


_WITHOUT = """
import importlib, json, sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "stdnum":
            raise ModuleNotFoundError(name)
        return None

sys.meta_path.insert(0, Hidden())
from weighbridge.catalogue import find_probes
from weighbridge.core.evidence import Silent
from weighbridge.probekit.identifiers import find

told = {}
for text in ("nothing", "ada@example.org"):
    try:
        find(text)
        told[text] = "looked"
    except Silent as silent:
        told[text] = str(silent.outcome.remedy)
for loaded in find_probes():
    probe, extras = loaded.load(), loaded.card.extras
    if extras not in ((), ("identifiers",)):
        continue
    folder = "weighbridge.probes." + loaded.card.slug.replace("-", "_")
    weight = importlib.import_module(folder + ".calibration").CALIBRATION.planted(0)
    try:
        outcome = probe.measure(weight.bench, probe.settings(**dict(weight.settings)))
        told[loaded.card.slug] = type(outcome).__name__
    except Silent as silent:
        told[loaded.card.slug] = str(silent.outcome.remedy)
print(json.dumps(told))
"""


def test_without_the_extra_nothing_is_looked_for_and_the_rest_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    remedy = "pip install 'weighbridge[identifiers]'"
    assert told.pop("nothing") == told.pop("ada@example.org") == told.pop("stored-records") == remedy
    assert told.pop("direct-identifiers") == remedy  # a scan without check digits would leave most numbers unseen
    assert {"artefact-safety", "unique-combinations", "sensitive-outputs"} <= told.keys()
    assert set(told.values()) == {"Measured"}
