from weighbridge.probekit import place_words
from weighbridge.probekit.names import words

AXES = (place_words.LATITUDE, place_words.LONGITUDE)


def test_every_word_is_written_as_names_are_read() -> None:
    for held in (
        *AXES,
        place_words.POSITION,
        place_words.PERSON,
        place_words.COUNT,
        place_words.TIME,
        place_words.PLACE,
    ):
        for word in held:
            assert words(word) == (word,), word


def test_no_word_says_both_north_and_east() -> None:
    assert not AXES[0] & AXES[1]
    assert not (AXES[0] | AXES[1]) & (place_words.TIME | place_words.PERSON | place_words.COUNT)
