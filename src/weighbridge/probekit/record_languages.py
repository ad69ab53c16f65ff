"""In which language each record is that a classifier takes: as declared, or identified where it is one text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Silent, not_applicable, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.labelled import Strings
from weighbridge.probekit.languages import UNKNOWN
from weighbridge.probekit.ports import Bench, Examples

_REMEDY = 'at the held-out data in weighbridge.toml: language_field = "COLUMN", or language = "LANGUAGE"'


def check_languages(bench: Bench) -> None:
    """Leave where the records are in no language: neither one text each, nor declared to be in one."""
    classifier = bench.classifier()
    said = [a.declared for a in bench.candidate.artefacts]
    if classifier.n_inputs == 1 or any(d.language or d.language_field for d in said):
        return
    _leave(bench)


def _leave(bench: Bench) -> None:
    """Nothing says in which language the records are: a fault where a claim does, else no fault."""
    if bench.candidate.claims.languages:
        says = phrase("it is claimed for languages, and nobody said in which language its records are")
        not_measured(says, phrase(_REMEDY))
    not_applicable(phrase("the classifier takes no text, and its records are declared to be in no language"))


def tags_of(bench: Bench, examples: Examples) -> tuple[Strings, list[Phrase]]:
    """The canonical tag of each record, UNKNOWN where there is none."""
    declared = {a.label: a.declared for a in bench.candidate.of_role(Role.HELD_OUT)}
    labels, languages = np.asarray(examples.labels, dtype=object), bench.languages()
    spelt = np.full(examples.n, UNKNOWN, dtype=object)
    for label in np.unique(labels.astype(str)).tolist():
        here = labels == label
        spelt[here] = _spelt(examples, declared.get(label, examples.declared))[here]
    tags, n_wrong = np.full(examples.n, UNKNOWN, dtype=object), 0
    for name in np.unique(spelt.astype(str)).tolist():
        found = languages.find(name) if name else None
        tags[spelt == name] = found.tag if found else UNKNOWN
        n_wrong += 0 if found or not name else int((spelt == name).sum())
    notes = [phrase("{n} records bear a tag that is no language's", n=n_wrong)] if n_wrong else []
    bare = np.flatnonzero(spelt == UNKNOWN)
    if len(bare) and _is_text(examples.inputs):
        try:
            heard = languages.identify(examples.inputs.column(0).take(pa.array(bare)).fill_null("").to_pylist())
            tags[bare] = [one.language for one in heard]
            notes.append(phrase("the language of {n} records was not declared, and was identified", n=len(bare)))
        except Silent as silent:
            notes.append(silent.outcome.because)
    elif len(bare) == examples.n:
        _leave(bench)
    return tags, notes


def _spelt(examples: Examples, declared: Declared) -> Strings:
    """The tag that is declared of each record, as it is spelt."""
    whole = np.full(examples.n, declared.language or UNKNOWN, dtype=object)
    if not declared.language_field:
        return whole
    for table in (examples.beside, examples.inputs):
        if declared.language_field in table.column_names:
            column = table.column(declared.language_field).cast(pa.string()).fill_null("").to_pylist()
            return np.asarray([tag.strip() or all_ for tag, all_ in zip(column, whole, strict=True)], dtype=object)
    return whole


def _is_text(inputs: pa.Table) -> bool:
    kind = inputs.schema.types[0] if inputs.num_columns == 1 else pa.null()
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
