import re
from xml.etree import ElementTree as ET

from replays import gpt2
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.tradeoffs import Swing
from weighbridge.core.wording import phrase
from weighbridge.report.tornado import tornado


def q(value: float, low: float, high: float) -> Quantity:
    return Quantity(
        metric="m", value=value, low=low, high=high, confidence=0.9, unit="1", n=9, n_of="world", basis=Basis.ASSUMED
    )


def swing(r: float, name: str = "a") -> Swing:
    return Swing(
        name=name, says=phrase("what <it> is worth"), correlation=q(r, r - 0.1, min(r + 0.1, 1)), share=q(0.5, 0.4, 0.6)
    )


def test_bars_go_left_for_less_and_right_for_more() -> None:
    drawn = tornado((swing(-0.8), swing(0.4, "b")))
    bars = re.findall(r'class="chart-bar" x="([\d.]+)%" width="([\d.]+)%"', drawn)
    assert bars == [("10.00", "40.00"), ("50.00", "20.00")]


def test_all_numbers_stand_in_the_text_alternative_and_nothing_is_markup() -> None:
    drawn = tornado((swing(-0.8),))
    root = ET.fromstring(drawn)  # noqa: S314  our own drawing
    said = root.find("{http://www.w3.org/2000/svg}desc")
    assert said is not None
    assert "-0.80" in str(said.text)
    assert "50" in str(said.text)
    assert "<it>" not in drawn


def test_the_case_is_drawn() -> None:
    assert gpt2().swings
    ET.fromstring(tornado(gpt2().swings))  # noqa: S314  likewise
