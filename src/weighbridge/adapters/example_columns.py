"""Which columns of a file a classifier takes, which holds the answer, and which names the person."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from weighbridge.core.candidate import Declared
from weighbridge.core.errors import nearest_hint
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Classifier, ColumnType, Table

# What the column of answers is called in data sets that are published; nothing else is guessed. Ours.
_USUAL_TARGETS = frozenset({"target", "label", "class", "y"})
_TEXT_INPUTS = ((), ("text",))  # names that say no more than that one text is wanted
_MOST_NAMES = 8
_ROW_FIELDS = ("person", "private_field", "canary_field", "secret_field")  # they are about a row, and no part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one table by what they are to the classifier, each by its name in this file."""

    table: Table
    inputs: tuple[str, ...]  # in the classifier's order
    target: str
    person: str  # empty: nobody is named
    beside: tuple[str, ...]  # all others, in the file's order


Holds = Callable[[Table, str], bool]  # whether all of a column's values are the classifier's classes


def lay_out(classifier: Classifier, table: Table, declared: Declared, holds: Holds) -> Layout:
    """Find the columns.

    Parameters
    ----------
    declared : of this table, with what it leaves out taken from the other tables of the candidate

    Raises
    ------
    Silent
        Where the owner has to say which column it is.
    """
    names = tuple(column.name for column in table.columns)
    target = _target(classifier, table, declared, holds)
    inputs = _inputs(classifier, table, declared, target)
    if target in inputs:
        not_measured(
            phrase("{label}: the column {name} is both what the model takes and its answer", label=table.label,
                   name=shown(target)),
            phrase(
                "add to the [[artefact]] of {label} in weighbridge.toml: target = the column that the model is to "
                "predict, features = the columns that it takes",
                label=table.label,
            ),
        )  # fmt: skip
    return Layout(
        table=table,
        inputs=inputs,
        target=target,
        person=declared.person if declared.person in names else "",
        beside=tuple(name for name in names if name not in inputs and name != target),
    )


def completed(declared: Declared, others: Sequence[Declared]) -> Declared:
    """What is declared of a table; what it leaves open is taken from the first other table that declares it.

    Only what names columns is taken over: files of one candidate have one layout unless they say otherwise.
    """
    given = {field.name: getattr(declared, field.name) for field in fields(declared)}
    for name in ("text_field", "target", "features", *_ROW_FIELDS):
        given[name] = given[name] or next((v for o in others if (v := getattr(o, name))), given[name])
    return Declared(**given)


def shown(*names: str) -> str:
    """Column names in a sentence: few, short and printable."""
    told = [name if name.isprintable() else ascii(name)[1:-1] for name in (name[:60] for name in names[:_MOST_NAMES])]
    return ", ".join(told) + (f" (+{len(names) - _MOST_NAMES})" if len(names) > _MOST_NAMES else "")


def _target(classifier: Classifier, table: Table, declared: Declared, holds: Holds) -> str:
    names = [column.name for column in table.columns]
    if table.declared.target and table.declared.target not in names:
        not_measured(
            phrase("{label} has no column {name}, which target names; {hint}", label=table.label,
                   name=shown(table.declared.target), hint=nearest_hint(table.declared.target, names)),
            phrase("mend target at the [[artefact]] of {label} in weighbridge.toml", label=table.label),
        )  # fmt: skip
    if declared.target in names:
        return declared.target
    usual = [name for name in names if name.strip().lower() in _USUAL_TARGETS and name not in classifier.inputs]
    if len(usual) == 1 and holds(table, usual[0]):
        return usual[0]
    example = usual[0] if usual else "COLUMN"
    return not_measured(
        phrase("it is not said which column of {label} holds the answer that the model should give", label=table.label),
        phrase(
            "add to the [[artefact]] of {label} in weighbridge.toml: target = {name}",
            label=table.label,
            name=_quoted(example),
        ),
    )


def inputs_unasked(classifier: Classifier, table: Table) -> tuple[str, ...]:
    """The columns to show to a classifier whose classes are not known yet; none where the answer's is not declared."""
    if not table.declared.target:
        return ()
    return _inputs(classifier, table, table.declared, table.declared.target)


def _inputs(classifier: Classifier, table: Table, declared: Declared, target: str) -> tuple[str, ...]:
    names = tuple(column.name for column in table.columns)
    apart = {target, *(getattr(declared, name) for name in _ROW_FIELDS)}
    rest = tuple(name for name in names if name not in apart)
    takes_text = classifier.n_inputs == 1 and classifier.inputs in _TEXT_INPUTS
    if takes_text and declared.text_field in rest:
        return (declared.text_field,)
    if classifier.inputs and set(classifier.inputs) <= set(names):
        return classifier.inputs
    if not classifier.inputs and not classifier.n_inputs:  # a server that does not say what it takes
        return _declared_features(classifier, table, declared.features) if declared.features else rest
    if declared.features:
        return _declared_features(classifier, table, declared.features)
    texts = tuple(column.name for column in table.columns if column.type is ColumnType.TEXT and column.name in rest)
    if takes_text and len(texts) == 1:
        return texts
    if not classifier.inputs and len(rest) == classifier.n_inputs:
        return rest
    return _unsaid(classifier, table, texts if takes_text else rest)


def _declared_features(classifier: Classifier, table: Table, features: tuple[str, ...]) -> tuple[str, ...]:
    names = [column.name for column in table.columns]
    missing = [name for name in features if name not in names]
    if missing or len(set(features)) != len(features):
        hint = nearest_hint(missing[0], names) if missing else ""
        not_measured(
            phrase("{label}: features names columns that are not there, or one twice: {columns}; {hint}",
                   label=table.label, columns=shown(*(missing or features)), hint=hint),
            phrase("mend features at the [[artefact]] of {label} in weighbridge.toml", label=table.label),
        )  # fmt: skip
    if classifier.n_inputs and len(features) != classifier.n_inputs:
        not_measured(
            phrase("{label}: features names {n} columns, and the model takes {m}", label=table.label, n=len(features),
                   m=classifier.n_inputs),
            phrase("mend features at the [[artefact]] of {label} in weighbridge.toml: the columns that the model "
                   "takes, in its order", label=table.label),
        )  # fmt: skip
    return features


def _unsaid(classifier: Classifier, table: Table, among: tuple[str, ...]) -> tuple[str, ...]:
    """Leave: nobody has said which columns the model takes."""
    names = [column.name for column in table.columns]
    missing = [name for name in classifier.inputs if name not in names]
    if missing and classifier.inputs not in _TEXT_INPUTS:
        because = phrase(
            "{label} has no column for what the model takes as {columns}", label=table.label, columns=shown(*missing)
        )
    else:
        because = phrase(
            "the model takes {n} columns, {label} has {m} that may be meant, and it is not said which",
            n=classifier.n_inputs,
            label=table.label,
            m=len(among),
        )
    fits = [name for name in among if name == shown(name)][: max(1, min(classifier.n_inputs, _MOST_NAMES))]
    if classifier.n_inputs == 1 and classifier.inputs in _TEXT_INPUTS:
        line = phrase(
            "add to the [[artefact]] of {label} in weighbridge.toml: text_field = {name}",
            label=table.label,
            name=_quoted(fits[0] if fits else "COLUMN"),
        )
    else:
        line = phrase(
            "add to the [[artefact]] of {label} in weighbridge.toml the {n} columns that the model takes, in its "
            "order, such as: features = {names}",
            label=table.label,
            n=classifier.n_inputs,
            names=json.dumps(fits or ["COLUMN"], ensure_ascii=False),
        )
    return not_measured(because, line)


def _quoted(name: str) -> str:
    return json.dumps(shown(name), ensure_ascii=False)
