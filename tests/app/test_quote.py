from __future__ import annotations

import pytest

from fakes.ledger import FakeLedger
from weighbridge.app.quote import Correction, Quotation, note_correction, note_quotation, quotations
from weighbridge.core.errors import Unusable

WRONG = Quotation(outlet="Zyxquorble Times", printed="it is so", meant="it is not", correction=Correction.NOT_ASKED)


def test_words_and_outlet_stay_out_of_the_chain() -> None:
    ledger = FakeLedger()
    note_quotation("toy", WRONG, ledger)
    assert "Zyxquorble" not in str(list(ledger.entries("toy")))
    (found,) = quotations("toy", ledger)
    assert (found.is_wrong, found.waits, ledger.text(found.printed)) == (True, True, "it is so")


def test_a_correction_moves_on_and_the_earlier_stays() -> None:
    ledger = FakeLedger()
    number = note_quotation("toy", WRONG, ledger).number
    note_quotation("toy", Quotation(outlet="b", printed="right"), ledger)
    for stands in (Correction.ASKED, Correction.MADE):
        note_correction("toy", number, stands, ledger)
    wrong, right = quotations("toy", ledger)
    assert (wrong.correction, wrong.waits, right.is_wrong) == (Correction.MADE, False, False)
    assert len(list(ledger.entries("toy"))) == 4


@pytest.mark.parametrize(
    "words",
    [
        Quotation(outlet=" ", printed="x"),
        Quotation(outlet="a", printed=""),
        Quotation(outlet="a", printed="x" * 20_001),
        Quotation(outlet="a", printed="x", meant="y"),
        Quotation(outlet="a", printed="x", correction=Correction.ASKED),
    ],
)
def test_what_is_no_quotation_is_refused(words: Quotation) -> None:
    with pytest.raises(Unusable, match="cannot keep"):
        note_quotation("toy", words, FakeLedger())


def test_only_a_wrong_quotation_is_corrected() -> None:
    ledger = FakeLedger()
    right = note_quotation("toy", Quotation(outlet="a", printed="x"), ledger).number
    for number in (right, 99):
        with pytest.raises(Unusable, match="no wrong quotation"):
            note_correction("toy", number, Correction.ASKED, ledger)
