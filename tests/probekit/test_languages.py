from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.languages import CLDR, UNKNOWN, Coverage, Identified, Language, Part, Speakers

parts = st.lists(
    st.builds(
        Part,
        language=st.sampled_from(["en", "sw", UNKNOWN]),
        script=st.sampled_from(["Latn", "Thai"]),
        n_letters=st.integers(1, 50),
    ),
    max_size=5,
).map(lambda several: Identified(parts=tuple(several)))


@given(parts)
def test_the_main_language_holds_more_than_half(found: Identified) -> None:
    main = found.language
    if main != UNKNOWN:
        assert 2 * sum(p.n_letters for p in found.parts if p.language == main) > found.n_letters


def test_half_is_not_more_than_half() -> None:
    half = [Part(language=tag, script="Latn", n_letters=5) for tag in ("en", "sw")]
    assert Identified(parts=tuple(half)).language == UNKNOWN
    assert Identified(parts=tuple(half)).script == "Latn"
    assert Identified(parts=()).language == UNKNOWN


def test_figures() -> None:
    assert Coverage(source=CLDR, instances=1, total=4).share == 0.25
    assert Language(tag="en", name="English").most_speakers == 0
    assert Language(tag="en", name="English", speakers=(Speakers(source=CLDR, n=2),)).most_speakers == 2
