"""A known weight: documents in languages at shares that are set, some in two, some in one that nobody can tell."""

from __future__ import annotations

import numpy as np

from weighbridge.core.candidate import Candidate, Claims, Role, Subject
from weighbridge.probekit.bench import MemoryBench, MemoryTexts, generator
from weighbridge.probekit.known_languages import KnownLanguages
from weighbridge.probekit.ports import Calibration, Truth, Weight

_N = 4000  # documents there are, each made by itself at the set shares
_DRAWN = 300
_WORDS = {"en": "house", "sw": "nyumba", "de": "hauss", "": "zzzzzz"}
_MIXED = "en de"
_LANGUAGES = KnownLanguages(marks={word: tag for tag, word in _WORDS.items() if tag})


def _weight(seed: int, rates: dict[str, float]) -> Weight:
    """Documents of a few words of one language each, drawn at these rates.

    "" are documents of which nobody knows the language; "en de" are half in either, so that none holds most of it. The
    candidate claims English and Swahili. The truth is that of the set the sample is drawn from: its shares are counted
    as it is made.
    """
    rng = generator(seed, "language-coverage")
    names = list(rates)
    chosen = rng.choice(len(names), _N, p=list(rates.values()))
    texts = [_text(names[of], int(rng.integers(3, 12))) for of in chosen]
    bench = MemoryBench(
        candidate=Candidate(
            name="toy", version="1", artefacts=(), subjects=(Subject.TEXT,), claims=Claims(languages=("en", "sw"))
        ),
        seed=seed,
        texts_by_role={Role.DATA: MemoryTexts(texts)},
        the_languages=_LANGUAGES,
    )
    share = {name: float(np.mean(chosen == place)) for place, name in enumerate(names)}
    data, unknown, mixed = ("of", "data"), share[""] + share.get(_MIXED, 0.0), share.get(_MIXED, 0.0)
    truths = [
        Truth(metric="language-share", value=value, by=(data, ("language", tag)))
        for tag, value in (("en", share["en"]), ("sw", share["sw"]), ("unknown", unknown))
    ]
    truths += [
        Truth(metric="unknown-share", value=unknown, by=(data,)),
        Truth(metric="claimed-share", value=share["sw"], by=(("language", "sw"),)),
        Truth(metric="unclaimed-share", value=share.get("de", 0.0)),
        Truth(metric="mixed-share", value=mixed, by=(data,)),
    ]
    return Weight(bench=bench, truths=tuple(truths), settings=(("documents", _DRAWN),))


def _text(tags: str, n: int) -> str:
    return " ".join([_WORDS[tag] for tag in tags.split() or [""]] * n)


def null(seed: int) -> Weight:
    """All of it is in the languages that are claimed, and in equal parts."""
    return _weight(seed, {"en": 0.5, "sw": 0.5, "": 0.0})


def planted(seed: int) -> Weight:
    """Mostly English, hardly any Swahili, some of a language that is not claimed and some that cannot be told."""
    return _weight(seed, {"en": 0.7, "sw": 0.02, "de": 0.13, _MIXED: 0.08, "": 0.07})


CALIBRATION = Calibration(null=null, planted=planted)
