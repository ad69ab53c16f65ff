"""Attacks on a detector: what somebody does to a text so that it is not known for the model's.

They are made without a model and without a network, at two strengths each; they are made on people's texts as well,
since a detector that flags what is attacked, whoever wrote it, detects the attack.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bools, Floats
from weighbridge.probes.detectability import edits
from weighbridge.probes.detectability.engine import edit_distance
from weighbridge.probes.detectability.lexicon import OURS, Lists
from weighbridge.probes.detectability.sample import READ, Sample

_SAMPLED = 200  # texts whose edit distance is told; ours, for time: its mean is then known well enough
_COMPARED = 4000  # characters of one text that are compared for it; ours, for time


class Lacking(ValueError):
    """The attack is not applicable to this text."""

    def __init__(self, because: Phrase) -> None:
        super().__init__(str(because))
        self.because = because


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to change a text, and the two shares of its places that it changes."""

    name: str
    strengths: tuple[float, float]
    edit: edits.Edit

    def tried(
        self, text: str, strength: float, rng: np.random.Generator, language: str = "", lists: Lists = OURS
    ) -> str | Phrase:
        """The text changed, or why the attack is not applicable to it.

        Only the beginning that a pool reads is changed. A changed text differs from what it was, and is never empty.
        """
        head, rest = text[:READ], text[READ:]
        made = self.edit(edits.Asked(text=head, language=language, strength=strength, rng=rng, lists=lists))
        return made if isinstance(made, Phrase) else made + rest

    def apply(
        self, text: str, strength: float, rng: np.random.Generator, language: str = "", lists: Lists = OURS
    ) -> str:
        """The text changed.

        Raises
        ------
        Lacking
            Where the attack is not applicable to this text or its language.
        """
        made = self.tried(text, strength, rng, language, lists)
        if isinstance(made, Phrase):
            raise Lacking(made)
        return made


ATTACKS = (
    Attack(name="homoglyph", strengths=(0.25, 1.0), edit=edits.homoglyphs),
    Attack(name="zero-width", strengths=(0.1, 1.0), edit=edits.zero_width),
    Attack(name="whitespace", strengths=(0.1, 0.4), edit=edits.whitespace),
    Attack(name="case", strengths=(0.05, 0.2), edit=edits.case),
    Attack(name="misspelling", strengths=(0.1, 0.4), edit=edits.misspelling),
    Attack(name="spelling", strengths=(0.5, 1.0), edit=edits.spelling),
    Attack(name="number", strengths=(0.5, 1.0), edit=edits.numbers),
    Attack(name="article", strengths=(0.5, 1.0), edit=edits.articles),
    Attack(name="paragraph", strengths=(0.25, 1.0), edit=edits.paragraphs),
    Attack(name="synonym", strengths=(0.5, 1.0), edit=edits.synonyms),
)
"""After the attacks of RAID that need no model (Dugan et al. 2024, ACL); lists, rules and strengths are ours."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attacked:
    """A sample after an attack on all its texts, of both kinds."""

    sample: Sample
    is_changed: Bools  # shape (n,); the others stand as they were, since the attack is not applicable to them
    because: tuple[tuple[Phrase, int], ...]  # why not, and of how many texts, most frequent first
    edits: Floats  # Levenshtein distance as a share of the longer text, of a sample of the changed texts


def attacked(
    sample: Sample, attack: Attack, strength: float, rng: np.random.Generator, lists: Lists = OURS
) -> Attacked:
    """The attack on every text; where it is applicable to none, `is_changed` says so and nothing was attacked."""
    texts: list[str] = []
    reasons: dict[Phrase, int] = {}
    is_changed = np.zeros(len(sample), dtype=bool)
    for row, (text, language) in enumerate(zip(sample.texts, sample.languages, strict=True)):
        made = attack.tried(text, strength, rng, language, lists)
        if isinstance(made, Phrase):
            reasons[made] = reasons.get(made, 0) + 1
            texts.append(text)
        else:
            is_changed[row] = True
            texts.append(made)
    changed = np.flatnonzero(is_changed)
    some = rng.choice(changed, min(_SAMPLED, len(changed)), replace=False) if len(changed) else changed
    return Attacked(
        sample=sample.saying(tuple(texts)), is_changed=is_changed,
        because=tuple(sorted(reasons.items(), key=lambda item: (-item[1], str(item[0])))),
        edits=np.array([_edited(sample.texts[i], texts[i]) for i in some.tolist()], dtype=np.float64),
    )  # fmt: skip


def _edited(before: str, after: str) -> float:
    before, after = before[:_COMPARED], after[:_COMPARED]
    return edit_distance(before, after) / max(1, len(before), len(after))
