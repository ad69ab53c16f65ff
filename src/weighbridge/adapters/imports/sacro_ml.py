"""A report of SACRO-ML (report.json): how well its attacks on a classifier told members, and completed their records.

A number is taken only where the file holds what its interval needs: shares with the number of records they are of, and
an AUC with the numbers of both kinds. What is drawn between points, and accuracies of an unsaid number of records, are
left out, and the notes say so. Names of columns are not taken: a report may be read by more people than the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.imports.reading import (
    NoReport,
    Table,
    as_count,
    as_share,
    count,
    hits_of,
    opened,
    parsed,
    share,
    table,
    tables,
    text,
)
from weighbridge.app.import_report import Report
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected, difference, largest
from weighbridge.maths.roc import auc_interval_of_counts

TOOL, READER = "sacro-ml", 1
VERSIONS = ("2.0.0", "2.0.1")  # those whose reports were made and read; another may mean other things by its words
CONFIDENCE = 0.95
MOST_BYTES = 64 << 20  # ours: arrays lie in files of their own, so that a report is some kilobytes
_MOST_NUMBERS = 5000
_ROUNDED = 1e-6  # figures are written with eight decimals
_MEMBERSHIP = {"WorstCase attack": "worst-case", "LiRA Attack": "likelihood-ratio", "QMIA Attack": "quantile"}
_COMPLETION = "Attribute inference attack"
# Their figures have no interval: accuracies without a number of records, and flags that follow from fixed thresholds.
_FLAGS = {
    "Structural Attack": (
        "gen_error_risk", "unnecessary_risk", "dof_risk", "k_anonymity_risk", "class_disclosure_risk",
        "smallgroup_risk", "lowvals_cd_risk",
    ),
    "Instance-Based Model Attack": ("is_instance_based", "data_leakage_confirmed"),
    "Meta Attack": (),
}  # fmt: skip
_RUN = re.compile(r"instance_(\d{1,5})")
_MEMBERS, _OTHERS = "training data", "other"
By = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A number before it is known how many others it must hold together with."""

    metric: str
    by: By
    n: int
    made: Callable[[float], Interval]  # at a confidence


def read_sacro_ml(path: Path) -> Report:
    """What SACRO-ML's attacks found, with intervals made anew.

    Raises
    ------
    NoReport
        For a file that is no report of a known version.
    Outside
        For what cannot be read.
    """
    with opened(path, MOST_BYTES) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:  # it grows while it is read
        raise NoReport(f"it is larger than {MOST_BYTES >> 20} MiB")
    attacks = _attacks(parsed(data, "the file"))
    numbers = [number for attack in attacks for number in _numbers(attack)]
    if len(numbers) > _MOST_NUMBERS:
        raise NoReport(f"it has more than {_MOST_NUMBERS} numbers")
    if len({(number.metric, number.by) for number in numbers}) < len(numbers):
        raise NoReport("it holds two reports of one attack: import each as a file of its own")
    notes = tuple(note for attack in attacks for note in _notes(attack))
    if not numbers and not notes:
        raise NoReport("it holds no result that can be read")
    versions = {text(table(attack, "metadata"), "sacroml_version") for attack in attacks}
    if len(versions) > 1:
        raise NoReport("it holds reports of several versions: import each as a file of its own")
    return Report(
        tool=TOOL, tool_version=versions.pop(), reader=READER, file=digest_of_bytes(data),
        quantities=tuple(_quantities(numbers)), notes=(*_how(numbers), *dict.fromkeys(notes)),
    )  # fmt: skip


def _attacks(found: Table) -> tuple[Table, ...]:
    """The reports in the file, one for each attack, all of a known version and kind."""
    attacks = tables({"reports": list(found.values())}, "reports")
    if not attacks:
        raise NoReport("it holds no report of an attack")
    for attack in attacks:
        said = table(attack, "metadata")
        if text(said, "sacroml_version") not in VERSIONS:
            known = ", ".join(VERSIONS)
            raise NoReport(f"it is of a version whose reports were never read here; known: {known}")
        if text(said, "attack_name") not in (*_MEMBERSHIP, _COMPLETION, *_FLAGS):
            raise NoReport("it holds a report of an attack that is not known here")
    return attacks


def _numbers(attack: Table) -> Iterator[_Number]:
    name = text(table(attack, "metadata"), "attack_name")
    if name in _MEMBERSHIP:
        for run, result in _runs(attack):
            yield from _membership((("attack", _MEMBERSHIP[name]), ("run", str(run))), result)
    elif name == _COMPLETION:
        for _run, result in _runs(attack):
            yield from _completion(result)


def _runs(attack: Table) -> Iterator[tuple[int, Table]]:
    logged = table(table(attack, "attack_experiment_logger"), "attack_instance_logger")
    for key in logged:
        matched = _RUN.fullmatch(key)
        if matched is None:
            raise NoReport("attack_instance_logger should hold tables under instance_0, instance_1, ...")
        yield int(matched[1]) + 1, table(logged, key)


def _membership(by: By, result: Table) -> Iterator[_Number]:
    members, others = count(result, "n_pos_test_examples"), count(result, "n_neg_test_examples")
    if not members or not others:
        raise NoReport("an attack on membership was tried on no members, or on nobody else")
    found = hits_of(share(result, "TPR"), members, "TPR")
    wrong = hits_of(share(result, "FPR"), others, "FPR")
    if abs(abs(found / members - wrong / others) - share(result, "Advantage")) > _ROUNDED:
        raise NoReport("its advantage is not the difference of its rates")
    area, least = share(result, "AUC"), min(members, others)
    yield from (
        _Number(metric="true-positive-rate", by=by, n=members, made=_of(clopper_pearson, found, members)),
        _Number(metric="false-positive-rate", by=by, n=others, made=_of(clopper_pearson, wrong, others)),
        _Number(metric="advantage", by=by, n=least, made=_of(difference, found, members, wrong, others)),
        _Number(metric="auc", by=by, n=least, made=lambda c: auc_interval_of_counts(area, members, others, c)),
    )


def _completion(result: Table) -> Iterator[_Number]:
    """Columns of categories have their number of records with them; those of numbers have that of the others."""
    categorical, numeric = tables(result, "categorical"), tables(result, "quantitative")
    sizes: dict[str, int] = {}
    for n, column in enumerate(categorical, start=1):
        told = {records: _told(column, key) for records, key in ((_MEMBERS, "train"), (_OTHERS, "test"))}
        for records, (right, commonest, of) in told.items():
            if sizes.setdefault(records, of) != of:
                raise NoReport("its columns are of different numbers of records")
            by = (("column", str(n)), ("records", records))
            yield _Number(metric="completed-share", by=by, n=of, made=_of(clopper_pearson, right, of))
            yield _Number(metric="commonest-share", by=by, n=of, made=_exactly(commonest / of))
        yield _gap(n, {records: (right, of) for records, (right, _commonest, of) in told.items()})
    if not sizes:
        return
    for n, column in enumerate(numeric, start=len(categorical) + 1):
        hits = {}
        for records, key in ((_MEMBERS, "train"), (_OTHERS, "test")):
            of = sizes[records]
            hits[records] = (hits_of(share(column, key), of, key), of)
            by = (("column", str(n)), ("records", records))
            yield _Number(metric="completed-share", by=by, n=of, made=_of(clopper_pearson, *hits[records]))
        yield _gap(n, hits)


def _gap(n: int, hits: dict[str, tuple[int, int]]) -> _Number:
    counts = (*hits[_MEMBERS], *hits[_OTHERS])
    return _Number(
        metric="completion-gap", by=(("column", str(n)),), n=min(counts[1], counts[3]), made=_of(difference, *counts)
    )


def _told(column: Table, key: str) -> tuple[int, int, int]:
    """Records completed rightly, records with the commonest value, and all records.

    SACRO-ML writes: right, named at all, per cent of the commonest value, values, records.
    """
    row = column.get(key)
    if not isinstance(row, list) or len(row) != 5:
        raise NoReport(f"{key} should hold five numbers")
    right, tried, _values, of = (as_count(row[at], key) for at in (0, 1, 3, 4))
    percent = row[2]
    if not isinstance(percent, int | float) or not right <= tried <= of or not of:
        raise NoReport("its counts contradict each other")
    return right, hits_of(as_share(min(percent / 100, 1.0), key), of, key), of


def _of(interval: Callable[..., Interval], *counts: int) -> Callable[[float], Interval]:
    return lambda confidence: interval(*counts, confidence=confidence)


def _exactly(value: float) -> Callable[[float], Interval]:
    return lambda _confidence: Interval(value, value, value)


def _quantities(numbers: list[_Number]) -> Iterator[Quantity]:
    """The highest of each metric that has one, then each number; all intervals of a metric hold together."""
    for metric in dict.fromkeys(number.metric for number in numbers):
        of_it = [number for number in numbers if number.metric == metric]
        is_exact = metric == "commonest-share"
        each = 1.0 if is_exact else corrected(CONFIDENCE, len(of_it))
        intervals = [number.made(each) for number in of_it]
        if metric in ("advantage", "auc", "completion-gap"):
            highest = largest(intervals)
            pairs = zip(of_it, intervals, strict=True)
            n = min(number.n for number, interval in pairs if interval.value == highest.value)
            yield _quantity(f"highest-{metric}", highest, CONFIDENCE, (), n)
        for number, interval in zip(of_it, intervals, strict=True):
            yield _quantity(metric, interval, each, number.by, number.n)


def _quantity(metric: str, interval: Interval, confidence: float, by: By, n: int) -> Quantity:
    return Quantity(
        metric=metric, value=interval.value, low=interval.low, high=interval.high, confidence=confidence, unit="1",
        n=n, n_of="record", by=by, basis=Basis.TESTIFIED,
    )  # fmt: skip


def _how(numbers: Iterable[_Number]) -> Iterator[Phrase]:
    metrics = {number.metric for number in numbers}
    if metrics:
        yield phrase(
            "All intervals were made anew from the counts in the file; those of one kind of number hold together. "
            "Runs of one attack share records, and are not taken together."
        )
    if "auc" in metrics:
        yield phrase(
            "The file does not hold the scores behind an AUC: its interval holds whatever they are, and is wide."
        )


def _notes(attack: Table) -> Iterator[Phrase]:
    """What the file says and gives no interval for, in our words; of what it says only known flags are named."""
    name = text(table(attack, "metadata"), "attack_name")
    if name in _MEMBERSHIP:
        yield phrase(
            "Rates at a fixed small rate of false alarms are not taken over: the file lacks what they rest on."
        )
        return
    if name == _COMPLETION:
        for _run, result in _runs(attack):
            if tables(result, "quantitative") and not tables(result, "categorical"):
                yield phrase(
                    "Shares of columns of numbers are not taken over: the file does not say of how many records."
                )
        return
    raised = sorted({flag for _run, result in _runs(attack) for flag in _FLAGS[name] if result.get(flag) is True})
    if raised:
        yield phrase(
            "{attack}: it raises {flags}. These follow from fixed thresholds and have no interval.",
            attack=name, flags=", ".join(raised),
        )  # fmt: skip
    else:
        yield phrase(
            "{attack}: no number is taken over, for the file holds none with what its interval needs.", attack=name
        )
