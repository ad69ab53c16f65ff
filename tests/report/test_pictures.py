from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from report.weighings import EXTRACTION, UNIQUE, exact, share
from weighbridge.core.card import Axis, Picture, PictureKind
from weighbridge.report.pictures import axis_label, drawings, in_axis_order, natural, worst_first

METRIC = "extracted-share-greedy"


def test_each_picture_is_drawn_from_the_quantities_it_names() -> None:
    got = [
        *(share(METRIC, 1, 4, "suffix", repeats=r) for r in ("64", "4", "16")),
        share("held-out-share-greedy", 0, 9, "suffix"),
    ]
    made = drawings(EXTRACTION, got)
    assert [d.title for d in made] == [EXTRACTION.picture[0].title, EXTRACTION.picture[2].title]
    told = made[0].svg.split("<desc")[1].split("</desc>")[0]
    assert told.index("4: 25") < told.index("16: 25") < told.index("64: 25")
    assert "The truth lies between the end marks of each line, 95" in made[0].caption


def test_what_is_broken_down_further_gets_a_picture_of_its_own() -> None:
    got = [share(METRIC, 1, 4, "s", repeats=r, stratum=s) for r in ("1", "4") for s in ("random", "private")]
    got += [share(METRIC, 1, 4, "s", repeats=r) for r in ("1", "4")]
    titles = [d.title for d in drawings(replace(EXTRACTION, picture=EXTRACTION.picture[:1]), got)]
    first = EXTRACTION.picture[0].title
    assert titles == [first, f"{first} (stratum: private)", f"{first} (stratum: random)"]


def test_where_picks_out_one_value() -> None:
    picture = Picture(kind=PictureKind.LINE, metric=METRIC, axis="repeats", title="t", where=(("stratum", "private"),))
    got = [share(METRIC, 1, 4, "s", repeats="1", stratum=s) for s in ("random", "private")]
    assert [d.title for d in drawings(replace(EXTRACTION, picture=(picture,)), got)] == ["t"]


def test_a_metric_without_numbers_draws_nothing() -> None:
    assert drawings(EXTRACTION, ()) == ()


def test_the_cards_order_comes_before_the_natural_one() -> None:
    values = ("random", "week 10", "identified", "week 9", "canary")
    assert in_axis_order(EXTRACTION, "stratum", values) == ("identified", "canary", "random", "week 9", "week 10")


def test_what_nobody_ordered_is_listed_with_the_most_first() -> None:
    got = [exact("unique-share", v, 10, "p", combination=c) for c, v in (("a", 0.1), ("b", 0.9), ("c", 0.5))]
    assert worst_first(UNIQUE, "combination", got) == ("b", "c", "a")
    got = [exact("unique-share", v, 10, "p", columns=c) for c, v in (("1", 0.1), ("2", 0.9), ("3", 0.5))]
    assert worst_first(UNIQUE, "columns", got) == ("1", "2", "3")


def test_words_of_the_candidate_are_told_apart_from_words_of_the_card() -> None:
    assert axis_label(EXTRACTION, "stratum", "private") == ("private", False)
    assert axis_label(EXTRACTION, "stratum", "\u202ex") == ("⟨U+202E⟩x", True)
    assert axis_label(None, "stratum", "private") == ("private", True)


def test_an_axis_explained_at_length_has_its_name_below_the_picture() -> None:
    card = replace(EXTRACTION, axis=(Axis(name="repeats", says="word " * 40),), picture=EXTRACTION.picture[:1])
    (made,) = drawings(card, [share(METRIC, 1, 4, "s", repeats="1")])
    assert ">repeats<" in made.svg
    assert "word word" not in made.svg
    card = replace(card, axis=(Axis(name="repeats", says="how often it was seen: " + "word " * 40),))
    (made,) = drawings(card, [share(METRIC, 1, 4, "s", repeats="1")])
    assert ">how often it was seen<" in made.svg


@given(st.lists(st.integers(0, 10**6), unique=True))
def test_numbers_are_sorted_by_size(numbers: list[int]) -> None:
    assert sorted((f"week {n}" for n in numbers), key=natural) == [f"week {n}" for n in sorted(numbers)]


def test_pictures_of_many_values_stop_and_say_so() -> None:
    got = [share(METRIC, 1, 4, "s", repeats=str(n)) for n in range(30)]
    made = drawings(replace(EXTRACTION, picture=EXTRACTION.picture[:1]), got)[0]
    assert "The first 24 of 30; the rest is in the table." in made.caption
