"""Real sentences in known shares, through the real registry and identifiers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from weighbridge.adapters.languages.flores import read_flores
from weighbridge.core.evidence import Measured, Quantity
from weighbridge.wiring import Options, measure_path

pytest.importorskip("pycld2", reason="telling languages apart is an extra")
pytest.importorskip("language_data", reason="the registry's figures are an extra")

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "language"
# Documents by variety; the last is in no language that the identifiers know.
SHARES = {"eng_Latn": 200, "swh_Latn": 80, "zho_Hans": 60, "yor_Latn": 40, "kmb_Latn": 20}
ROMANISED = "mujhe aaj bazaar jana hai aur doodh lana hai kyunki ghar mein khatam ho gaya"


@pytest.fixture(scope="module")
def mixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Quantity, ...]:
    flores = DATA / "flores200_dataset.tar.xz"
    if not flores.exists():
        pytest.skip("FLORES-200 is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    folder = tmp_path_factory.mktemp("mixture")
    by_code = {split.code: split.sentences for split in read_flores(flores, part="devtest")}
    texts = [text for code, n in SHARES.items() for text in by_code[code][:n]] + [ROMANISED] * 10
    (folder / "texts.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    (folder / "weighbridge.toml").write_text(
        'name = "mixture"\nlanguages = ["eng", "swa", "cmn-Hans", "iw"]\n[[artefact]]\nrole = "data"\npath = "texts.jsonl"\n'
    )
    options = Options(home=folder / "home", language_data=DATA)
    _candidate, (found,) = measure_path(folder, ("language-coverage",), options)
    assert isinstance(found.outcome, Measured)
    assert dict(found.asked.under)["language-data"].startswith("sha256:")
    return found.outcome.quantities


def of(mixture: tuple[Quantity, ...], metric: str, **by: str) -> Quantity:
    (one,) = [q for q in mixture if q.metric == metric and dict(q.by) == by]
    return one


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "eng_Latn"), ("sw", "swh_Latn"), ("zh", "zho_Hans"), ("yo", "yor_Latn")]
)
def test_the_share_of_each_language_is_found(mixture: tuple[Quantity, ...], tag: str, code: str) -> None:
    n = sum(SHARES.values()) + 10
    share = of(mixture, "language-share", of="data", language=tag).value
    assert SHARES[code] / n * 0.85 <= share <= SHARES[code] / n  # some sentences are unknown, none is added


def test_what_nobody_knows_is_unknown(mixture: tuple[Quantity, ...]) -> None:
    assert of(mixture, "unknown-share", of="data").value >= 29 / 410  # romanised, or in Kimbundu
    assert of(mixture, "language-share", of="data", language="other").value < 0.01
    assert of(mixture, "script-share", of="data", script="Hani").value == pytest.approx(60 / 410, abs=0.01)


def test_the_claim_is_met_by_tag_and_not_by_spelling(mixture: tuple[Quantity, ...]) -> None:
    assert of(mixture, "claimed-share", language="zh").value > 0.1
    assert of(mixture, "claimed-share", language="he").high == 0  # none of the unknown is in Hebrew letters
    assert of(mixture, "unclaimed-share").value == pytest.approx(40 / 410, abs=0.02)


def test_both_sources_tell_the_worlds_share(mixture: tuple[Quantity, ...]) -> None:
    shares = [of(mixture, "world-speakers", among="claimed", source=source).value for source in ("CLDR", "LinguaMeta")]
    assert all(0.2 < share < 0.4 for share in shares)
    assert shares[0] != shares[1]
