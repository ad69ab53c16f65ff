from __future__ import annotations

from dataclasses import replace

import pytest

from weighbridge.catalogue import find_packs
from weighbridge.core.law import Bearing, Family, Pack, Provision

ONE = Provision(slug="one", says="it is so", rests_on="Article 1", bearing=Bearing.REQUIRES)
PACK = Pack(
    title="A law", jurisdiction="here", text="the text", checked="2026-01-01", expires="2026-12-31",
    notice="Not legal advice.", provision=(ONE,), family=(Family(name="free", licences=("MIT", "CC-BY-*")),),
)  # fmt: skip


def test_licences_are_of_families() -> None:
    assert PACK.families_of("MIT") == PACK.families_of("CC-BY-4.0") == ("free",)
    assert PACK.families_of("GPL-3.0") == PACK.families_of("CC-B") == ()


def test_capitals_make_no_other_licence() -> None:
    assert PACK.families_of("mit") == PACK.families_of("cc-by-4.0") == ("free",)
    licences = next(pack for pack in find_packs() if pack.slug == "licences")
    for name in ("llama2", "llama3.1", "gemma", "openrail", "creativeml-openrail-m", "bigcode-openrail-m"):
        assert licences.families_of(name) == ("use-restricted",), name
    assert licences.families_of("apache-2.0") == ("apache",)
    assert licences.families_of("cc-by-nc-nd-4.0") == licences.families_of("CC-BY-NC-ND-4.0")


@pytest.mark.parametrize(
    "words", ["CC-BY-4.0 or so", "CC-BY-4.0/Zyx", "(MIT)", "MIT WITH Zyx", "MIT OR", "MIT AND Zyx", "MIT OR Zyx"]
)
def test_what_is_not_understood_is_of_no_family(words: str) -> None:
    assert PACK.families_of(words) == ()


def test_of_several_licences_all_are_met_and_one_may_be_chosen() -> None:
    bad = Family(name="bad", licences=("CC-BY-NC*", "Bad"))
    pack = replace(PACK, family=(Family(name="free", licences=("MIT", "ISC"), frees=True), bad))
    assert pack.families_of("MIT AND ISC") == pack.families_of("MIT OR ISC") == ("free",)
    assert pack.families_of("MIT AND Bad") == ("bad",)
    assert pack.families_of("MIT OR Bad") == ()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"expires": "2026-01-01"}, "expires before"),
        ({"expires": "soon"}, "`expires`"),
        ({"checked": "2026"}, "`checked`"),
        ({"provision": ()}, "no provision"),
        ({"provision": (ONE, ONE)}, "one slug"),
        ({"provision": (replace(ONE, rests_on=" "),)}, "no article"),
        ({"notice": ""}, "legal advice"),
    ],
)
def test_a_pack_that_cannot_be_relied_on_is_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(PACK, **wrong)  # type: ignore[arg-type]


def test_the_shipped_packs_say_what_they_rest_on_and_that_they_are_no_advice() -> None:
    packs = {pack.slug: pack for pack in find_packs()}
    assert set(packs) == {"licences", "eu-ai-act"}
    for pack in packs.values():
        assert "Not legal advice" in pack.notice
        assert all(provision.rests_on and provision.says for provision in pack.provision)
    assert all("Article" in provision.rests_on for provision in packs["eu-ai-act"].provision)
