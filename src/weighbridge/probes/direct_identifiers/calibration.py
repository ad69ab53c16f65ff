"""A known weight: tables and texts made of words, into which so many identifiers were put and no more."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_TABLE, _TEXTS = "visits.csv", "notes.txt"
_ROWS, _DOCUMENTS = 60, 40
_SAID = "water came late and the road was closed so they walked back before the rain while others stayed near a well"
_WORDS = tuple(_SAID.split())


def _prose(rng: np.random.Generator) -> str:
    """Words, dates, amounts, versions and long numbers: much that looks like an identifier and is none."""
    words = [_WORDS[i] for i in rng.integers(0, len(_WORDS), 30)]
    decoys = (
        f"2023-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}",
        f"{rng.integers(10**17, 10**18)}{rng.integers(10**7, 10**8)}",
        f"v{rng.integers(1, 9)}.{rng.integers(0, 30)}.{rng.integers(0, 9)}", f"{rng.integers(1, 999)},000",
        f"0.{rng.integers(10**8, 10**9)}", f"10.0.0.{rng.integers(1, 255)}", "help@example.org", "+1 212 555 0142",
    )  # fmt: skip
    words.insert(int(rng.integers(0, 30)), decoys[int(rng.integers(0, len(decoys)))])
    return " ".join(words)


def _card(rng: np.random.Generator) -> str:
    body = [5, 3, *rng.integers(0, 10, 13).tolist()]
    doubled = sum(d if at % 2 else (2 * d - 9 if d > 4 else 2 * d) for at, d in enumerate(body))
    digits = "".join(map(str, [*body, -doubled % 10]))
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def _identifier(rng: np.random.Generator) -> str:
    made = (
        f"{_WORDS[rng.integers(0, 5)]}.{rng.integers(10, 99)}@{_WORDS[rng.integers(5, 9)]}mail.net",
        f"+33 6 {rng.integers(10, 39)} {rng.integers(10, 99)} {rng.integers(10, 99)} {rng.integers(10, 99)}",
        _card(rng),
        f"https://user{rng.integers(1, 99)}:secret@files.{_WORDS[rng.integers(5, 9)]}.net/x",
    )  # fmt: skip
    return made[int(rng.integers(0, len(made)))]


def _weight(seed: int, in_table: int, in_texts: int) -> Weight:
    rng = generator(seed, "direct-identifiers", "rows")
    said = [_prose(rng) for _ in range(_ROWS)]
    texts = [_prose(rng) for _ in range(_DOCUMENTS)]
    for rows, n in ((said, in_table), (texts, in_texts)):
        for at in rng.permutation(len(rows))[:n]:
            rows[at] = f"{rows[at]}: {_identifier(rng)}"
    codes = rng.integers(10**15, 10**16, _ROWS, dtype=np.int64).tolist()
    table = MemoryTable({"said": said, "code": codes, "litres": rng.integers(1, 90, _ROWS).tolist()}, label=_TABLE)
    artefacts = tuple(
        Artefact(role=Role.DATA, label=label, digest=digest_of_bytes(label.encode()), size_bytes=1, format=format_,
                 belongs=Belonging.DATA)
        for label, format_ in ((_TABLE, "csv"), (_TEXTS, "text"))
    )  # fmt: skip
    bench = MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=artefacts, subjects=(Subject.TABLE, Subject.TEXT)),
        seed=seed,
        tables_by_role={Role.DATA: (table,)},
        texts_by_role={Role.DATA: MemoryTexts(texts, label=_TEXTS)},
    )
    share = max(in_table / _ROWS, in_texts / _DOCUMENTS)
    by = (("tier", "validated"), ("type", "person"))
    return Weight(
        bench=bench,
        truths=(
            Truth(metric="identifiers", value=in_table + in_texts, by=by),
            Truth(metric="identified-row-share", value=share, by=by),
            Truth(metric="identifiers", value=0, by=(("tier", "weak"), ("type", "place"))),
        ),
    )


def null(seed: int) -> Weight:
    """Nobody's number stands in it, and much that looks like one."""
    return _weight(seed, 0, 0)


def planted(seed: int) -> Weight:
    """Between 4 and 23 identifiers in the table, and between 3 and 12 in the texts."""
    rng = generator(seed, "direct-identifiers", "planted")
    return _weight(seed, 4 + int(rng.integers(0, 20)), 3 + int(rng.integers(0, 10)))


CALIBRATION = Calibration(null=null, planted=planted)
