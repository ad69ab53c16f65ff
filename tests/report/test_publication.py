from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.test_decide import DRAFT
from app.test_gate import Yard, yard
from fakes.staged import DRAFT as STAGED
from fakes.staged import Staged, make_staged, with_samples
from report.test_page import AXE, Reader, browser
from weighbridge.app.decide import Draft, Reason
from weighbridge.app.publish import Publication, publish
from weighbridge.app.reopen import Happening, reopen
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import SignerRole, Statement, Waiver
from weighbridge.core.envelope import opened
from weighbridge.core.rungs import Rung
from weighbridge.report.publication import render_publication

__all__ = ["browser", "yard"]

HOSTILE = "</script><script>alert(1)</script> <b>&amp; ﻿\u202e"


def _site(folder: Path, publication: Publication) -> Path:
    folder.mkdir(exist_ok=True)
    for file in render_publication(publication, when="2026-01-02", version="0"):
        (folder / file.name).write_bytes(file.data)
    return folder


@pytest.fixture
def site(yard: Yard, tmp_path: Path) -> Path:
    conditions = ("only after the audit of the northern office", HOSTILE)
    yard.decides(replace(DRAFT, conditions=conditions))
    yard.signs(SignerRole.OWNER, "somebody else")
    return _site(tmp_path / "site", publish(yard.ledger, yard.ring, yard.clock.now()))


def _page(site: Path) -> Path:
    return next(path for path in site.glob("decision-*.html") if "northern" in path.read_text())


def test_pages_are_whole_and_nothing_is_loaded(site: Path) -> None:
    for path in site.glob("*.html"):
        reader = Reader(path.read_text())
        asked = {v for _tag, had in reader.tags for key, v in had.items() if key in ("src", "href")}
        assert all((site / word).exists() for word in asked), asked
    assert len(list(site.glob("*.html"))) == 3


def test_the_facts_are_those_of_the_envelope(site: Path) -> None:
    page = _page(site)
    envelope = opened(next(site.glob(f"{page.stem}-1.dsse.json")).read_bytes())
    told = json.loads((site / f"{page.stem}.json").read_text())
    assert told["digest"] == envelope.decision.digest
    assert (
        base64.b64decode(told["signatures"][0]["envelope"]) == next(site.glob(f"{page.stem}-1.dsse.json")).read_bytes()
    )
    reader = Reader(page.read_text())
    assert {had["data-fact"] for _tag, had in reader.tags if "data-fact" in had} >= {
        "/name", "/plan/weights", "/expires", "/conditions/0", "/released/0/digest",
    }  # fmt: skip


def test_a_ledger_without_decisions(tmp_path: Path) -> None:
    site = _site(tmp_path / "none", Publication(decisions=(), unsigned=0))
    assert [path.name for path in site.iterdir()] == ["index.html"]
    assert "Nothing was decided and signed yet." in (site / "index.html").read_text()


def test_nothing_in_it_ends_the_element_that_holds_it(site: Path) -> None:
    text = _page(site).read_text()
    assert text.count("</script>") == 2
    assert "<b>" not in text


@pytest.fixture
def view(browser: Any) -> Iterator[Any]:
    context = browser.new_context(offline=True, viewport={"width": 360, "height": 900})
    yield context.new_page()
    context.close()


def _verdicts(view: Any, page: Path) -> list[str]:
    view.goto(page.as_uri())
    view.wait_for_selector("body[data-done]", timeout=10_000)
    return [output.text_content() for output in view.query_selector_all("output")]


@pytest.mark.slow
def test_the_browser_verifies_from_the_disk(site: Path, view: Any) -> None:
    for page in site.glob("decision-*.html"):
        told = _verdicts(view, page)
        assert told
        assert all(text.startswith("verified") for text in told)


@pytest.mark.slow
def test_a_departure_is_verified_with_the_rest(yard: Yard, tmp_path: Path, view: Any) -> None:
    reason = Reason(arguments=(Argument.BENEFIT,), says="not yet", component=Component.WEIGHTS)
    yard.decides(Draft(plan=(("weights", Rung.WITHHELD),), expires=DRAFT.expires, reason=(reason,)))
    yard.signs(SignerRole.OWNER, "somebody else")
    site = _site(tmp_path / "site", publish(yard.ledger, yard.ring, yard.clock.now()))
    (page,) = (path for path in site.glob("decision-*.html") if "/departures/0/cleared/0" in path.read_text())
    assert [text.startswith("verified") for text in _verdicts(view, page)] == [True]
    assert "not yet" not in page.read_text().partition('<script type="application/json"')[0].partition("<main>")[2]
    page.write_text(
        page.read_text().replace(
            '/departures/0/cleared/0"><bdi translate="no">withheld',
            '/departures/0/cleared/0"><bdi translate="no">gated',
        )
    )
    assert [text.startswith("does not fit") for text in _verdicts(view, page)] == [True]


def _flipped(text: str, at: int) -> str:
    letter = "A" if text[at] != "A" else "B"
    return text[:at] + letter + text[at + 1 :]


def _changes(text: str) -> dict[str, str]:
    embedded = text.index('id="data">')
    payload = text.index('"payload": "', embedded) + 40
    signature = text.index('"sig": "', embedded) + 20
    key = text.index('"keys": {"', embedded) + 10 + 64 + 4 + 10
    return {
        "a byte of the payload": _flipped(text, payload),
        "a byte of the signature": _flipped(text, signature),
        "a byte of the key": _flipped(text, key),
        "the rung on the page": text.replace('data-fact="/plan/weights"><bdi translate="no">open', 'data-fact="/plan/weights"><bdi translate="no">gated'),
        "a condition on the page": text.replace("audit of the northern office<", "audit of the southern office<"),
        "a condition taken out": text.replace('<li data-item><span data-fact="/conditions/0">', "<li><span>"),
        "another role": text.replace('data-approval="role">owner', 'data-approval="role">community'),
        "another day": text.replace('data-approval="signed_at">2026', 'data-approval="signed_at">2025'),
        "another digest": text.replace("data-digest>", "data-digest>x"),
    }  # fmt: skip


@pytest.mark.slow
def test_the_browser_tells_what_was_changed(site: Path, view: Any) -> None:
    page = _page(site)
    text = page.read_text()
    for what, changed in _changes(text).items():
        assert changed != text, what
        page.write_text(changed)
        assert [told.startswith("does not fit") for told in _verdicts(view, page)] == [True], what


@pytest.mark.slow
def test_without_a_script_it_can_be_read(site: Path, browser: Any) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    opened_page = context.new_page()
    opened_page.goto(_page(site).as_uri())
    text = opened_page.text_content("body")
    assert "only after the audit of the northern office" in text
    assert "without a script, verify the file with another tool" in text
    context.close()


@pytest.mark.slow
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(site: Path, browser: Any) -> None:
    if not AXE.exists():
        pytest.skip(f"no axe-core at {AXE}: put axe.min.js there, or set WEIGHBRIDGE_AXE")
    context = browser.new_context(offline=True, bypass_csp=True, viewport={"width": 360, "height": 900})
    opened_page = context.new_page()
    for page in site.glob("*.html"):
        opened_page.goto(page.as_uri())
        opened_page.evaluate(AXE.read_text(encoding="utf-8"))
        result = opened_page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in result["violations"]] == []
        assert opened_page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """The site of a staged decision with a risk statement, of which the first stage is open, and of the one before."""
    made = make_staged(tmp_path)
    small = replace(STAGED.stage[0].criterion[0], at_least=1e-7, where=())
    stages = (replace(STAGED.stage[0], criterion=(small, *STAGED.stage[0].criterion[1:])), *STAGED.stage[1:])
    said = Statement(says=f"It buys the northern office a year. {HOSTILE}", figures=digest_of_bytes(b"f"))
    made.weighs(0.9, candidate=with_samples())
    made.decides(replace(STAGED, stage=stages, statement=said))
    made.signs()
    made.opened("gated")
    return _site(tmp_path / "site", _published(made))


def _published(made: Staged) -> Publication:
    return publish(made.ledger, made.ring, made.clock.now(), policy=made.policy, cards=made.books.cards)


def test_stages_criteria_and_days_are_public(staged: Path) -> None:
    page = _page(staged)
    text = page.read_text()
    for said in ("2026-03-01", "2026-02-01", "Two newsrooms run the detector.", "It buys the northern office a year."):
        assert said in text
    assert "stage <" not in text
    told = json.loads((staged / f"{page.stem}.json").read_text())
    assert [(s["name"], s["state"], len(s["signatures"])) for s in told["stages"]] == [
        ("gated", "open", 2),
        ("all", "waiting", 0),
    ]
    envelope = (staged / f"{page.stem}-gated-1.dsse.json").read_bytes()
    assert base64.b64decode(told["stages"][0]["signatures"][0]["envelope"]) == envelope
    assert "I saw it" not in "".join(path.read_text() for path in staged.iterdir())


def test_a_staged_decision_that_was_cut_short_says_so(staged: Path) -> None:
    earlier = next(path for path in staged.glob("decision-*.html") if "northern" not in path.read_text())
    assert "A later decision took its place before 2 stages were open." in earlier.read_text()


@pytest.mark.slow
def test_the_browser_verifies_stages_and_statement(staged: Path, view: Any) -> None:
    page = _page(staged)
    assert all(text.startswith("verified") for text in _verdicts(view, page))
    text = page.read_text()
    changes = {
        "a day": ('/stages/0/by"><bdi translate="no">2026-03-01', '/stages/0/by"><bdi translate="no">2027-03-01'),
        "a bound": ('at_least"><bdi translate="no">1e-7', 'at_least"><bdi translate="no">1e-8'),
        "a criterion taken out": ('<li data-item><span data-fact="/stages/0/criterion/1', '<li><span data-fact="/stages/0/criterion/1'),
        "a stage taken out": ('<li data-item><span data-fact="/stages/1', '<li><span data-fact="/stages/1'),
        "the statement taken out": ("data-optional><p data-item>", "data-optional><p>"),
    }  # fmt: skip
    for what, (before, after) in changes.items():
        assert before in text, what
        page.write_text(text.replace(before, after))
        assert all(told.startswith("does not fit") for told in _verdicts(view, page)), what


def test_what_turned_the_answer_is_public(yard: Yard, tmp_path: Path) -> None:
    reopen("c", Happening(what="a substitute of the northern office"), yard.ledger, trigger=7)
    site = _site(tmp_path / "site", publish(yard.ledger, yard.ring, yard.clock.now()))
    (page,) = site.glob("decision-*.html")
    assert "something came up that turned the answer" in page.read_text()
    assert "northern" not in page.read_text()


def test_a_waiver_is_public(yard: Yard, tmp_path: Path) -> None:
    waiver = Waiver(
        rule="a-stop", component=Component.WEIGHTS, authority="the board", because="it is needed", expires="2026-03-01"
    )
    (shown,) = publish(yard.ledger, yard.ring, yard.clock.now()).decisions
    made = replace(shown, decision=replace(shown.decision, waivers=(waiver,)))
    site = _site(tmp_path / "waived", Publication(decisions=(made,), unsigned=2))
    (page,) = site.glob("decision-*.html")
    assert "the board" in page.read_text()
    assert "2 decisions more" in (site / "index.html").read_text()
