import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.weighings import HOSTILE, exact, share
from weighbridge.core.card import PictureKind
from weighbridge.core.evidence import Quantity
from weighbridge.report.charts import Chart, Mark, draw

NS = "{http://www.w3.org/2000/svg}"


def chart(*marks: Mark, axis: str = "how often") -> Chart:
    return Chart(key="k", title="Title", axis=axis, marks=marks)


def parsed(kind: PictureKind, drawn: Chart) -> ET.Element:
    return ET.fromstring(draw(kind, drawn))  # noqa: S314  our own bytes, just made


def texts(root: ET.Element) -> list[str]:
    return ["".join(part.itertext()).replace("\N{NO-BREAK SPACE}", " ") for part in root.iter(f"{NS}text")]


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [part for part in root.iter() if name in part.get("class", "").split()]


DOSE = chart(*(Mark(label=r, quantity=share("m", h, 4, "suffix")) for r, h in (("1", 0), ("4", 2), ("16", 4))))


@pytest.mark.parametrize("kind", list(PictureKind))
def test_a_picture_has_a_name_and_all_its_numbers_as_text(kind: PictureKind) -> None:
    root = parsed(kind, DOSE)
    assert root.get("role") == "img"
    ids = {part.get("id"): "".join(part.itertext()) for part in root.iter() if part.get("id")}
    assert [ids[name] for name in root.get("aria-labelledby", "").split()] == ["Title", "; ".join(DOSE.told)]
    assert "1: none of 4 suffixes" in "; ".join(DOSE.told)
    assert draw(kind, DOSE) == draw(kind, DOSE)


def test_a_curve_shows_dots_whiskers_n_and_the_bound_where_nothing_was_found() -> None:
    root = parsed(PictureKind.LINE, DOSE)
    assert len(of_class(root, "chart-dot")) == 3
    assert len(of_class(root, "chart-zero")) == 1
    assert len(of_class(root, "chart-whisker")) == 9
    shown = texts(root)
    assert {"1", "4", "16", "0 of 4", "up to 61 %", "50 %", "of 4", "100 %", "how often"} <= set(shown)


def test_dots_rise_with_what_they_show() -> None:
    heights = [float(dot.get("cy", "0")) for dot in of_class(parsed(PictureKind.LINE, DOSE), "chart-dot")]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]


def test_bars_without_a_hit_stay_visible() -> None:
    root = parsed(PictureKind.BARS, DOSE)
    (hollow,) = of_class(root, "chart-zero")
    assert float(hollow.get("width", "0")) > 0
    assert hollow.get("fill") == "none"
    assert "0 of 4: up to 61 %" in texts(root)
    widths = [float(bar.get("width", "").rstrip("%")) for bar in of_class(root, "chart-bar") if bar is not hollow]
    assert widths == [50, 100]


def test_what_was_counted_over_all_has_no_whiskers() -> None:
    counted = chart(Mark(label="a", quantity=exact("m", 0.25, 4000, "person")))
    for kind in PictureKind:
        assert not of_class(parsed(kind, counted), "chart-whisker")


def test_a_figure_is_large_and_says_how_sure_it_is() -> None:
    root = parsed(PictureKind.FIGURE, chart(Mark(label="", quantity=share("m", 0, 48, "suffix")), axis=""))
    shown = texts(root)
    assert shown[0] == "0 %"
    assert "up to 7.4 in 100" in " ".join(shown)


def test_a_difference_may_be_negative() -> None:
    q = Quantity(metric="m", value=-0.1, low=-0.3, high=0.1, confidence=0.95, unit="1", n=10, n_of="row")
    root = parsed(PictureKind.BARS, chart(Mark(label="a", quantity=q)))
    (bar,) = of_class(root, "chart-bar")
    assert float(bar.get("width", "").rstrip("%")) > 0
    assert "−10 %" in texts(root)


def test_long_labels_wrap_where_they_fit_and_are_slanted_where_they_do_not() -> None:
    def curve(labels: list[str]) -> str:
        return draw(PictureKind.LINE, chart(*(Mark(label=v, quantity=share("m", 1, 4, "row")) for v in labels)))

    assert "rotate" not in curve(["one two three four", "five six seven eight"])
    slanted = curve(["age, household size, district", *(str(n) for n in range(9))])
    assert slanted.count("rotate(-45)") == 10
    assert "(of 4)" in slanted


def test_labels_a_little_too_long_are_staggered_and_no_word_breaks() -> None:
    marks = [Mark(label=v, quantity=share("m", 1, 4, "row")) for v in ("1", "2", "3", "declared", "identifier")]
    root = parsed(PictureKind.LINE, chart(*marks))
    labels = {"".join(part.itertext()): part.get("y") for part in of_class(root, "chart-label")}
    assert set(labels) == {"1", "2", "3", "declared", "identifier"}
    assert labels["declared"] != labels["identifier"]


def test_many_labels_are_thinned_out() -> None:
    marks = [Mark(label=f"week {n}", quantity=share("m", 1, 4, "row")) for n in range(24)]
    assert draw(PictureKind.LINE, chart(*marks)).count("rotate(") == 12


@pytest.mark.parametrize("kind", list(PictureKind))
def test_hostile_labels_stay_text(kind: PictureKind) -> None:
    drawn = draw(kind, chart(Mark(label=HOSTILE, quantity=share("m", 0, 4, HOSTILE), is_data=True), axis=HOSTILE))
    ET.fromstring(drawn)  # noqa: S314  our own bytes, just made
    assert "<script" not in drawn
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", drawn)


SHARES = st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)).map(lambda t: share("m", min(t), max(t), "row"))


@given(st.lists(SHARES, min_size=1, max_size=12), st.sampled_from(PictureKind))
def test_nothing_is_drawn_outside_the_picture(quantities: list[Quantity], kind: PictureKind) -> None:
    marks = [Mark(label=str(place), quantity=q) for place, q in enumerate(quantities)]
    root = parsed(kind, chart(*marks))
    height = float(root.get("height", "0"))
    for part in root.iter():
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(part.get(name, "0")) <= height
        for name in ("x", "x1", "x2", "width"):
            value = part.get(name, "0")
            assert not value.endswith("%") or 0 <= float(value[:-1]) <= 100.01
