from hypothesis import given
from hypothesis import strategies as st

from report.weighings import EXTRACTION, REPEAT, UNIQUE, evidence, exact, share
from weighbridge.core.evidence import Failed, Measured, NotApplicable, NotMeasured
from weighbridge.core.wording import phrase
from weighbridge.report.measurement import place_of, probe_told, split


def test_silence_has_its_reason_and_its_remedy() -> None:
    quiet = NotMeasured(because=phrase("there is no training text"), remedy=phrase("Name it in the candidate file"))
    told = probe_told(evidence(EXTRACTION.slug, quiet), EXTRACTION, REPEAT)
    assert (told.outcome_words, told.because, told.remedy) == (
        "not measured",
        "There is no training text.",
        "Name it in the candidate file",
    )
    gone = probe_told(evidence(EXTRACTION.slug, NotApplicable(because=phrase("no model"))), EXTRACTION, REPEAT)
    assert (gone.outcome_words, gone.because, gone.remedy) == ("does not apply here", "No model.", "")
    assert not gone.cannot_show


def test_what_broke_is_said_plainly() -> None:
    told = probe_told(evidence(EXTRACTION.slug, Failed(error=phrase("it broke"))), EXTRACTION, REPEAT)
    assert told.outcome_words == "broke off"
    assert told.because == "It broke."
    assert "Run it again" in told.remedy


def test_a_command_can_be_pasted_and_names_only_what_was_changed() -> None:
    done = evidence(EXTRACTION.slug, Measured(quantities=()), (("prefix", 24), ("suffix", 50), ("trust", True)))
    assert probe_told(done, EXTRACTION, ("weighbridge", "weigh", "my model")).command == (
        "weighbridge weigh 'my model' --probe verbatim-extraction --seed 7"
        " --set verbatim-extraction.prefix=24 --set verbatim-extraction.trust=true"
    )


def test_without_its_card_a_probe_still_has_its_numbers() -> None:
    told = probe_told(evidence("gone", Measured(quantities=(share("m", 1, 4, "row", b="2", a="x"),))), None, REPEAT)
    assert (told.title, told.question, told.drawings) == ("gone", "", ())
    (metric,) = told.metrics
    assert metric.says == "m"
    assert metric.rows[0].by == (("a", "x", True), ("b", "2", True))


def test_numbers_come_in_the_cards_order_the_whole_before_its_parts() -> None:
    got = (
        exact("smallest-class", 1, 9, "person", unit="count"),
        *(exact("unique-share", v, 9, "person", combination=c) for c, v in (("a", 0.1), ("b", 0.9))),
        *(exact("unique-share", 0.5, 9, "person", columns=c) for c in ("3", "1")),
        exact("unique-share", 0.5, 9, "person"),
    )
    unique, smallest = probe_told(evidence(UNIQUE.slug, Measured(quantities=got)), UNIQUE, REPEAT).metrics
    assert smallest.name == "smallest-class"
    assert [[value for _axis, value, _own in row.by] for row in unique.rows] == [[], ["1"], ["3"], ["b"], ["a"]]


@given(st.lists(st.integers(1, 12), max_size=4), st.integers(1, 20))
def test_no_number_is_lost_when_many_are_folded_away(sizes: list[int], most: int) -> None:
    got = [share(f"m{place}", 1, 4, "row", a=str(n)) for place, size in enumerate(sizes) for n in range(size)]
    metrics = probe_told(evidence("x", Measured(quantities=tuple(got))), None, REPEAT).metrics
    first, rest = split(metrics, most)
    assert sum(len(m.rows) for m in first) <= most * 5 // 4
    together = {(m.name, row) for part in (first, rest) for m in part for row in m.rows}
    assert together == {(m.name, row) for m in metrics for row in m.rows}
    assert all(m.rows for m in (*first, *rest))


def test_what_was_imported_is_told_as_such_and_two_reports_stay_apart() -> None:
    settings = (("claimed-by", "security"), ("file", "sha256:1"), ("tool", "garak"))
    one = evidence("imported-garak", Measured(quantities=()), settings)
    told = probe_told(one, None, ("weighbridge", "weigh", "my model"))
    assert told.outcome_words == "read from another tool's report"
    assert told.command == "weighbridge import-report 'my model' FILE --as security"
    other = evidence("imported-garak", Measured(quantities=()), (*settings, ("tool-version", "2")))
    assert place_of(one) != place_of(other)
    assert place_of(evidence("p", Measured(quantities=()))) == "probe-p"
