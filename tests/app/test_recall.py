from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.app.recall import Recalled, recall
from weighbridge.core.candidate import Said, Subject
from weighbridge.core.precedent import QUESTIONS, Precedent, Source, Traits, Turned

SAID = st.sampled_from(Said)
TRAITS = st.builds(
    Traits,
    about=st.lists(st.sampled_from(Subject), max_size=2, unique=True).map(tuple),
    **dict.fromkeys(QUESTIONS, SAID),
)


def _precedent(slug: str, turned: Turned = Turned.HARM, traits: Traits | None = None) -> Precedent:
    return Precedent(
        slug=slug, title=slug, on="2019", who="x", what="y", after="z", turned=turned, traits=traits or Traits(),
        source=(Source(says="s"),),
    )  # fmt: skip


SHELVES = st.lists(st.tuples(st.sampled_from(Turned), TRAITS), min_size=1, max_size=6).map(
    lambda made: tuple(_precedent(f"p{n}", turned, traits) for n, (turned, traits) in enumerate(made))
)


def _slugs(found: Recalled) -> list[str]:
    return [match.precedent.slug for match in found.nearest]


def test_words_alone_leave_out_what_has_none_of_them() -> None:
    shelf = (_precedent("a"), _precedent("b"), _precedent("c"))
    assert _slugs(recall(shelf, {"b": 2.0, "c": 1.0}, None, most=5)) == ["b", "c"]
    assert recall(shelf, {}, None, most=2).nearest == ()  # words that stand nowhere are like nothing


def test_traits_that_agree_come_first_and_are_told() -> None:
    ours = Traits(about=(Subject.TABLE,), about_people=Said.YES, harm=Said.UNKNOWN)
    near = _precedent("near", traits=Traits(about=(Subject.TABLE,), about_people=Said.YES, harm=Said.YES))
    far = _precedent("far", traits=Traits(about=(Subject.CAUSAL_LM,), about_people=Said.NO))
    found = recall((far, near), {}, ours, most=5)
    assert _slugs(found) == ["near", "far"]
    assert found.nearest[0].alike == ("what it is", "about-people")  # harm is not known of ours
    assert found.nearest[1].unlike == ("what it is", "about-people")


def test_the_opposite_is_the_nearest_that_turned_out_the_other_way() -> None:
    shelf = (
        _precedent("harm", Turned.HARM), _precedent("mixed", Turned.MIXED), _precedent("well", Turned.NO_KNOWN_HARM)
    )  # fmt: skip
    relevance = {"harm": 3.0, "mixed": 2.0, "well": 1.0}
    found = recall(shelf, relevance, None, most=1)
    assert found.opposite is not None
    assert found.opposite.precedent.slug == "well"
    mixed = recall(shelf, {"mixed": 3.0, "harm": 2.0, "well": 1.0}, None, most=1)
    assert mixed.opposite is not None
    assert mixed.opposite.precedent.slug == "harm"
    assert recall(shelf[:1], relevance, None, most=1).opposite is None
    assert recall((), {}, None, most=1) == Recalled(nearest=(), opposite=None)


@given(SHELVES, TRAITS, st.randoms(use_true_random=False))
def test_the_order_of_the_shelf_makes_no_difference(shelf: tuple[Precedent, ...], ours: Traits, random: object) -> None:
    turned = list(shelf)
    random.shuffle(turned)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert recall(tuple(turned), {}, ours, most=9) == recall(shelf, {}, ours, most=9)


@given(SHELVES, TRAITS)
def test_the_opposite_never_turned_out_alike(shelf: tuple[Precedent, ...], ours: Traits) -> None:
    found = recall(shelf, {}, ours, most=9)
    assert all(0 <= match.nearness <= 1 for match in found.nearest)
    assert [m.nearness for m in found.nearest] == sorted((m.nearness for m in found.nearest), reverse=True)
    if found.opposite:
        assert found.opposite.precedent.turned is not found.nearest[0].precedent.turned
