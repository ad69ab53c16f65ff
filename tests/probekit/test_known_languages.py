from __future__ import annotations

from weighbridge.probekit.known_languages import FEW, KnownLanguages, language
from weighbridge.probekit.languages import CLDR, LINGUAMETA, UNKNOWN, Languages


def test_it_is_a_registry_of_languages() -> None:
    seen: Languages = KnownLanguages()
    found = seen.find("EN_Latn")
    assert found is not None
    assert found.name == "English"
    assert seen.find("xx") is None
    assert seen.mistaken("en") == ()
    assert "en" in seen.nearest("xx")
    assert seen.known == tuple(sorted(one.tag for one in FEW)) == seen.identifiable
    assert [one.source for one in seen.coverage(["en"])] == [CLDR, LINGUAMETA]


def test_speakers_of_one_source_alone() -> None:
    toy = KnownLanguages(languages=(language("a", "A", speakers=(3,)), language("b", "B", speakers=(1, 4))))
    first, second = toy.coverage(["a", "b"])
    assert (first.instances, first.total, first.without) == (4, 4, ())
    assert (second.instances, second.total, second.without) == (4, 4, ("a",))


def test_texts_are_told_by_marks_or_by_their_first_word() -> None:
    marked = KnownLanguages(marks={"house": "en", "nyumba": "sw", "haus": "de"}, can_tell=("en", "sw"))
    mixed, lost, none = marked.identify(["house house nyumba zzz", "haus", "12"])
    assert (mixed.language, mixed.n_letters) == ("en", 19) or mixed.language == UNKNOWN
    assert [(p.language, p.n_letters) for p in mixed.parts] == [("en", 10), ("sw", 6), (UNKNOWN, 3)]
    assert lost.language == UNKNOWN
    assert none.parts == ()
    (told,) = KnownLanguages().identify(["[th] ภาษาไทย"])
    assert (told.language, told.script) == ("th", "Thai")
