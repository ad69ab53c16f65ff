"""What is said beside the numbers: what was set aside, what was not reached, what stood in for what. Counts only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Never

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import LanguageModel
from weighbridge.probes.verbatim_extraction.shares import Trial, control_of
from weighbridge.probes.verbatim_extraction.targets import LEAST_WINDOW, Survey
from weighbridge.probes.verbatim_extraction.windows import Shape, Stratum


def too_long(shape: Shape, context_tokens: int) -> Never:
    """Windows that the model cannot take in."""
    prefix = max(1, context_tokens // 2)
    not_measured(
        phrase("a window has {length} tokens, the model takes {context}", length=shape.length, context=context_tokens),
        phrase(
            "add: --set verbatim-extraction.prefix_tokens={prefix} --set verbatim-extraction.suffix_tokens={suffix}",
            prefix=prefix,
            suffix=max(1, context_tokens - prefix),
        ),
    )


def too_short(train: Survey | None, shape: Shape) -> Never:
    """No document that could hold a window."""
    n, longest = (train.n_documents, train.n_tokens_longest) if train else (0, 0)
    because = phrase(
        "the longest of {n} training documents has {longest} tokens; a window needs {length}: a prefix of {prefix} and "
        "a suffix of {suffix}",
        n=n, longest=longest, length=shape.length, prefix=shape.prefix, suffix=shape.suffix,
    )  # fmt: skip
    if longest < 2:
        not_measured(because, phrase("name the text that the model was trained on, with role train-data"))
    not_measured(
        because,
        phrase(
            "add: --set verbatim-extraction.prefix_tokens={prefix} --set verbatim-extraction.suffix_tokens={suffix}",
            prefix=longest // 2,
            suffix=longest - longest // 2,
        ),
    )


def too_repetitive(n: int, bits: int) -> Never:
    """No suffix worth trying."""
    not_measured(
        phrase("each of {n} suffixes says less than {bits} bits: whoever guesses would hit them too", n=n, bits=bits),
        phrase("add: --set verbatim-extraction.low_entropy_bits=0"),
    )


def untakeable(train: Survey, n_low: int) -> None:
    """Leave where no window reaches the model, and that is not because of what its suffix says."""
    n = sum(train.untaken.values())
    if n and not n_low:
        not_measured(
            phrase("the server cuts the text of each of {n} windows into other tokens than the model's tokenizer", n=n),
            phrase("serve the model with vLLM, which takes tokens, or weigh its files: leave out --served"),
        )


def served_notes(model: LanguageModel, train: Trial, held_out: Trial | None) -> Iterator[Phrase]:
    """What the model says of itself, and what was not asked of one that cannot be asked everything."""
    yield from model.notes
    for role, trial in (("training", train), ("held-out", held_out)):
        if trial is not None and (n := sum(trial.survey.untaken.values())):
            yield phrase(
                "{n} {role} windows were not tried: the server cuts their text into other tokens than the model's "
                "tokenizer, and any of them may come back",
                n=n, role=role,
            )  # fmt: skip
    if train.tries.at_most:
        yield phrase(
            "drawing by {schemes} could not be scored: {n} windows that do not come out are not shown to stay in under "
            "it either, and the upper ends of extracted-share-np and extracted-records count them",
            schemes=", ".join(decoding.value for decoding in train.tries.at_most),
            n=int((train.possible & ~train.probable).sum()),
        )


def survey_notes(found: Survey, trial: Trial, shape: Shape, n_low: int) -> Iterator[Phrase]:
    """What was drawn from the training text, and what could not be."""
    yield phrase(
        "windows of {prefix} + {suffix} tokens, {stride} apart, in {n} documents",
        prefix=shape.prefix, suffix=shape.suffix, stride=shape.stride, n=found.n_documents,
    )  # fmt: skip
    if found.n_canaries_refused:
        yield phrase(
            "{n} of {all} training documents are declared canaries: so many cannot all be planted, and they count as "
            "ordinary text",
            n=found.n_canaries_refused,
            all=found.n_documents,
        )
    if found.most_unread:
        yield phrase(
            "not all training text was read: what the files left out hold was not tried, and every count "
            "may be higher; export them as .txt or JSONL, or take them out of role train-data"
        )
    yield from _short_notes(found)
    for stratum, draw in found.draws.items():
        all_of_them, n = len(draw.windows), int(trial.of(stratum).sum())
        if all_of_them:
            fields = {"stratum": stratum.value, "all": all_of_them, "n": n}
            if draw.is_complete:
                yield phrase("{stratum}: all {all} distinct windows drawn, {n} tried", **fields)
            else:
                yield phrase("{stratum}: drawn at random from {all} distinct windows, {n} tried", **fields)
    if n_low:
        yield phrase(
            "{n} windows set apart: their suffix repeats or counts on, which takes no memory; "
            "to try them too: --set verbatim-extraction.low_entropy_bits=0",
            n=n_low,
        )
    if trial.windows.n_moved:
        yield phrase("{n} windows moved by a few tokens, so that their prefix can be typed", n=trial.windows.n_moved)
    if trial.windows.n_untypable:
        yield phrase(
            "{n} prefixes are not what typing them as text gives; they were put to the model as tokens",
            n=trial.windows.n_untypable,
        )
    yield from _unreached_notes(found, shape)


def _unreached_notes(found: Survey, shape: Shape) -> Iterator[Phrase]:
    """The identifiers that no window asks for, and the size of window that reaches them."""
    if not found.n_unreached:
        return
    n, length = found.n_unreached, found.unreached.n_tokens
    if not length:
        yield phrase(
            "{n} identifiers were not tried, and no window reaches them: nothing that could be typed stands before "
            "them, or their document has fewer than {least} tokens",
            n=n, least=LEAST_WINDOW,
        )  # fmt: skip
        return
    prefix = min(found.unreached.n_before, length // 2, shape.prefix)
    yield phrase(
        "{n} identifiers were not tried: they stand too near the start of a document or in one shorter than a window; "
        "to reach more, add: --set verbatim-extraction.prefix_tokens={prefix} "
        "--set verbatim-extraction.suffix_tokens={suffix}",
        n=n, prefix=prefix, suffix=min(length - prefix, shape.suffix),
    )  # fmt: skip


def _short_notes(found: Survey) -> Iterator[Phrase]:
    """What no window reaches because its document is too short."""
    if found.n_short:
        yield phrase("{short} documents are shorter than a window and were not tried", short=found.n_short)
    for stratum, short in found.short.items():
        if n := len(short.documents):
            length = min(short.longest, max(short.shortest, LEAST_WINDOW))
            yield phrase(
                "{stratum}: {n} different documents are shorter than a window, and may come back untried; to try "
                "those of {length} tokens and more, add: --set verbatim-extraction.prefix_tokens={prefix} "
                "--set verbatim-extraction.suffix_tokens={suffix}",
                stratum=stratum.value, n=n, length=length, prefix=length // 2, suffix=length - length // 2,
            )  # fmt: skip


def control_notes(train: Trial, held_out: Trial | None, n_low: int, n_seen: int, n_in_both: int) -> Iterator[Phrase]:
    """How the comparison with held-out text went."""
    if held_out is None:
        yield phrase('no text that the model has not seen (role "held-out"): how much it merely guesses is not known')
        return
    if not len(held_out.windows.tokens) + n_low + n_seen:
        yield phrase(
            "the longest of {n} held-out documents has {longest} tokens, too few for a window: nothing to compare with",
            n=held_out.survey.n_documents,
            longest=held_out.survey.n_tokens_longest,
        )
    if n_seen:
        yield phrase("{n} held-out windows stand in the training text too, and were left out", n=n_seen)
    if n_low:
        yield phrase("{n} held-out windows set apart: their suffix repeats or counts on", n=n_low)
    if n_in_both:
        yield phrase(
            "{n} passages that come back stand in the held-out text too, or all their identifiers do: they were "
            "trained on, so they count all the same",
            n=n_in_both,
        )
    out = int(held_out.probable.sum())
    if out:
        yield phrase(
            "{n} held-out windows come out too: the attack also finds text that can be guessed, or that was trained on "
            "without being said",
            n=out,
        )
    missing = [s.value for s in Stratum if train.of(s).any() and not held_out.of(s).any() and s is not Stratum.RANDOM]
    if missing and control_of(held_out, Stratum.RANDOM).any():
        yield phrase(
            "the held-out text has no windows of kind {kinds}: its random windows stand in", kinds=", ".join(missing)
        )


def base_notes(trial: Trial, unused: Phrase | None) -> Iterator[Phrase]:
    """What is inherited; or why the base could not be used."""
    if unused is not None:
        yield phrase("not compared with the base: {because}", because=str(unused))
    if trial.base is not None:
        both = trial.tries.probable & trial.base.probable
        n, n_held = int((both & trial.inherited).sum()), int((both & ~trial.inherited).sum())
        if n:
            yield phrase("{n} windows come out of the base as well: inherited, and not held against the candidate", n=n)
        if n_held:
            yield phrase(
                "{n} windows come out of the base as well, but hold identifiers, private text or canaries: these are "
                "held against the candidate whoever else gives them away",
                n=n_held,
            )
        if not n + n_held:
            yield phrase("of what comes out of the candidate, nothing comes out of its base")


def canaries_found(hits: int, n: int) -> Phrase:
    """The control was planted."""
    return phrase("positive control: {hits} of {n} canary windows come out", hits=hits, n=n)


def overfit_found(hits: int, n: int) -> Phrase:
    """The control was made."""
    return phrase(
        "positive control: {hits} of {n} windows that a copy was made to know by heart come out", hits=hits, n=n
    )


def no_control_too_large(n_parameters: int, most: int) -> Phrase:
    """No control: it would take too long."""
    return phrase(
        "no positive control: no canary came out, and with {n} parameters the model is too large to be overfitted "
        "here (at most {most}); plant canaries, or add: --set verbatim-extraction.control_max_parameters={n}",
        n=n_parameters,
        most=most,
    )


def no_control_all_known() -> Phrase:
    """No control: nothing is left to be learnt."""
    return phrase("no positive control was made: every window tried comes out already")


def no_control(because: Phrase) -> Phrase:
    """No control, for the reason that the model gave."""
    return phrase("no positive control: the model cannot be overfitted here ({because})", because=str(because))
