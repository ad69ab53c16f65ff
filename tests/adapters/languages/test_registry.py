from __future__ import annotations

import sys
from pathlib import Path

import pytest

from adapters.languages.tables import linguameta, wals_cldf
from weighbridge.adapters.languages import registry as module
from weighbridge.adapters.languages.registry import Registry, folder_digest, open_registry
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent
from weighbridge.probekit.languages import CLDR, LINGUAMETA, Languages

pytest.importorskip("language_data", reason="the registry's figures are an extra")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return open_registry(wals_cldf(linguameta(tmp_path_factory.mktemp("both"))))


def test_it_is_a_registry_of_languages(both: Registry) -> None:
    seen: Languages = both
    assert seen.sources == (CLDR, LINGUAMETA)
    assert open_registry().sources == (CLDR,)
    assert {"en", "kri", "yue"} <= set(seen.known)
    assert all("-" not in tag for tag in seen.known)
    assert len(both.notes) == len(open_registry().notes) == 2


def test_one_language_in_any_spelling(both: Registry) -> None:
    found = {both.find(tag) for tag in ("zh", "cmn-Hans", "zho_Hant", "ZH")}
    (chinese,) = found
    assert chinese is not None
    assert (chinese.tag, chinese.name, chinese.scripts) == ("zh", "Chinese", ("Hans", "Hant"))
    assert [s.source for s in chinese.speakers] == [CLDR, LINGUAMETA]
    assert both.find("english") is None
    assert "en, which is English" in both.nearest("english")


def test_what_is_recorded_and_what_is_not(both: Registry) -> None:
    english, krio = both.find("en"), both.find("kri")
    assert english is not None
    assert krio is not None
    assert (english.word_order, english.affixation) == ("SVO", "Strongly suffixing")
    assert (krio.word_order, krio.affixation) == ("", "")
    unheard = both.find("xho-Latn")
    assert unheard is not None
    assert [s.source for s in unheard.speakers] == [CLDR]
    assert both.find("tlh") is not None  # a tag that nobody has a figure for is still a language


def test_both_sources_tell_their_share(both: Registry) -> None:
    cldr, lingua = both.coverage(["eng_Latn", "kri", "yue", "xx"])
    assert (cldr.source, lingua.source) == (CLDR, LINGUAMETA)
    assert lingua.instances == 1000 + 60 + 80
    assert 0.1 < cldr.share < 0.3  # English by CLDR is some 16 % of speaker-instances
    assert both.coverage(["ht"])[1].without == ("ht",)
    assert both.coverage([])[0].instances == 0


def test_mistakes_are_told() -> None:
    assert "szl" in open_registry().mistaken("pl")


def test_no_share_is_above_one() -> None:
    registry = open_registry()
    (whole,) = registry.coverage(registry.known)
    assert whole.share == pytest.approx(1)


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(Unusable, match="neither"):
        open_registry(tmp_path)
    (tmp_path / "flores200_dataset.tar.xz").write_bytes(b"")
    assert open_registry(tmp_path).lingua is None  # there for the sake of its sentences


def test_the_digest_of_a_folder(tmp_path: Path) -> None:
    assert folder_digest(None) == ""
    assert folder_digest(linguameta(tmp_path)).startswith("sha256:")


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    module._cldr.cache_clear()
    monkeypatch.setitem(sys.modules, "language_data.population_data", None)
    with pytest.raises(Silent, match="not installed"):
        open_registry()
    module._cldr.cache_clear()
