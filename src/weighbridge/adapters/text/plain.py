"""Plain text as documents: a line or a paragraph each."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.adapters.tables.streams import DataFile, lines, open_text, unusable
from weighbridge.core.candidate import Documents as Cut
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _

MAX_DOCUMENT_BYTES = 16 << 20  # ours: more than any book
_GUESSED_FROM_BYTES = 1 << 20


def guessed_cut(file: DataFile) -> Cut:
    """How the first MiB looks cut: into paragraphs where blank lines part blocks of which one has several lines."""
    blocks = longest = length = read = 0
    with open_text(file) as stream:
        for line in lines(stream, file.label):
            read += len(line)
            length = length + 1 if line.strip() else 0
            blocks += length == 1
            longest = max(longest, length)
            if read > _GUESSED_FROM_BYTES or (blocks > 1 and longest > 1):
                break
    return Cut.PARAGRAPH if blocks > 1 and longest > 1 else Cut.LINE


def documents(file: DataFile, cut: Cut) -> Iterator[str]:
    """The documents of a file, without the line ends around them.

    A blank line is a document of its own where lines are, so that its number is that of the line; between paragraphs it
    is none. Lines end in LF or CRLF, and nothing else ends a line.
    """
    with open_text(file) as stream:
        told = (line.decode().removesuffix("\n").removesuffix("\r") for line in lines(stream, file.label))
        yield from told if cut is Cut.LINE else _paragraphs(told, file.label)


def _paragraphs(told: Iterator[str], label: str) -> Iterator[str]:
    block: list[str] = []
    size = count = 0
    for line in told:
        if line.strip():
            block.append(line)
            size += len(line) + 1
            if size > MAX_DOCUMENT_BYTES:
                raise too_long(label, count + 1)
        elif block:
            yield "\n".join(block)
            block, size, count = [], 0, count + 1
    if block:
        yield "\n".join(block)


def too_long(label: str, record: int) -> Unusable:
    """The error for a document that no batch can hold."""
    return unusable(
        label,
        _("document {n} is longer than {limit} MiB").format(n=record, limit=MAX_DOCUMENT_BYTES >> 20),
        _('split it; if each line is a document, add documents = "line" to its [[artefact]] in weighbridge.toml'),
    )
