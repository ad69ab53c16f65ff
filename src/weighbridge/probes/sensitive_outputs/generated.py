"""The fields that a language model writes: those of its training text, and those that it goes on with when asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from weighbridge.core.candidate import Role, Subject
from weighbridge.core.evidence import Silent
from weighbridge.core.wording import Phrase
from weighbridge.probekit.ports import Bench, Decoding, LanguageModel
from weighbridge.probes.sensitive_outputs import notes
from weighbridge.probes.sensitive_outputs.structure import names_in

_PROMPTS = ('{"', "{\n  ", "<", "- ", "Output:\n", "### Response:\n")  # they name no field; ours
_OWN_PROMPTS = 4  # the most frequent fields of the training text; ours
_ENOUGH = 5  # documents; a field in fewer is no format. Ours
_MAX_NAMES = 200_000
_TWICE = 2
# Nominal costs: floating-point operations a second that one core is counted on, and text that is looked through.
_OPERATIONS_PER_SECOND = 2e10
_SECONDS_PER_BYTE = 1e-7


@dataclass(slots=True, kw_only=True)
class Written:
    """What a language model writes, as far as it was looked into."""

    format: tuple[str, ...] = ()  # fields of the training text
    generated: tuple[str, ...] = ()  # fields it wrote that are of its training text, or that it wrote twice
    once: tuple[str, ...] = ()  # fields it wrote otherwise
    n_documents: int = 0  # of the training text that were read
    is_whole: bool = False  # whether that is all of them
    n_texts: int = 0  # texts it wrote
    said: list[Phrase] = field(default_factory=list)


def written(bench: Bench, *, tokens: int) -> Written:
    """Read the training text, and let the model write a little."""
    found = Written()
    if Subject.CAUSAL_LM not in bench.candidate.subjects:
        return found
    _read(bench, found)
    try:
        model = bench.language_model()
        found.said += model.notes
        _write(bench, model, found, tokens)
    except Silent as silent:
        found.said += [silent.outcome.because, notes.not_generated()]
    return found


def _read(bench: Bench, found: Written) -> None:
    """The names that stand as fields or tags in several documents."""
    if not bench.has(Role.TRAIN_DATA):
        return
    try:
        texts = bench.texts(Role.TRAIN_DATA)
    except Silent as silent:
        found.said.append(silent.outcome.because)
        return
    counts: Counter[str] = Counter()
    left = bench.budget.affords(_SECONDS_PER_BYTE)
    found.is_whole = texts.is_complete
    for batch in texts.batches():
        bench.progress(found.n_documents, max(1, found.n_documents), "document")
        left -= batch.text.nbytes
        if left < 0 or len(counts) > _MAX_NAMES:
            found.is_whole = False
            break
        for text in batch.text.to_pylist():
            counts.update(set(names_in(text or "")))
        found.n_documents += len(batch.text)
    enough = min(_ENOUGH, max(1, found.n_documents // 2))
    found.format = tuple(name for name, n in counts.most_common() if n >= enough)


def _write(bench: Bench, model: LanguageModel, found: Written, tokens: int) -> None:
    prompts = [*_PROMPTS, *(f"{name}:" for name in found.format[:_OWN_PROMPTS])]
    schemes = [d for d in (Decoding.GREEDY, Decoding.SAMPLED) if d in model.decodings]
    each = 2 * model.n_parameters * (tokens + 8) / _OPERATIONS_PER_SECOND
    if bench.budget.affords(each) < len(prompts) * len(schemes):
        found.said.append(notes.too_slow(model.n_parameters))
        return
    seed = int(bench.generator("write").integers(2**31))
    counts: Counter[str] = Counter()
    for prompt, ids in zip(prompts, model.encode(prompts), strict=True):
        if not len(ids) or len(ids) + tokens > model.context_tokens:
            continue
        for scheme in schemes:
            bench.progress(found.n_texts, len(prompts) * len(schemes), "text")
            new = model.generate(ids[None, :].astype(np.int64), n_new=tokens, decoding=scheme, seed=seed)
            counts.update((Counter(names_in(_joined(model, ids, new))) - Counter(names_in(prompt))).keys())
            found.n_texts += 1
    of_training = set(found.format)
    sure = [n for n, times in counts.items() if (n in of_training if of_training else times >= _TWICE)]
    found.generated = tuple(sorted(sure))
    found.once = tuple(sorted(set(counts) - set(sure)))


def _joined(model: LanguageModel, ids: np.typing.NDArray[np.int64], new: np.typing.NDArray[np.int64]) -> str:
    both: Sequence[np.typing.NDArray[np.int64]] = [np.concatenate([ids, new[0]])]
    return model.decode(both)[0]
