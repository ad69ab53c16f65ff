"""What a sensitive column might be told from: the rest of its table, what a model answers, what it computes inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bench, Classifier, Examples, Floats, Ints, LanguageModel, Table
from weighbridge.probes.implicit_attributes.labels import labels
from weighbridge.probes.implicit_attributes.linear import narrowed
from weighbridge.probes.implicit_attributes.telling import Case

COLUMNS, OUTPUTS, EMBEDDINGS = "columns", "outputs", "embeddings"
_SUREST = 1e-12  # a chance nearer to 0 or 1 than this says no more: float32 ends before
_OPERATIONS_PER_SECOND = 2e10  # as for other probes of language models
_TEXT = "text"  # the column that holds the text where none is declared
_TEXT_BYTES = 16  # of a text so many bytes a token are read: more than any tokenizer needs for a window


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that the settings and the time allowed give."""

    records: int
    most_values: int
    most_numbers: int
    window_tokens: int


def every(bench: Bench) -> tuple[Table, ...]:
    """All tables there are."""
    return tuple(table for role in Role for table in bench.tables(role))


def declared(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sensitive columns of a table, and names declared so that no column has."""
    names = {column.name for column in table.columns}
    wanted = tuple(dict.fromkeys(table.declared.sensitive))
    return tuple(n for n in wanted if n in names), tuple(n for n in wanted if n not in names)


def of_table(bench: Bench, table: Table, limits: Limits) -> Iterator[Case]:
    """Each sensitive column of a released table, from all its other columns save that which names the person."""
    sensitive, _ = declared(table)
    if not sensitive or not table.n_rows:
        return
    names = [column.name for column in table.columns]
    rows = _drawn(bench, table, names, limits.records)
    person = table.declared.person
    groups = groups_of(rows.column(person)) if person in names else np.arange(rows.num_rows)
    for name in sensitive:
        others = [other for other in names if other not in (name, person)]
        if others:
            yield Case(
                source=COLUMNS, column=name, where=table.label, inputs=rows.select(others), baseline=None,
                groups=groups,
                labels=labels(rows.column(name), most=limits.most_values), is_all=rows.num_rows == table.n_rows,
                n_of="person" if person in names else "row",
            )  # fmt: skip


def of_classifier(bench: Bench, limits: Limits) -> tuple[tuple[Case, ...], tuple[Phrase, ...]]:
    """Each sensitive column of the classifier's examples, from its answers and from what it computes before them."""
    classifier = bench.classifier()
    roles = [role for role in (Role.HELD_OUT, Role.TRAIN_DATA) if bench.has(role)] or [Role.TRAIN_DATA]
    sides = [bench.examples(role, limits.records) for role in roles]  # rows never seen in training, where there are any
    examples, notes = sides[0], [*classifier.notes]
    cells, outright = _sensitive(examples, [side.declared for side in sides])
    if outright:
        notes.append(phrase("{names} is what the model predicts: it says it outright", names=", ".join(outright)))
    sensitive = tuple(cells)
    if not sensitive or not examples.n:
        return (), tuple(notes)
    answer = pa.array(examples.targets).cast(pa.string())
    features: dict[str, pa.Table | Floats] = {OUTPUTS: _answers(_predicted(bench, classifier, examples), answer)}
    inside = _embedded(bench, classifier, examples)
    if inside is not None:
        notes += _mixed(inside, limits.most_numbers)
        few = narrowed(inside, limits.most_numbers, bench.generator("mixture"))
        features[EMBEDDINGS] = np.concatenate([few, np.eye(len(classifier.classes))[examples.targets]], axis=1)
    made = tuple(
        Case(
            source=source, column=name, where=source, inputs=given,
            baseline=pa.table({"answer": answer}), groups=examples.persons,
            labels=labels(cells[name], most=limits.most_values),
            is_all=examples.n + examples.n_repeated + examples.n_shared + examples.n_unlabelled == examples.n_records,
            n_of="person" if examples.declared.person else "row",
        )
        for source, given in features.items()
        for name in sensitive
    )  # fmt: skip
    return made, tuple(notes)


def of_language_model(bench: Bench, limits: Limits) -> tuple[tuple[Case, ...], tuple[Phrase, ...]]:
    """Each sensitive column beside a text, from the last hidden layer over the text's beginning."""
    beside = [(table, column) for table in every(bench) if (column := text_column(table)) and declared(table)[0]]
    if not beside:
        return (), ()
    model = bench.language_model()
    made: list[Case] = []
    notes: list[Phrase] = list(model.notes)
    for table, column in beside:
        sensitive, _ = declared(table)
        n = min(limits.records, _texts_afforded(bench, model, limits.window_tokens, len(beside)))
        rows = _drawn(bench, table, list(dict.fromkeys((column, *sensitive, *_person(table)))), n)
        hidden, kept = _hidden(bench, model, rows.column(column).cast(pa.string()).to_pylist(), limits.window_tokens)
        if not len(kept):
            continue
        notes += _mixed(hidden, limits.most_numbers)
        few = narrowed(hidden, limits.most_numbers, bench.generator("mixture", table.label))
        rows, is_all = rows.take(pa.array(kept)), rows.num_rows == table.n_rows
        groups = groups_of(rows.column(table.declared.person)) if _person(table) else np.arange(rows.num_rows)
        made += [
            Case(
                source=EMBEDDINGS, column=name, where=table.label, baseline=None, groups=groups, is_all=is_all,
                inputs=few,
                labels=labels(rows.column(name), most=limits.most_values), n_of="person" if _person(table) else "text",
            )
            for name in sensitive
        ]  # fmt: skip
    return tuple(made), tuple(notes)


def text_column(table: Table) -> str:
    """The column that holds the text; none where there is none."""
    name = table.declared.text_field or _TEXT
    return name if any(column.name == name for column in table.columns) else ""


def groups_of(cells: pa.ChunkedArray) -> Ints:
    """Equal numbers for equal persons; who is not named is a person alone."""
    coded = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    coded = pa.concat_arrays(coded.chunks) if isinstance(coded, pa.ChunkedArray) else coded
    codes = np.array(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes


def _person(table: Table) -> Sequence[str]:
    """The column that names the person, where it is there."""
    name = table.declared.person
    return (name,) if any(column.name == name for column in table.columns) else ()


def _drawn(bench: Bench, table: Table, names: Sequence[str], n: int) -> pa.Table:
    """Up to `n` rows without replacement, in the file's order."""
    chosen = np.sort(bench.generator("rows", table.label).permutation(table.n_rows)[:n])
    parts, start = [], 0
    for batch in table.batches(names):
        bench.progress(start, table.n_rows, "rows")
        inside = chosen[(chosen >= start) & (chosen < start + batch.num_rows)] - start
        parts.append(pa.Table.from_batches([batch]).take(pa.array(inside)))
        start += batch.num_rows
    return pa.concat_tables(parts)


def _sensitive(examples: Examples, said: Sequence[Declared]) -> tuple[dict[str, pa.ChunkedArray], tuple[str, ...]]:
    """The sensitive columns by the names that a file has for them, and those that the model predicts.

    What is declared beside one file holds for the examples of another; the model may call its inputs otherwise.
    """
    inputs, beside = examples.inputs, examples.beside
    cells: dict[str, pa.ChunkedArray] = {}
    answers = {declared.target for declared in said if declared.target}
    outright = dict.fromkeys(name for declared in said for name in declared.sensitive if name in answers)
    for declared in said:
        named = len(declared.features) == inputs.num_columns
        names = declared.features if named else tuple(inputs.column_names)
        for name in declared.sensitive:
            if name in outright or name in cells:
                continue
            if name in names:
                cells[name] = inputs.column(names.index(name))
            elif name in beside.column_names:
                cells[name] = beside.column(name)
    return cells, tuple(outright)


def _predicted(bench: Bench, classifier: Classifier, examples: Examples) -> Floats:
    bench.progress(0, examples.n, "rows")
    return classifier.predict_proba(examples.inputs)


def _answers(chances: Floats, answer: pa.Array) -> pa.Table:
    """The log-odds of every class (of two, one says it all), and the right answer."""
    kept = np.clip(chances[:, 1:] if chances.shape[1] == 2 else chances, _SUREST, 1 - _SUREST)
    odds = np.log(kept) - np.log1p(-kept)
    return pa.table({**{f"odds {n}": pa.array(column) for n, column in enumerate(odds.T)}, "answer": answer})


def _embedded(bench: Bench, classifier: Classifier, examples: Examples) -> Floats | None:
    bench.progress(0, examples.n, "rows")
    found = classifier.embed(examples.inputs)
    return None if found is None or not np.isfinite(found).all() else found


def _mixed(values: Floats, most: int) -> Iterator[Phrase]:
    if values.shape[1] > most:
        yield phrase(
            "the {width} numbers inside the model were mixed into {most}; to use each: "
            "--set implicit-attributes.most_numbers={width}",
            width=values.shape[1],
            most=most,
        )


def _texts_afforded(bench: Bench, model: LanguageModel, tokens: int, n_tables: int) -> int:
    """Texts of one table that a quarter of the time allowed affords; two operations for each parameter and token."""
    return bench.budget.affords(4 * n_tables * 2.0 * model.n_parameters * tokens / _OPERATIONS_PER_SECOND)


def _hidden(bench: Bench, model: LanguageModel, texts: Sequence[str | None], tokens: int) -> tuple[Floats, Ints]:
    """The last hidden layer of each text's beginning, and which texts have one; those of one length go together."""
    length = min(tokens, model.context_tokens)
    encoded = [ids[:length] for ids in model.encode([(text or "")[: length * _TEXT_BYTES] for text in texts])]
    sizes = np.array([len(ids) for ids in encoded], dtype=np.int64)
    kept = np.flatnonzero(sizes)
    found: dict[int, Floats] = {}
    for size in np.unique(sizes[kept]).tolist():
        bench.progress(len(found), len(kept), "texts")
        rows = np.flatnonzero(sizes == size).tolist()
        hidden = model.hidden(np.stack([encoded[row] for row in rows]))
        found.update(zip(rows, hidden, strict=True))
    return np.stack([found[row] for row in kept.tolist()]) if len(kept) else np.zeros((0, 0)), kept
