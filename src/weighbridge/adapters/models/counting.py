"""The tokenizers among a candidate's own files, as what counts tokens: no model is opened for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from weighbridge.adapters.door import Opened
from weighbridge.adapters.models.rank_file import is_rank_file, open_rank_file
from weighbridge.adapters.models.tokenizer_folder import NAMES, FolderTokenizer, open_tokenizer
from weighbridge.core.candidate import Artefact, Role
from weighbridge.probekit.ports import Ints
from weighbridge.probekit.tokens import Tokenizer


class FolderCounter:
    """A tokenizer in a folder, that counts."""

    def __init__(self, tokenizer: FolderTokenizer, *, label: str) -> None:
        self.label = label
        self._tokenizer = tokenizer

    def n_tokens(self, texts: Sequence[str]) -> Ints:
        """How many tokens each text is."""
        return np.asarray([len(ids) for ids in self._tokenizer.encode(texts)], dtype=np.int64)


def open_tokenizers(opened: Opened) -> tuple[Tokenizer, ...]:
    """Each tokenizer once: of a folder by its first file, equal files counting as one; and each file of ranks.

    Raises
    ------
    Unusable
        For one that is damaged.
    Silent
        Where the packages for it are not installed.
    """
    own = opened.candidate.of_role(Role.WEIGHTS, Role.TOKENIZER)
    ranked = _each_once([a for a in own if is_rank_file(a.label)])
    found: list[Tokenizer] = [open_rank_file(opened.path(a.label), label=a.label) for a in ranked]
    by_folder: dict[PurePosixPath, list[Artefact]] = {}
    for artefact in own:
        if PurePosixPath(artefact.label).name in NAMES:
            by_folder.setdefault(PurePosixPath(artefact.label).parent, []).append(artefact)
    firsts = [min(files, key=lambda a: NAMES.index(PurePosixPath(a.label).name)) for files in by_folder.values()]
    for artefact in _each_once(firsts):
        folder = opened.path(artefact.label).parent
        found.append(FolderCounter(open_tokenizer(folder, label=artefact.label), label=artefact.label))
    return tuple(found)


def _each_once(artefacts: Sequence[Artefact]) -> list[Artefact]:
    return list({a.digest: a for a in sorted(artefacts, key=lambda a: a.label, reverse=True)}.values())[::-1]
