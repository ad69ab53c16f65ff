"""Rank files, as tiktoken reads them: each line a token in base 64 and its rank.

How a text is cut before the ranks are used stands in no such file. It is known for those that OpenAI published, and
they are told by how many ranks they hold.

References
----------
github.com/openai/tiktoken, tiktoken_ext/openai_public.py (MIT): the patterns of r50k_base, p50k_base, cl100k_base and
o200k_base.
"""

from __future__ import annotations

import base64
import binascii
import gzip
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.ports import Ints

if TYPE_CHECKING:
    from tiktoken import Encoding

_MOST_BYTES = 64 << 20  # unpacked; o200k_base has 3.5 MiB
_MOST_TOKEN = 1024  # bytes of one token; the longest published has 128
_BATCH = 1024
_SHORT = "'(?:[sdmt]|ll|ve|re)"
_R50K = _SHORT + r"| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
_CL100K = (
    "'(?i:[sdmt]|ll|ve|re)"
    r"|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
_UPPER, _LOWER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
_ENDING = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_O200K = "|".join(
    (
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{_ENDING}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{_ENDING}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_PATTERNS = {50256: _R50K, 50280: _R50K, 100256: _CL100K, 199998: _O200K}


class RankTokenizer:
    """A tokenizer from ranks; no text becomes a special token."""

    def __init__(self, encoding: Encoding, *, label: str) -> None:
        self.label = label
        self._encoding = encoding

    def n_tokens(self, texts: Sequence[str]) -> Ints:
        """How many tokens each text is."""
        counted: list[int] = []
        for start in range(0, len(texts), _BATCH):
            counted += [len(self._encoding.encode_ordinary(text)) for text in texts[start : start + _BATCH]]
        return np.asarray(counted, dtype=np.int64)


def is_rank_file(label: str) -> bool:
    """Whether a file is named as rank files are."""
    return label.endswith((".tiktoken", ".tiktoken.gz"))


def open_rank_file(path: Path, *, label: str) -> RankTokenizer:
    """The tokenizer of a rank file.

    Raises
    ------
    Unusable
        For a file that is none, or damaged.
    Silent
        Where it is none of those whose pattern is known, or the package for it is not installed.
    """
    ranks = _ranks(_content(path, label), label)
    pattern = _PATTERNS.get(len(ranks))
    if pattern is None:
        not_measured(
            phrase("{label} holds {n} ranks, and not how text is cut before they are used", label=label, n=len(ranks)),
            phrase("save the tokenizer as a tokenizer.json, which says that too"),
        )
    return RankTokenizer(_encoding(label, pattern, ranks), label=label)


def _encoding(label: str, pattern: str, ranks: dict[bytes, int]) -> Encoding:
    try:
        from tiktoken import Encoding
    except ModuleNotFoundError:
        not_measured(
            phrase("rank files need a package that is not installed"), phrase("pip install 'weighbridge[languages]'")
        )
    return Encoding(label, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


def _content(path: Path, label: str) -> bytes:
    try:
        with gzip.open(path, "rb") if label.endswith(".gz") else path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (gzip.BadGzipFile, EOFError) as error:
        raise _unusable(label, _("its compression is damaged")) from error
    if len(content) > _MOST_BYTES:
        raise _unusable(label, _("it holds more than {n} MiB").format(n=_MOST_BYTES >> 20))
    return content


def _ranks(content: bytes, label: str) -> dict[bytes, int]:
    """The tokens with their ranks, which must be 0, 1, 2, ... but for gaps, and each byte among the tokens."""
    made: dict[bytes, int] = {}
    try:
        for line in content.splitlines():
            if line:
                token, rank = line.split()
                made[base64.b64decode(token, validate=True)] = int(rank)
    except (ValueError, binascii.Error) as error:
        raise _unusable(label, _("a line of it is no token in base 64 with a rank")) from error
    ranks = made.values()
    is_sound = len(set(ranks)) == len(ranks) and all(0 <= rank < 1 << 31 for rank in ranks)
    if not is_sound or not _bytes() <= made.keys() or max(map(len, made)) > _MOST_TOKEN:
        raise _unusable(label, _("two tokens share a rank, or one of the 256 bytes is no token"))
    return made


@cache
def _bytes() -> frozenset[bytes]:
    return frozenset(bytes((value,)) for value in range(256))


def _unusable(label: str, why: str) -> Unusable:
    return Unusable(_("cannot read the ranks in {label}").format(label=label), why, _("save them again"))
