from __future__ import annotations

from weighbridge.adapters.languages.scripts import mistaken_for, scripts_of


def test_the_likeliest_script_comes_first() -> None:
    assert scripts_of("en") == ("Latn",)
    assert scripts_of("sr") == ("Cyrl", "Latn")
    assert scripts_of("zh") == ("Hans", "Hant")
    assert scripts_of("hi") == ("Deva",)  # romanised Hindi is written, and not mainly


def test_what_is_not_recorded_is_none() -> None:
    assert scripts_of("xx") == ()


def test_who_is_mistaken_for_whom() -> None:
    assert {"awa", "hne"} <= set(mistaken_for("hi"))
    assert mistaken_for("hr") == ("bs",)
    assert mistaken_for("de") == ()
