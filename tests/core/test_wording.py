from __future__ import annotations

import gettext

import pytest

from weighbridge.core.wording import _, install, phrase, plural, speak


class _Marking(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"<{message}>"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"<{msgid1 if n == 1 else msgid2}>"


def test_translates_when_shown_and_not_before() -> None:
    said = phrase("{n} files", n=3)
    install(_Marking())
    try:
        assert said.told() == "<3 files>"
        assert str(said) == "3 files"
        assert _("word") == "<word>"
        assert _("") == ""
        assert plural("one", "many", 2) == "<many>"
    finally:
        install(gettext.NullTranslations())


def test_a_template_must_fit_its_fields() -> None:
    with pytest.raises(KeyError):
        phrase("{n} of {m}", n=1)


def test_speaks_english_where_there_is_no_catalogue() -> None:
    speak("tlh")
    assert _("a word") == "a word"
