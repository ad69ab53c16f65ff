import re

from replays import FULL, compared, gpt2, weighing


def test_each_lever_says_where_it_flips_or_that_it_does_not() -> None:
    flips = {flip.name: flip for flip in gpt2().flips}
    assert {"substitute", "replication-falls", "actors-richer", "defence-good"} <= set(flips)
    for flip in flips.values():
        assert gpt2().recommended in str(flip.says)
        assert (flip.to == "") == ("change" in str(flip.says))


def test_past_the_point_the_other_plan_is_recommended_and_before_it_not() -> None:
    """The sentence is held to its word: the case again, with a substitute on either side of the price it names."""
    from replays import with_substitute

    flip = next(flip for flip in gpt2().flips if flip.name == "substitute")
    at = float(re.search(r"under ([\d,]+) USD", str(flip.says))[1].replace(",", ""))  # type: ignore[index]
    assert flip.to
    above = compared(weighing(worth=with_substitute(at * 4, at * 4)))
    below = compared(weighing(worth=with_substitute(at / 2, at / 2)))
    assert above.recommended == gpt2().recommended
    assert below.recommended != gpt2().recommended


def test_of_a_cost_that_is_not_known_no_point_is_told() -> None:
    assert compared(weighing(replication=None), FULL).flips == ()
