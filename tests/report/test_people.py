from __future__ import annotations

from dataclasses import replace

from report.test_decided import FACTS
from report.test_hearings import _hearing
from report.weighings import CARDS, harmless
from weighbridge.app.answer import Stand
from weighbridge.app.panel import panel, told_first
from weighbridge.app.recall import Recalled, recall
from weighbridge.catalogue import find_precedents
from weighbridge.core.candidate import Said
from weighbridge.core.precedent import Traits
from weighbridge.report.markdown import render_markdown
from weighbridge.report.page import render_page
from weighbridge.report.people import before_told, people_told

SHELF = find_precedents()
HARMFUL = Traits(harm=Said.YES, private=Said.YES, identifies=Said.YES)


def test_what_counts_is_told_apart_from_what_does_not_and_from_what_waits() -> None:
    told = people_told([_hearing(Stand.COUNTS, "yes"), _hearing(Stand.CONTRADICTED, "no"), _hearing(Stand.OPEN)])
    assert [(q.stand.split(",")[0], q.counts) for q in told.said] == [("yes", True), ("no", False)]
    assert [q.slug for q in told.waiting] == ["legal"]
    assert "1 question is answered" in told.summary
    assert [q.counts for q in people_told([_hearing(Stand.SKIPPED)]).said] == [True]


def test_the_panel_is_told_in_counts_and_the_first_told_in_days() -> None:
    who = panel("Zuri | from there | x | no | fishers\nTom | deep knowledge | x | no", "fishers\nmothers")
    early = told_first("a desk | 2026-01-02 | press\nthem | 2026-01-05 | affected")
    told = people_told([], who, early).panel
    assert told == (
        "2 people were consulted, 1 of them from there.",
        "Of 2 groups named as affected, 1 have somebody on it by their own word.",
        "1 of those consulted named no group, and may be of one that seems left out.",
        "First told: press on 2026-01-02, affected on 2026-01-05.",
        "The press was told before anybody who is affected.",
    )
    assert people_told([], panel("Tom | deep knowledge | x | no", ""), None).panel[1].startswith("Nobody named")
    assert people_told([], panel("", ""), told_first("")).panel == ()
    page = render_page(harmless(), CARDS, people=people_told([], who, early), **FACTS)
    assert told[-1] in page
    assert "Zuri" not in page


def test_precedents_are_told_with_the_one_that_turned_out_the_other_way_and_their_sources() -> None:
    told = before_told(recall(SHELF, {}, HARMFUL, most=2))
    assert len(told.nearest) == 2
    assert all(case.sources and case.agrees.startswith("agrees in") for case in told.nearest)
    assert told.opposite is not None
    assert "no known harm" in told.opposite.turned


def test_one_trait_in_common_makes_nothing_near() -> None:
    for found in (recall(SHELF, {}, Traits(about_people=Said.YES), most=2), Recalled(nearest=(), opposite=None)):
        told = before_told(found)
        assert (told.nearest, told.opposite) == ((), None)
        assert "Too little is known" in told.too_little
        page = render_page(harmless(), CARDS, before=told, **FACTS)
        assert told.too_little in page


def test_both_stand_in_page_and_markdown_and_nothing_in_them_is_markup() -> None:
    hostile = replace(SHELF[0], title="<script>x</script>\u202e", after="it | ended")
    people = people_told([_hearing(Stand.COUNTS, "yes"), _hearing(Stand.OPEN)])
    before = before_told(recall((hostile,), {}, HARMFUL, most=1))
    page = render_page(harmless(), CARDS, people=people, before=before, **FACTS)
    markdown = render_markdown(harmless(), CARDS, people=people, before=before, **FACTS)
    for text in (page, markdown):
        assert "What people said" in text
        assert "What others did before" in text
        assert "<script>" not in text
        assert "\u202e" not in text
    assert 'href="#people"' in page
    assert "1 question nobody answered" in page
    plain = render_page(harmless(), CARDS, **FACTS)
    assert 'id="people"' not in plain
    assert 'id="before"' not in plain
