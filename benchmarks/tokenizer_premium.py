"""Our tokens per language against a published table: every cell that can be had must be equal.

The table is that of Petrov et al. 2023 (Language Model Tokenizers Introduce Unfairness Between Languages, NeurIPS;
`assets/tokenization_lengths.csv` beside their code): the length of FLORES-200 in 204 languages under some twenty-five
tokenizers. Nine of them can be had without a download: GPT-2's ranks (GPT-2, r50k_base, RoBERTa), p50k (p50k_base,
p50k_edit), cl100k, and characters and bytes (UTF-32, CANINE, ByT5).

The text is dev and devtest put together as lines, with a space where a line ends. Each file ends in a line of its own
that is empty, so there are two spaces between dev and devtest: that one character is what makes UTF-32 and CANINE one
more than the characters of both files (as if it were a byte-order mark), ByT5 one more than their bytes.

    python benchmarks/tokenizer_premium.py --flores ARCHIVE --ranks DIR --table CSV

Exits with 1 if a cell differs, 2 if something cannot be read. No language without its cell is passed over in silence.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from weighbridge.adapters.languages.flores import read_flores
from weighbridge.adapters.models.rank_file import RankTokenizer, open_rank_file
from weighbridge.core.errors import WeighbridgeError
from weighbridge.core.evidence import Silent

Count = Callable[[str], int]
OF_RANKS = {
    "r50k_base": ("GPT-2", "r50k_base", "RoBERTa"),
    "p50k_base": ("p50k_base", "p50k_edit"),
    "cl100k_base": ("cl100k_base",),
}
OF_SIGNS: dict[Count, tuple[str, ...]] = {len: ("UTF-32", "CANINE"), lambda text: len(text.encode()): ("ByT5",)}


def texts(flores: Path) -> dict[str, str]:
    """The text of each language by its code, as the table's authors put it together."""
    parts: dict[str, dict[str, str]] = {}
    for split in read_flores(flores):
        parts.setdefault(split.code, {})[split.part] = split.text
    return {
        code: f"{of['dev']}\n{of['devtest']}".replace("\n", " ")
        for code, of in parts.items()
        if of.keys() == {"dev", "devtest"}
    }


def ranked(folder: Path) -> Iterator[tuple[Count, tuple[str, ...]]]:
    """What counts with each rank file there is, and the columns that it should give."""
    for name, columns in OF_RANKS.items():
        for file in (folder / f"{name}.tiktoken", folder / f"{name}.tiktoken.gz"):
            if file.exists():
                yield _counting(open_rank_file(file, label=file.name)), columns
                break


def _counting(tokenizer: RankTokenizer) -> Count:
    return lambda text: int(tokenizer.n_tokens([text])[0])


def codes(table: Path) -> dict[str, str]:
    """FLORES' code of each language by the name that the table gives it, from the map that lies beside it."""
    with (table.parent / "flores_language_map.csv").open(encoding="utf-8", newline="") as stream:
        return {row[0].strip(): row[1].strip() for row in csv.reader(stream) if len(row) > 1}


def compare(by_code: dict[str, str], table: Path, counting: list[tuple[Count, tuple[str, ...]]]) -> Counter[str]:
    """Compare every cell; prints those that differ, and what is known of each column."""
    named, told = codes(table), Counter[str]()
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        text = by_code.get(named.get(row["Language"].strip(), ""))
        if text is None:
            print(f"no text for {row['Language']}")
            told["missing"] += 1
            continue
        for count, columns in counting:
            ours = count(text)
            for column in columns:
                theirs = int(row[column])
                told["cells"] += 1
                told["equal"] += ours == theirs
                if ours != theirs:
                    print(f"{row['Language']}, {column}: {ours:,} here, {theirs:,} in the table")
    return told


def main(argv: list[str] | None = None) -> int:
    """Read, count, compare; the last line says how many cells there are and how many are equal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, says in (
        ("--flores", "archive or folder of FLORES-200"),
        ("--ranks", "folder with r50k_base.tiktoken and others, also .gz"),
        ("--table", "the published table; flores_language_map.csv lies beside it"),
    ):
        parser.add_argument(name, type=Path, required=True, help=says)
    given = parser.parse_args(argv)
    started = time.process_time()
    try:
        counting = [*ranked(given.ranks), *OF_SIGNS.items()]
        told = compare(texts(given.flores), given.table, counting)
    except (WeighbridgeError, Silent, OSError, KeyError, ValueError) as error:
        print(f"cannot compare: {error}", file=sys.stderr)
        return 2
    columns = [column for _count, of in counting for column in of]
    print(f"columns: {', '.join(columns)}; {time.process_time() - started:.1f} CPU-seconds")
    print(f"cells {told['cells']} equal {told['equal']}")
    return 0 if told["cells"] == told["equal"] > 0 and not told["missing"] else 1


if __name__ == "__main__":
    sys.exit(main())
