"""Texts of people and of a model, side by side, as all parts of the measurement take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.probekit.ports import Bools, Floats, Ints

READ = 8000  # characters of one text that are looked at; ours, so that a huge text costs no more than a long one

Tick = Callable[[int, int], None]
"""Told how much is done, of how much; may raise to end it all."""


def silent(done: int, of: int) -> None:
    """A tick that nobody hears."""
    del done, of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Texts with what is known of each; every field has one length, n."""

    texts: tuple[str, ...]
    is_machine: Bools
    groups: Ints  # equal numbers: one prompt, source or writer; they are never parted by a split
    languages: tuple[str, ...]  # "" where nobody said
    strata: tuple[str, ...]  # what has a threshold of its own, such as language and domain
    columns: Floats  # shape (n, k): what the model itself says of each text; k is 0 without it

    def __post_init__(self) -> None:
        """Refuse fields of several lengths."""
        if {len(self.is_machine), len(self.groups), len(self.languages), len(self.strata), len(self.columns)} != {
            len(self.texts)
        }:
            msg = "the fields of a sample must have one length"
            raise ValueError(msg)

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    def at(self, rows: Ints | Bools) -> Sample:
        """Some of its rows, by number or by mask."""
        chosen = np.arange(len(self))[rows]
        return Sample(
            texts=tuple(self.texts[i] for i in chosen), is_machine=self.is_machine[chosen], groups=self.groups[chosen],
            languages=tuple(self.languages[i] for i in chosen), strata=tuple(self.strata[i] for i in chosen),
            columns=self.columns[chosen],
        )  # fmt: skip

    def saying(self, texts: tuple[str, ...], columns: Floats | None = None) -> Sample:
        """The same rows with other texts, and with what the model says of those, where it was asked."""
        return replace(self, texts=texts, columns=self.columns if columns is None else columns)

    @property
    def human(self) -> Sample:
        """What people wrote."""
        return self.at(~self.is_machine)

    @property
    def machine(self) -> Sample:
        """What the model wrote."""
        return self.at(self.is_machine)


def sample_of(
    human: tuple[str, ...], machine: tuple[str, ...], *, paired: bool = False, language: str = "", stratum: str = ""
) -> Sample:
    """Texts of people, then of the model; paired where the n-th of each come from one prompt."""
    n, m = len(human), len(machine)
    of_machine = np.arange(m) if paired else np.arange(n, n + m)
    return Sample(
        texts=(*human, *machine), is_machine=np.arange(n + m) >= n, groups=np.concatenate([np.arange(n), of_machine]),
        languages=(language,) * (n + m), strata=(stratum,) * (n + m), columns=np.zeros((n + m, 0)),
    )  # fmt: skip


def joined(a: Sample, b: Sample) -> Sample:
    """The rows of one, then those of the other."""
    return Sample(
        texts=(*a.texts, *b.texts), is_machine=np.concatenate([a.is_machine, b.is_machine]),
        groups=np.concatenate([a.groups, b.groups]), languages=(*a.languages, *b.languages),
        strata=(*a.strata, *b.strata), columns=np.concatenate([a.columns, b.columns]),
    )  # fmt: skip
