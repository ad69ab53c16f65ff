"""Text that the model is made to write: it goes on from the beginnings of what people wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.labelled import digest, n_words
from weighbridge.probekit.ports import Decoding, Ints, LanguageModel
from weighbridge.probekit.served import pass_seconds, taken
from weighbridge.probes.detectability.material import RAW, Side

PROMPT_TOKENS = 16  # ours: enough to set a topic, few enough to leave the rest to be compared
_AT_ONCE = 64
_CHARACTERS_PER_TOKEN = 16
_SLOWER = 3.0  # one new token costs about as much as so many that are read in one pass; measured on one core


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is written, fixed before the first draw."""

    each: int  # texts for each way of drawing
    n_new: int  # tokens
    decodings: tuple[Decoding, ...]


def planned(model: LanguageModel, *, each: int, n_new: int, affords: Callable[[float], int]) -> Plan:
    """What can be written in the time there is."""
    n_new = min(n_new, model.context_tokens - PROMPT_TOKENS)
    if n_new < PROMPT_TOKENS:
        not_measured(
            phrase("the model reads {n} tokens, too few to write a text in", n=model.context_tokens),
            phrase('give its output in weighbridge.toml: [[artefact]] role = "outputs" path = "FILE"'),
        )
    decodings = tuple(Decoding)
    seconds = _SLOWER * pass_seconds(model, n_new) + 1e-3
    return Plan(each=min(each, affords(seconds) // len(decodings)), n_new=n_new, decodings=decodings)


def written(
    model: LanguageModel, human: Side, plan: Plan, rng: np.random.Generator, tick: Callable[[], None]
) -> tuple[Side, Side]:
    """What people wrote, without the beginnings; and how the model goes on from these.

    Each text of a person serves for one way of drawing and is its source, so that the two are never parted. Both are
    cut to as many tokens.

    Returns
    -------
    People's texts, and the model's, in the same order.
    """
    rows, beginnings, rest = _prompts(model, human, plan, rng)
    new = np.zeros((len(rows), plan.n_new), dtype=np.int64)
    way = np.arange(len(rows)) % len(plan.decodings)
    for place, decoding in enumerate(plan.decodings):
        of_way = np.flatnonzero(way == place)
        for start in range(0, len(of_way), _AT_ONCE):
            some = of_way[start : start + _AT_ONCE]
            new[some] = model.generate(
                beginnings[some], n_new=plan.n_new, decoding=decoding, seed=int(rng.integers(2**31))
            )
            tick()
    chosen = human.at(rows)
    names = np.asarray([plan.decodings[w].value for w in way.tolist()], dtype=object)
    source = np.asarray(
        [s or f"{key:016x}" for s, key in zip(chosen.source, chosen.keys.tolist(), strict=True)], object
    )
    return (
        _saying(chosen, rest, source=source, decoding=np.full(len(rows), "", dtype=object)),
        _saying(chosen, model.decode(list(new)), source=source, decoding=names),
    )


def _prompts(model: LanguageModel, human: Side, plan: Plan, rng: np.random.Generator) -> tuple[Ints, Ints, list[str]]:
    """Which of people's texts are long enough, their beginnings as tokens, and the rest as text."""
    rows = rng.permutation(human.n)[: 2 * plan.each * len(plan.decodings)]  # some are too short
    most = (PROMPT_TOKENS + plan.n_new) * _CHARACTERS_PER_TOKEN
    encoded = model.encode([text[:most] for text in human.fetch(rows)])
    long = [n for n, tokens in enumerate(encoded) if len(tokens) >= 2 * PROMPT_TOKENS]
    beginnings = np.zeros((len(long), PROMPT_TOKENS), dtype=np.int64)
    for place, n in enumerate(long):
        beginnings[place] = encoded[n][:PROMPT_TOKENS]
    reach = np.flatnonzero(taken(model, beginnings))[: plan.each * len(plan.decodings)]
    kept = [long[place] for place in reach.tolist()]
    rest = model.decode([encoded[n][PROMPT_TOKENS : PROMPT_TOKENS + plan.n_new] for n in kept])
    return rows[kept], beginnings[reach], rest


def _saying(side: Side, texts: list[str], *, source: object, decoding: object) -> Side:
    """The same labels, with these texts."""
    kept = tuple(texts)
    return Side(
        keys=np.asarray([digest(text, b"written") for text in kept], dtype=np.uint64),
        words=np.asarray([n_words(text) for text in kept], dtype=np.int64),
        language=side.language, source=np.asarray(source, dtype=object), date=side.date, domain=side.domain,
        group=side.group, decoding=np.asarray(decoding, dtype=object),
        arm=np.full(len(kept), RAW, dtype=object), fetch=lambda rows: [kept[row] for row in rows.tolist()],
    )  # fmt: skip
