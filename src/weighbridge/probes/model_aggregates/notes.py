"""What is said beside the figures, and where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from weighbridge.core.evidence import NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probes.model_aggregates.attacks import Tried
from weighbridge.probes.model_aggregates.tables import Encoded, Trio
from weighbridge.probes.model_aggregates.texts import Heard


def no_outputs() -> Phrase:
    """Nothing that a model made."""
    return phrase("no made-up table and no texts of a model are named: none has the role samples or outputs")


def no_texts_named() -> NotMeasured:
    """A language model without outputs."""
    return NotMeasured(
        because=phrase("what the model writes was not gathered: no texts of it are named"),
        remedy=phrase(
            "let it write a thousand texts to prompts like those of its users, one a line of JSONL, and name it: "
            '[[artefact]] role = "outputs" path = "FILE"'
        ),
    )


def no_originals(label: str) -> NotMeasured:
    """Nothing to compare with."""
    return NotMeasured(
        because=phrase("what {label} was made from is not at hand, or shares no two columns with it", label=label),
        remedy=phrase(
            'name it in weighbridge.toml: [[artefact]] role = "train-data" path = "FILE" component = "evidence-only"'
        ),
    )


def no_control(label: str) -> NotMeasured:
    """No rows that it was not made from."""
    return NotMeasured(
        because=phrase(
            "{label}: without rows of the same kind that it was not made from, nobody can tell a leak from a likeness; "
            "that rows are unlike the originals clears nothing",
            label=label,
        ),
        remedy=phrase(
            "keep a tenth of the originals back before making it, and name them: "
            '[[artefact]] role = "held-out" path = "FILE" component = "evidence-only"'
        ),
    )


def not_kept_back(label: str) -> NotMeasured:
    """The control is among the originals."""
    return NotMeasured(
        because=phrase(
            "{label}: the held-out rows are among those that it was made from, so that they are no control", label=label
        ),
        remedy=phrase("name rows that were kept back before it was made, or take those out that stand in both files"),
    )


def too_few(label: str, n: int, least: int) -> NotMeasured:
    """Too few rows."""
    return NotMeasured(
        because=phrase("{label}: {n} rows of a table are too few to tell anything", label=label, n=n),
        remedy=phrase(
            "give at least {least} made-up rows, originals and held-out rows; better a thousand", least=least
        ),
    )


def too_few_texts(n: int, least: int) -> NotMeasured:
    """Too few texts."""
    return NotMeasured(
        because=phrase("{n} texts of the model are too few to tell what they tell together", n=n),
        remedy=phrase(
            'let it write at least {least} texts, better a thousand, and name them: role = "outputs"', least=least
        ),
    )


def no_texts() -> NotMeasured:
    """Texts that cannot be read."""
    return NotMeasured(
        because=phrase("no text of the model could be read"),
        remedy=phrase('name the column of the text in weighbridge.toml: text_field = "COLUMN"'),
    )


def too_long(label: str, seconds: int) -> NotMeasured:
    """More pairs than the time allows."""
    return NotMeasured(
        because=phrase("{label}: comparing its rows takes longer than the time allowed", label=label),
        remedy=phrase(
            "allow more time: --budget {seconds}; or compare fewer rows: --set model-aggregates.rows=2000",
            seconds=seconds,
        ),
    )


def on_table(trio: Trio, table: Encoded, n: Sequence[int], tried: Tried) -> Iterator[Phrase]:
    """What was compared."""
    yield phrase(
        "{label}: {made} made-up rows were attacked for {originals} originals and {control} held-out rows, "
        "over {columns} columns",
        label=trio.made.label, made=n[0], originals=n[1], control=n[2], columns=len(trio.columns),
    )  # fmt: skip
    if table.compared < 1:
        yield phrase(
            "{label}: only {percent} of 100 made-up rows were compared; upper ends take the rest to give away as much: "
            "--set model-aggregates.made_rows={n}",
            label=trio.made.label, percent=round(100 * table.compared), n=trio.made.n_rows,
        )  # fmt: skip
    if table.left_out:
        yield phrase(
            "{label}: left out, since they only number rows: {columns}",
            label=trio.made.label, columns=", ".join(table.left_out),
        )  # fmt: skip
    if table.worded:
        yield phrase(
            "{label}: {n} columns of names or texts are compared by whether a value stands there as it is",
            label=trio.made.label, n=len(table.worded),
        )  # fmt: skip
    if "singling-out" not in tried.attempts:
        yield phrase(
            "{label}: too few things are true of one made-up row only, so that singling out was not tried",
            label=trio.made.label,
        )


def no_text_control() -> Phrase:
    """Nothing to compare texts with."""
    return phrase(
        "how often people's own texts name somebody is not known; name some: "
        '[[artefact]] role = "human-text" path = "FILE"'
    )


def no_training_text() -> Phrase:
    """The training text is not at hand."""
    return phrase(
        "whether what identifies people stands in the training text is not known: name that: "
        '[[artefact]] role = "train-data" path = "FILE" component = "evidence-only"'
    )


def on_texts(outputs: Heard) -> Iterator[Phrase]:
    """What was looked at."""
    yield phrase(
        "{n} texts of the model were read; intervals take them as drawn independently, which answers to one prompt "
        "are not",
        n=outputs.n,
    )
