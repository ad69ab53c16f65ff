"""Make this example: a registration list as an aid organisation holds it, and the truth, counted in plain Python.

    python make_relief_register.py           write register.csv and truth.json
    python make_relief_register.py --check   make both again and compare them byte for byte

Nobody on the list lives, and no place on it is on a map: the coordinates lie in the open sea south of Ghana, and the
telephone numbers are those that the British regulator keeps for drama (+44 7700 900000 to 900999).
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
REGISTER, TRUTH = "register.csv", "truth.json"
SEED = 3
HOUSEHOLDS = 780
QUASI_IDENTIFIERS = ("age", "sex", "district", "household_size", "registered_on")
IDENTIFIERS = (("household_id",), ("phone",), ("latitude", "longitude"))  # each says who it is, by itself
K = 11  # a class of fewer is small: EMA policy 0070 and Health Canada, risk of at most 0.09 = 1/11
DISTRICTS = {"Ambrel Sands": 24, "Corrowmere": 18, "Dunvale": 14, "East Tarrin": 11, "Fallowgate": 9, "Hesket Bay": 7,
             "Lower Quill": 6, "Marrow Hill": 5, "North Ostery": 3, "Pellgrave": 2, "Upper Sallow": 1}  # fmt: skip
SIZES = {1: 14, 2: 17, 3: 17, 4: 18, 5: 14, 6: 9, 7: 6, 8: 3, 9: 2}
FIRST_DAY = date(2026, 2, 3)
DAYS = 22  # registration is open one day a week
AGAIN, MOVED = 0.09, 0.35  # share of people registered once more, and of those the share that has moved meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One registration. A person may be registered more than once."""

    person_id: str
    household_id: str
    registered_on: str
    age: int
    sex: str
    district: str
    household_size: int
    phone: str
    latitude: str
    longitude: str
    need: str


def register() -> list[Row]:
    """The list, in the order of registration."""
    rng = random.Random(SEED)
    phones = [f"+44 7700 900{n:03d}" for n in range(1000)]
    rng.shuffle(phones)
    rows: list[Row] = []
    for number in range(1, HOUSEHOLDS + 1):
        rows += _household(rng, number, phones.pop() if rng.random() < 0.85 else "")
    rows += list(_planted(rows))
    rows += [_again(rng, row) for row in rows if rng.random() < AGAIN]
    return sorted(rows, key=lambda row: (row.registered_on, row.household_id, row.person_id))


def _household(rng: random.Random, number: int, phone: str) -> Iterator[Row]:
    (size,) = rng.choices(list(SIZES), list(SIZES.values()))
    (district,) = rng.choices(list(DISTRICTS), list(DISTRICTS.values()))
    day = FIRST_DAY + timedelta(weeks=min(rng.randrange(DAYS), rng.randrange(DAYS)))
    latitude, longitude = _place(rng, district)
    for member in range(size):
        age = _age(rng, member)
        sex = "female" if rng.random() < 0.53 else "male"
        yield Row(
            person_id=f"P{number:04d}{member + 1:02d}", household_id=f"H{number:04d}", registered_on=day.isoformat(),
            age=age, sex=sex, district=district, household_size=size, phone=phone, latitude=latitude,
            longitude=longitude, need=_need(rng, age, sex, is_alone=size == 1),
        )  # fmt: skip


def _age(rng: random.Random, member: int) -> int:
    if member == 0:
        return min(95, 15 + int(rng.expovariate(1 / 22)))
    return min(95, int(rng.expovariate(1 / 17)))


def _place(rng: random.Random, district: str) -> tuple[str, str]:
    """Somewhere within a few kilometres of the middle of the district."""
    at = list(DISTRICTS).index(district)
    north, east = 0.1 + 0.08 * (at % 4), 0.1 + 0.12 * (at // 4)
    return f"{rng.gauss(north, 0.02):.5f}", f"{rng.gauss(east, 0.02):.5f}"


def _need(rng: random.Random, age: int, sex: str, *, is_alone: bool) -> str:
    if age < 18 and is_alone:
        return "unaccompanied minor"
    if sex == "female" and 15 <= age <= 45 and rng.random() < 0.11:
        return "pregnancy"
    drawn = rng.random()
    for need, share in (("HIV medication", 0.025), ("insulin", 0.03), ("tuberculosis treatment", 0.02),
                        ("wheelchair", 0.015), ("protection from violence", 0.02)):  # fmt: skip
        if drawn < share:
            return need
        drawn -= share
    return "none"


def _planted(rows: Sequence[Row]) -> Iterator[Row]:
    """Three people whom one column is enough to find."""
    last = HOUSEHOLDS
    for age, size, district in ((103, 2, "Dunvale"), (34, 15, "Corrowmere"), (41, 3, "Isle of Wend")):
        last += 1
        like = next(row for row in rows if row.district == ("Dunvale" if district == "Isle of Wend" else district))
        yield replace(
            like, person_id=f"P{last:04d}01", household_id=f"H{last:04d}", age=age, sex="female", household_size=size,
            district=district, phone="", need="HIV medication",
        )  # fmt: skip


def _again(rng: random.Random, row: Row) -> Row:
    """The same person, registered once more some weeks later, now and then elsewhere."""
    day = date.fromisoformat(row.registered_on) + timedelta(weeks=rng.randrange(1, 9))
    again = replace(row, registered_on=day.isoformat())
    if rng.random() >= MOVED:
        return again
    district = rng.choice([name for name in DISTRICTS if name != row.district])
    latitude, longitude = _place(rng, district)
    size = max(1, row.household_size + rng.choice((-1, 1)))
    return replace(again, district=district, household_size=size, latitude=latitude, longitude=longitude)


def written(rows: Iterable[Row]) -> str:
    """The list as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Row))
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def truth(text: str) -> dict[str, object]:
    """What is true of the list, from nothing but its text: no engine, no library.

    A class is all persons who have a registration with these values. A person with several registrations lies in
    several classes, and the smallest counts. Nothing is rounded, and an empty field is a value like any other.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    persons = {row["person_id"] for row in rows}
    sets = [names for size in (1, 2, 3) for names in itertools.combinations(QUASI_IDENTIFIERS, size)]
    counted = {"+".join(names): classes(rows, names) for names in (*sets, QUASI_IDENTIFIERS)}
    worst = {str(size): most_telling(counted, size) for size in (1, 2, 3)}
    return {
        "rows": len(rows),
        "persons": len(persons),
        "persons_with_several_rows": sum(n > 1 for n in tally(row["person_id"] for row in rows).values()),
        "quasi_identifiers": list(QUASI_IDENTIFIERS),
        "k": K,
        "classes": counted,
        "most_unique": worst,
        "identifiers": {"+".join(names): classes(rows, names) for names in IDENTIFIERS},
        "if_rows_were_counted": {
            name: classes([{**row, "person_id": str(n)} for n, row in enumerate(rows)], tuple(name.split("+")))
            for name in ("age+sex+district", "+".join(QUASI_IDENTIFIERS))
        },
        "found_by_one_column": {
            name: sorted(value for value, found in members(rows, (name,)).items() if len(found) == 1)
            for name in ("age", "district", "household_size")
        },
        "needs": {need: len(found) for need, found in sorted(members(rows, ("need",)).items())},
    }


def members(rows: Iterable[Mapping[str, str]], names: Sequence[str]) -> dict[str, set[str]]:
    """The persons of each class; its values joined by a character that is in none of them."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault("|".join(row[name] for name in names), set()).add(row["person_id"])
    return found


def classes(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> dict[str, int]:
    """How many persons stand alone, how many are in small classes, and how large the smallest class is."""
    smallest: dict[str, int] = {}
    for found in members(rows, names).values():
        for person in found:
            smallest[person] = min(len(found), smallest.get(person, len(found)))
    sizes = list(smallest.values())
    return {"unique": sizes.count(1), "small": sum(size < K for size in sizes), "smallest": min(sizes)}


def most_telling(counted: Mapping[str, Mapping[str, int]], size: int) -> dict[str, object]:
    """The combination of so many columns that makes most people unique."""
    name = max((name for name in counted if name.count("+") == size - 1), key=lambda name: counted[name]["unique"])
    return {"columns": name.split("+"), "unique": counted[name]["unique"]}


def tally(values: Iterable[str]) -> dict[str, int]:
    """How often each value is there."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def main(arguments: Sequence[str]) -> int:
    """Write both files, or compare them."""
    text = written(register())
    made = {REGISTER: text, TRUTH: json.dumps(truth(text), indent=1) + "\n"}
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    if not arguments:
        for name, content in made.items():
            (HERE / name).write_text(content)
        return 0
    differ = [name for name, content in made.items() if (HERE / name).read_text() != content]
    print(f"differs: {', '.join(differ)}" if differ else "the same")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
