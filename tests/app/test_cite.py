from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.app.answer import Hearing, Reply, Stand
from weighbridge.app.cite import Applies, Reading, cite, contested
from weighbridge.catalogue import find_packs, find_questions
from weighbridge.core.candidate import Artefact, Base, Belonging, Candidate, Claims, Role, Said, Subject, Triage
from weighbridge.core.canon import digest_of
from weighbridge.core.replication import Replication

TODAY = date(2026, 12, 1)
WEIGHTS = Artefact(
    role=Role.WEIGHTS, label="m.safetensors", digest=digest_of("m"), size_bytes=1, format="safetensors", belongs=Belonging.WEIGHTS
)  # fmt: skip
LM = Candidate(
    name="toy", version="1", artefacts=(WEIGHTS,), subjects=(Subject.CAUSAL_LM,), claims=Claims(licence="Apache-2.0"),
    triage=Triage(generates=Said.YES, about_people=Said.NO, identifies=Said.NO),
    replication=Replication(parameters=1e9, tokens=1e10),
)  # fmt: skip


def _read(candidate: Candidate, pack: str, today: date = TODAY) -> Reading:
    return next(reading for reading in cite(find_packs(), candidate, today) if reading.pack.slug == pack)


def _applies(candidate: Candidate, pack: str) -> dict[str, Applies]:
    return {cited.provision.slug: cited.applies for cited in _read(candidate, pack).cited}


def test_a_free_licence_relieves_of_papers_and_of_nothing_else() -> None:
    told = _applies(LM, "eu-ai-act")
    assert told["free-and-open-relief"] is Applies.YES
    assert told["general-purpose-papers"] is Applies.NO
    assert told["copyright-policy"] is told["summary-of-training-content"] is Applies.YES
    restricted = _applies(replace(LM, claims=Claims(licence="CC-BY-NC-4.0")), "eu-ai-act")
    assert (restricted["free-and-open-relief"], restricted["general-purpose-papers"]) == (Applies.NO, Applies.YES)


def test_systemic_risk_takes_the_relief_away_and_an_untold_size_is_not_known() -> None:
    large = _applies(replace(LM, replication=Replication(parameters=1e12, tokens=1e13)), "eu-ai-act")
    assert (large["systemic-risk-presumed"], large["free-and-open-relief"]) == (Applies.YES, Applies.NO)
    assert large["general-purpose-papers-of-the-largest"] is Applies.YES
    untold = _read(replace(LM, replication=None), "eu-ai-act")
    waits = {c.provision.slug: c.waits_for for c in untold.cited if c.applies is Applies.UNKNOWN}
    assert waits["systemic-risk-presumed"] == ("flop-above-systemic",)
    assert waits["general-purpose-papers-of-the-largest"] == ("flop-above-systemic",)


def test_of_a_model_whose_kind_is_not_told_nobody_can_tell() -> None:
    told = _applies(replace(LM, subjects=(Subject.UNTOLD_MODEL,)), "eu-ai-act")
    assert told["copyright-policy"] is told["summary-of-training-content"] is Applies.UNKNOWN
    assert _applies(replace(LM, subjects=(Subject.TABLE,)), "eu-ai-act")["copyright-policy"] is Applies.NO


def test_systems_under_a_free_licence_are_outside_the_act_unless_it_says_otherwise() -> None:
    assert _applies(LM, "eu-ai-act")["free-and-open-systems"] is Applies.YES
    assert _applies(replace(LM, claims=Claims(licence="llama3")), "eu-ai-act")["free-and-open-systems"] is Applies.NO


def test_the_act_is_judged_by_with_its_amendment_and_not_for_long() -> None:
    pack = _read(LM, "eu-ai-act", date(2026, 12, 2))
    assert not pack.is_out_of_date
    assert "Digital Omnibus" in pack.pack.text
    assert "not by its published text" in pack.pack.text
    assert _applies(LM, "eu-ai-act")["no-intimate-pictures-of-the-unwilling"] is Applies.YES
    assert _read(LM, "eu-ai-act", date(2027, 3, 1)).is_out_of_date


def test_weak_copyleft_holds_for_the_base_alone_and_a_network_counts() -> None:
    def due(base: str) -> set[str]:
        told = _applies(replace(LM, base=Base(name="b", licence=base)), "licences")
        return {slug for slug, applies in told.items() if applies is Applies.YES}

    assert due("GPL-3.0-only") == due("gpl-3.0") == {"copyleft-goes-on"}
    assert due("AGPL-3.0-only") == {"copyleft-goes-on", "use-over-a-network-counts"}
    assert due("MPL-2.0") == due("LGPL-3.0-or-later") == {"copyleft-of-the-base-alone"}
    assert due("EUPL-1.2") == {"copyleft-or-a-compatible-licence", "use-over-a-network-counts"}
    assert due("mit") == {"notices-go-on"}
    assert due("cc0-1.0") == {"base-asks-for-nothing"}


def test_what_the_licence_of_a_base_forbids() -> None:
    def slugs(base: str, claimed: str = "Apache-2.0") -> set[str]:
        candidate = replace(LM, base=Base(name="b", licence=base), claims=Claims(licence=claimed))
        return {c.provision.slug for c in _read(candidate, "licences").forbids}

    assert slugs("CC-BY-ND-4.0") == {"no-derivatives-of-this-base"}
    assert slugs("CC-BY-NC-4.0") == {"base-is-not-for-commerce"}
    assert slugs("CC-BY-NC-4.0", "CC-BY-NC-4.0") == slugs("MIT") == set()
    unknown = replace(LM, base=Base(name="b", licence="Zyx-1.0"))
    assert Applies.UNKNOWN in _applies(unknown, "licences").values()
    assert set(_applies(LM, "licences").values()) == {Applies.NO}  # no base, and a licence is claimed


def test_a_pack_past_its_last_day_judges_nothing() -> None:
    stale = _read(LM, "eu-ai-act", date(2031, 1, 1))
    assert (stale.is_out_of_date, stale.cited, stale.forbids) == (True, (), ())
    last = date.fromisoformat(stale.pack.expires)
    assert not _read(LM, "eu-ai-act", last).is_out_of_date


def test_what_a_pack_forbids_contradicts_that_it_is_legal() -> None:
    question = next(q for q in find_questions() if q.slug == "legal")
    reply = Reply(choice=("yes",), role="", at="2026-01-01", version="1", entry=digest_of("e"), says=None, by=None)
    hearing = Hearing(question=question, stand=Stand.COUNTS, replies=(reply,))
    forbidden = replace(LM, base=Base(name="b", licence="CC-BY-ND-4.0"))
    (found,) = contested([hearing], cite(find_packs(), forbidden, TODAY))
    assert (found.stand, "section 2(a)(1)(B)" in found.because) == (Stand.CONTRADICTED, True)
    assert contested([hearing], cite(find_packs(), LM, TODAY)) == (hearing,)
    (stale,) = contested([hearing], cite(find_packs(), forbidden, date(2040, 1, 1)))
    assert (stale.stand, "out of date since" in stale.because) == (Stand.CONTRADICTED, True)
    no = replace(hearing, replies=(replace(reply, choice=("no",)),))
    assert contested([no], cite(find_packs(), forbidden, TODAY)) == (
        no,
    )  # nothing that a pack says makes legal of illegal


@given(st.sampled_from(Said), st.sampled_from(Said), st.sampled_from(["", "MIT", "CC-BY-NC-4.0", "Zyx-1.0"]))
def test_one_fact_more_never_turns_a_yes_into_a_no(people: Said, identifies: Said, licence: str) -> None:
    """What applies while less is known applies still: only what was not known can turn out either way."""
    less = replace(
        LM,
        claims=Claims(licence=licence),
        triage=replace(LM.triage, about_people=Said.UNKNOWN, identifies=Said.UNKNOWN),
    )
    more = replace(less, triage=replace(less.triage, about_people=people, identifies=identifies))
    before, after = _applies(less, "eu-ai-act"), _applies(more, "eu-ai-act")
    assert all(after[slug] is applies for slug, applies in before.items() if applies is not Applies.UNKNOWN)
