import os
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

from report.weighings import CARDS, EDITION, EVERY, EXTRACTION, HOSTILE, REPEAT, hostile, reciting, silence
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import install
from weighbridge.report.answer import answer_lines
from weighbridge.report.page import render_page

VOID = {"meta", "br", "link", "img", "input", "hr"}
SILENT = {"style", "script"}
AXE = Path(os.environ.get("WEIGHBRIDGE_AXE", Path(__file__).parents[2] / ".tools" / "axe.min.js"))
CHROMIUM = Path(os.environ.get("WEIGHBRIDGE_CHROMIUM", "/usr/bin/chromium"))


class Reader(HTMLParser):
    """Reads a page: its tags with attributes, text with the tags around it, and whether every tag is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.around: list[tuple[str, dict[str, str]]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, list[tuple[str, dict[str, str]]]]] = []
        self.feed(page)
        self.close()
        assert not self.around, f"not closed: {self.around}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {key: value or "" for key, value in attrs}
        self.tags.append((tag, had))
        if tag not in VOID:
            self.around.append((tag, had))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        opened, _attributes = self.around.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        if data.strip() and not SILENT & {tag for tag, _attributes in self.around}:
            self.texts.append((data.strip(), list(self.around)))

    def ids(self) -> list[str]:
        return [had["id"] for _tag, had in self.tags if "id" in had]


def rendered(weighing: Weighing) -> str:
    return render_page(weighing, CARDS, repeat=REPEAT, **EDITION)


@pytest.fixture(params=EVERY, ids=[made.__name__ for made in EVERY])
def weighing(request: pytest.FixtureRequest) -> Weighing:
    made: Callable[[], Weighing] = request.param
    return made()


def test_it_is_well_formed_and_the_same_each_time(weighing: Weighing) -> None:
    page = rendered(weighing)
    ids = Reader(page).ids()
    assert len(ids) == len(set(ids))
    assert page == rendered(weighing)


def test_nothing_is_loaded_and_nothing_runs(weighing: Weighing) -> None:
    page = rendered(weighing)
    read = Reader(page)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _had in read.tags}
    for _tag, had in read.tags:
        assert not [name for name in had if name.startswith("on") or name in {"src", "srcset", "action", "style"}]
        assert had.get("href", "#").startswith("#")
    assert "default-src 'none'" in page
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_links_lead_somewhere(weighing: Weighing) -> None:
    read = Reader(rendered(weighing))
    assert {had["href"][1:] for _tag, had in read.tags if "href" in had} <= set(read.ids())
    named = [had[name] for _tag, had in read.tags for name in ("aria-labelledby",) if name in had]
    assert {key for names in named for key in names.split()} <= set(read.ids())


def test_headings_landmarks_and_tables_are_right(weighing: Weighing) -> None:
    tags = Reader(rendered(weighing)).tags
    levels = [int(tag[1]) for tag, _had in tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [tag for tag, _had in tags]
    assert all(names.count(tag) == 1 for tag in ("main", "nav", "footer"))
    assert all("scope" in had for tag, had in tags if tag == "th")
    assert names.count("table") == names.count("caption")
    assert all(had.get("role") == "img" for tag, had in tags if tag == "svg" and had.get("class") == "chart")
    assert dict(tags)["html"] == {"lang": "en", "dir": "ltr"}


def test_the_answer_comes_first_then_limits_then_what_is_not_answered(weighing: Weighing) -> None:
    page = rendered(weighing)
    order = ["answer", "limits", "unanswered", "next", "measured", "weighed"]
    assert [had["id"] for tag, had in Reader(page).tags if tag == "section"] == order


def test_readers_meet_not_yet_answered_and_never_an_open_finding() -> None:
    text = " ".join(text for text, _around in Reader(rendered(reciting())).texts)
    assert "not yet answered" in text.lower()
    assert not re.search(r"open (finding|question|rule)|\bnull\b|p-value|Clopper|Bonferroni|confidence", text)


def test_all_lines_of_the_answer_are_shown(weighing: Weighing) -> None:
    shown = {text for text, _around in Reader(rendered(weighing)).texts}
    for line in answer_lines(weighing):
        assert any(line.endswith(text) for text in shown), line


def test_the_dose_response_is_drawn_with_its_words() -> None:
    page = rendered(reciting())
    described = page.split('id="verbatim-extraction-0-0-desc">')[1].split("</desc>")[0]
    assert [part.split(";")[0] for part in re.split(r"; (?=\d+:)", described)] == [
        "1: none of 4 suffixes", "4: 50 in 100", "16: all of 4 suffixes", "64: all of 4 suffixes",
    ]  # fmt: skip


def test_silence_and_failure_are_shown_with_reason_and_remedy() -> None:
    text = " ".join(text for text, _around in Reader(rendered(silence())).texts)
    assert "The probe broke at scan.py:41." in text
    assert "The files are a pickle, which is never opened." in text
    assert "Save the model as safetensors" in text


def test_each_probe_says_what_a_clean_result_does_not_show_and_how_to_repeat_it() -> None:
    page = rendered(reciting())
    assert EXTRACTION.cannot_show in page
    assert "weighbridge weigh examples/novel-lm --probe verbatim-extraction --seed 7" in page


def test_hostile_names_are_text_and_cannot_reorder_it() -> None:
    page = rendered(hostile())
    assert "alert(1)" in page
    assert "{{7*7}}" in page
    assert "&lt;script&gt;" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", page)
    inside = [around[-1] for text, around in Reader(page).texts if text.startswith("x</title>")]
    assert inside
    assert HOSTILE not in page


def test_every_sentence_passes_the_catalogue(weighing: Weighing, brackets: type) -> None:
    install(brackets())
    texts = Reader(rendered(weighing)).texts
    data = sorted({text for text, around in texts if is_data(around)}, key=len, reverse=True)
    bare = []
    for _block, parts in groupby(texts, key=lambda found: id(block(found[1]))):
        told = " ".join(text for text, around in parts if not is_data(around))
        left = outside_brackets(told)
        for text in data:  # names in the text of a picture, where nothing can mark them
            left = left.replace(text, "")
        if re.search(r"[^\W\d_]", left):
            bare.append(told)
    assert bare == []


def block(around: list[tuple[str, dict[str, str]]]) -> tuple[str, dict[str, str]]:
    return next(
        part for part in reversed(around) if part[0] not in {"span", "bdi", "a", "strong", "tspan", "code", "text"}
    )


def is_data(around: list[tuple[str, dict[str, str]]]) -> bool:
    return any(had.get("translate") == "no" for _tag, had in around)


def outside_brackets(text: str) -> str:
    left, depth = "", 0
    for character in text:
        depth += character == "["
        left += character if depth == 0 else ""
        depth -= character == "]"
    return left


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium, or set WEIGHBRIDGE_CHROMIUM")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-sync"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=quiet)
        yield opened
        opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1100])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    weighing: Weighing, browser: Any, scheme: str, width: int
) -> None:
    if not AXE.exists():
        pytest.skip(f"no axe-core at {AXE}: put axe.min.js there, or set WEIGHBRIDGE_AXE")
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True)
    asked: list[str] = []
    view = context.new_page()
    view.on("request", lambda request: asked.append(request.url))
    view.set_content(rendered(weighing))
    view.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    view.evaluate(AXE.read_text(encoding="utf-8"))
    result = view.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in result["violations"]] == []
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == []
    context.close()


@pytest.mark.slow
def test_it_prints_with_all_that_is_folded_away(browser: Any) -> None:
    context = browser.new_context(offline=True)
    view = context.new_page()
    view.set_content(rendered(reciting()))
    view.emulate_media(media="print", color_scheme="dark")
    digest = view.locator("#probe-verbatim-extraction details .digest")
    assert digest.bounding_box()["height"] > 0
    assert view.evaluate("getComputedStyle(document.body).color") == "rgb(27, 34, 38)"
    assert view.pdf(format="A4", tagged=True).startswith(b"%PDF")
    context.close()


def test_every_colour_of_text_stands_out_from_every_ground_in_both_themes() -> None:
    style = rendered(silence())
    light, dark = re.findall(r":root \{([^}]*--ink[^}]*)\}", style)
    for theme in (light, dark):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", theme))
        for text in ("ink", "muted", "accent", "cleared", "waiting", "ruled"):
            for ground in ("paper", "card"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for ground in ("accent-soft", "waiting-soft", "ruled-soft"):
            assert contrast(colours["ink"], colours[ground]) >= 4.5, ground
            assert contrast(colours["muted"], colours[ground]) >= 4.5, ground


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, definitions of relative luminance and contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
