"""What is said beside the numbers: what was not declared, what was left out, what is released as it is. No values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from weighbridge.core.evidence import NotApplicable, NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Table
from weighbridge.probes.implicit_attributes.lexicon import kind_of
from weighbridge.probes.implicit_attributes.sources import COLUMNS
from weighbridge.probes.implicit_attributes.telling import Answer, Case

_MOST_NAMES, _LONGEST = 12, 60  # more columns, and longer names, are not spelt out


def suspects(table: Table) -> tuple[tuple[str, str], ...]:
    """Columns whose name says that they are sensitive, and what it says, where they were not declared so."""
    names = [c.name for c in table.columns if c.name not in table.declared.sensitive and len(c.name) <= _LONGEST]
    return tuple((name, kind) for name in names if (kind := kind_of(name)))[:_MOST_NAMES]


def undeclared(tables: Sequence[Table]) -> NotMeasured:
    """Nobody said what is sensitive; what the names say is told, and nothing is guessed."""
    because = phrase("nobody said which columns would hurt if known")
    for table in tables:
        found = suspects(table)
        if found:
            return NotMeasured(
                because=phrase(
                    "nobody said which columns would hurt if known, though {label} has {names}",
                    label=table.label, names=_listed(found),
                ),
                remedy=phrase(
                    "say it in weighbridge.toml, at the artefact {label}: {line}",
                    label=table.label, line=_line([name for name, _ in found]),
                ),
            )  # fmt: skip
    if not tables:
        return NotMeasured(
            because=because,
            remedy=phrase(
                "give the examples as a table or as JSONL, with such a column in it, and say in weighbridge.toml, at "
                'that artefact: sensitive = ["COLUMN"]'
            ),
        )
    return NotMeasured(
        because=because,
        remedy=phrase(
            'say it in weighbridge.toml, at the artefact {label}: sensitive = ["COLUMN"]', label=tables[0].label
        ),
    )


def on_table(table: Table, unknown: Sequence[str]) -> Iterator[Phrase]:
    """What of a released table was declared, and what not."""
    if unknown:
        yield phrase(
            "{label} has no column named {names}; mend sensitive = [...]", label=table.label, names=", ".join(unknown)
        )
    found = suspects(table)
    if found:
        yield phrase(
            "{label}: not declared sensitive, and so not tried: {names}; to try them, in weighbridge.toml: {line}",
            label=table.label, names=_listed(found),
            line=_line([*table.declared.sensitive, *(name for name, _ in found)]),
        )  # fmt: skip
    if table.declared.sensitive and not table.n_rows:
        yield phrase("{label} has no rows", label=table.label)


def on_case(case: Case, values: Sequence[int]) -> Iterator[Phrase]:
    """How a column was taken."""
    fields: dict[str, str | int] = {"column": case.column, "where": case.where}
    held = case.labels
    if case.source == COLUMNS:
        yield phrase(
            "{column} of {where} is released as it is: the numbers say what the other columns would still tell if it "
            "were taken out",
            **fields,
        )
    if held.n_missing:
        yield phrase("{column} ({where}): {n} rows have no value, and were left out", n=held.n_missing, **fields)
    if held.n_values <= 1:
        yield phrase("{column} ({where}): all rows have one value, so there is nothing to tell", **fields)
    elif held.is_halved and values:
        yield phrase("{column} ({where}): told is whether it lies above the middle", **fields)
    elif not values:
        yield phrase(
            "{column} ({where}): none of {n} values is had by enough people to be learnt, so it is not known whether "
            "it can be told; group them, such as 60-69 or a region",
            n=held.n_values,
            **fields,
        )
    elif held.n_values > held.n_named or len(values) < min(held.n_named, held.n_classes - 1):
        yield phrase(
            "{column} ({where}): {n} of {all} values were tried, each against all others; the rest are too rare or too "
            "many; for more: --set implicit-attributes.most_values={all}",
            n=len(values),
            all=held.n_values,
            **fields,
        )


def on_answer(answer: Answer) -> Iterator[Phrase]:
    """Whether the control came out as it should."""
    if answer.permuted.low > 0.5 or answer.permuted.high < 0.5:
        yield phrase(
            "{column} ({where}): with its values shuffled it is told as well, at {value:.3f} where 0.5 is due; do not "
            "lean on its numbers",
            column=answer.case.column,
            where=answer.case.where,
            value=answer.permuted.value,
        )


def not_looked(outcome: NotApplicable | NotMeasured) -> Phrase:
    """Why one of several sources gave nothing."""
    return phrase("not everything was tried: {because}", because=str(outcome.because))


def _listed(found: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in found)


def _line(names: Sequence[str]) -> str:
    return f"sensitive = {json.dumps(list(names), ensure_ascii=False)}"
