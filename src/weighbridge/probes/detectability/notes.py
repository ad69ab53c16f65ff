"""What is said beside the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Never

from weighbridge.core.evidence import NotApplicable, NotMeasured, not_applicable, not_measured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probes.detectability.labels import is_label
from weighbridge.probes.detectability.leftover import Left

_MOSTLY = 0.5  # of the model's texts; ours: with fewer in pairs, subjects may differ
_TURNED = 0.3  # the area below which a given score surely points the other way; ours
_MOST_TOLD = 8  # languages and domains that are told one by one
_TOLD_FROM = 20  # texts of a label that is told, so that it is about no single person


def nothing_to_detect() -> Never:
    """There is nothing that a model made, and no model."""
    not_applicable(phrase("nothing in it was made by a machine, and no model in it makes text"))


def no_human_text() -> Never:
    """Nobody's text to compare with."""
    not_measured(
        phrase("there is no text that people wrote to compare with"),
        phrase('name at least 1000 texts of people, and of the model: [[artefact]] role = "human-text" path = "FILE" '
               "in weighbridge.toml; for another test of your own, name its scores: score_field, machine_field"),
    )  # fmt: skip


def too_few(n_human: int, n_machine: int, least: int, words: int) -> Never:
    """Not one language and domain has enough."""
    not_measured(
        phrase("not tested: of at least {words} words, all different, there are {human} texts of people and {machine} "
               "of the model, and no language and domain has {least} of both", words=words, human=n_human,
               machine=n_machine, least=least),
        phrase("{human} more texts of people and {machine} more of the model in one language and domain are the least; "
               "for the rate at 5 in 100 false alarms it takes 300 of each, for 1 in 100 it takes 1000",
               human=max(0, least - n_human) or least, machine=max(0, least - n_machine) or least),
    )  # fmt: skip


def no_raw_output(arms: Sequence[str]) -> Never:
    """Outputs of changed arms alone."""
    not_measured(
        phrase("there are texts of a changed arm ({arms}), and none of the model as it is", arms=", ".join(arms)),
        phrase('name raw output too: [[artefact]] role = "outputs" path = "FILE" in weighbridge.toml'),
    )  # fmt: skip


def no_test(n: int) -> Never:
    """Too few groups to be parted."""
    not_measured(
        phrase("the {n} texts come from too few prompts or sources to be parted into three", n=n),
        phrase("give texts of more prompts or sources, or leave source_field out where it names something else"),
    )


def too_little_time(seconds: float, needed: int) -> Never:
    """The budget affords no measurement."""
    not_measured(
        phrase("in the {seconds:.0f} s allowed, too few texts can be compared", seconds=seconds),
        phrase("allow more: weighbridge weigh DIR --budget {needed}", needed=needed),
    )


def of_material(
    *, n_unknown: int, lacking: Sequence[tuple[str, int, int]], n_short: int, adopted: Sequence[str], asked_words: int
) -> tuple[Phrase, ...]:
    """What was set aside, and what was taken for granted, in choosing texts."""
    said: list[Phrase] = []
    if n_short:
        said.append(
            phrase("{n} texts of fewer than {words} words were left out: no detector should judge these", n=n_short,
                   words=asked_words)
        )  # fmt: skip
    if n_unknown:
        said.append(
            phrase("{n} texts of an arm that is none of raw, fine-tuned, edited and paraphrased were left out",
                   n=n_unknown)
        )  # fmt: skip
    said += [
        phrase("one side does not say its {what}: it is taken to be that of the other", what=name) for name in adopted
    ]
    return (*said, *of_lacking(lacking))


def of_same(left_out: Mapping[str, int]) -> tuple[Phrase, ...]:
    """Texts of changed arms that are no changed ones."""
    return tuple(
        phrase("{n} texts of the arm {arm} were left out: each is equal, or nearly so, to another that is there, of "
               "people, of the model as it is, or of that arm", n=n, arm=arm)
        for arm, n in left_out.items() if n
    )  # fmt: skip


def of_lacking(lacking: Sequence[tuple[str, int, int]]) -> tuple[Phrase, ...]:
    """Languages and domains that have too little of one side."""
    said: list[Phrase] = []
    told = [few for few in lacking if max(few[1:]) >= _TOLD_FROM and all(map(is_label, few[0].split("\t")))]
    for stratum, human, machine in told[:_MOST_TOLD]:
        said.append(
            phrase("{where}: not tested, with {human} of people's and {machine} of the model's",
                   where=_where(stratum), human=human, machine=machine)
        )  # fmt: skip
    if len(lacking) > len(told[:_MOST_TOLD]):
        said.append(
            phrase("{n} more languages and domains, of too few texts, are not tested",
                   n=len(lacking) - len(told[:_MOST_TOLD]))
        )  # fmt: skip
    return tuple(said)


def no_rows_to_compare(least: int) -> Never:
    """Each language and domain has scores of one side alone, or too few."""
    not_measured(
        phrase("not tested: no language and domain has scores of {least} things that people made and {least} of the "
               "model's", least=least),
        phrase("score things of people and of the model in the same languages and domains"),
    )  # fmt: skip


def told_by_ear(tag: str) -> Phrase:
    """That nobody named a language."""
    return phrase("nobody says which language the texts are in: nine in ten of those heard are told to be in {tag}; "
                  'language = "..." at the files says it', tag=tag)  # fmt: skip


def of_other_languages(strata: Sequence[str]) -> tuple[Phrase, ...]:
    """Which languages and domains are left out, since their texts are in another language."""
    return tuple(
        phrase("{where}: not tested, since most texts of one side are told to be in another language",
               where=_where(stratum))
        for stratum in strata if all(map(is_label, stratum.split("\t")))
    )[:_MOST_TOLD]  # fmt: skip


def other_languages(strata: Sequence[str]) -> Never:
    """All of them."""
    not_measured(
        phrase("not tested: of people's texts or of the model's, most are told to be in another language than "
               "{languages}",
               languages=", ".join(sorted({stratum.partition("\t")[0] for stratum in strata})[:_MOST_TOLD])),
        phrase("mend language or language_field of these files in weighbridge.toml, or name texts in that language"),
    )  # fmt: skip


def of_doubt(n_doubtful: int, n: int, until: str) -> tuple[Phrase, ...]:
    """Whether people's texts are surely people's."""
    if not n_doubtful:
        return ()
    return (
        phrase("{n} of {of} texts of people have no date or were written after {until}: a machine may have written "
               "them; date_field names their dates", n=n_doubtful, of=n, until=until),
    )  # fmt: skip


def of_sources(paired: float | None) -> tuple[Phrase, ...]:
    """Whether texts are paired by prompt or source.

    Parameters
    ----------
    paired : the share of the model's texts that come from a source of people's; None where no source is told
    """
    if paired is None:
        return (
            phrase("it is not said which texts belong to one prompt or source (source_field): what they are about may "
                   "tell the two apart as well"),
        )  # fmt: skip
    if paired >= _MOSTLY:
        return ()
    return (
        phrase("{share:.0%} of the model's texts come from a prompt or source (source_field) that people's come from "
               "too: what they are about may tell the two apart as well", share=paired),
    )  # fmt: skip


def of_leaks(rule: str, area: float, before: float, after: float, left: Left) -> tuple[Phrase, ...]:
    """What the format gave away, and that it was taken out."""
    most = phrase(
        "of the format, what tells most by itself is {rule} ({area:.3f}; 0.5 is chance)", rule=rule, area=area
    )
    if left.leaks:
        return most, phrase(
            "with the format put right the pool reaches {after:.3f}, and that figure may be of the format still: "
            "{rule} alone reaches {area:.3f}. Rates at a share of false alarms are not told. Put both sides into one "
            "format, and weigh again", after=after, rule=left.rule, area=left.area,
        )  # fmt: skip
    said = [
        most,
        phrase("as given, the pool would reach {before:.3f}; with the format put right it reaches {after:.3f}, and "
               "that is the figure to quote", before=before, after=after),
    ]  # fmt: skip
    return tuple(said)


def of_sizes(n_human: int, n_machine: int, at_5: int, at_1: int) -> tuple[Phrase, ...]:
    """Which rates there are too few texts for, and how many more it takes."""
    fewest = min(n_human, n_machine)
    said = []
    for least, what in ((at_5, "5"), (at_1, "1")):
        if fewest < least:
            said.append(
                phrase("for the rate at {what} in 100 false alarms it takes {human} more texts of people and {machine} "
                       "more of the model", what=what, human=max(0, least - n_human), machine=max(0, least - n_machine))
            )  # fmt: skip
    return tuple(said)


def of_drawing(few: Sequence[tuple[str, int]], least: int) -> tuple[Phrase, ...]:
    """Ways of drawing of which too few different texts are there."""
    return tuple(
        phrase("drawn by {way}, {n} different texts are there; {least} are the least to tell them by themselves",
               way=way, n=n, least=least)
        for way, n in few
    )  # fmt: skip


def of_arms(*, has_changed: bool) -> tuple[Phrase, ...]:
    """Whether open weights were looked into: whoever holds them changes them."""
    if has_changed:
        return (phrase("the pool never saw a text of a changed arm; it learnt from raw output alone"),)
    return (
        phrase("no output of a fine-tuned or edited arm was given: of open weights, raw output says too little, since "
               'whoever holds them changes them; add [[artefact]] role = "outputs" arm = "fine-tuned" path = "FILE"'),
    )  # fmt: skip


def of_attacks(n: int, untried: Sequence[str], worst: str, bare: str) -> tuple[Phrase, ...]:
    """Which attacks were tried."""
    said = [
        phrase("{n} texts of each side were attacked; what disguises best is {worst} with the normaliser in front, and "
               "{bare} without", n=n, worst=worst, bare=bare)
    ]  # fmt: skip
    if untried:
        said.append(phrase("attacks that do not apply to these languages: {names}", names=", ".join(untried)))
    return tuple(said)


def no_attacks() -> Phrase:
    """None was tried."""
    return phrase("no attack was tried: it takes as many texts as the rate at 5 in 100, and time (--budget)")


def of_paraphrase(silent: NotApplicable | NotMeasured) -> Phrase:
    """Why the user's command was not tried, and what it takes."""
    remedy = silent.remedy if isinstance(silent, NotMeasured) else phrase("name another, or none")
    return phrase("no text was rewritten: {because}; {remedy}", because=str(silent.because), remedy=str(remedy))


def of_carrying(axis: str, tried: int, worst: float, n_left: int) -> tuple[Phrase, ...]:
    """What happened when a threshold was carried."""
    if not tried:
        return ()
    said = [
        phrase("carried to a {axis} that the pool had never seen, the threshold for 5 in 100 flagged up to {worst:.0%} "
               "of people's texts: it holds where it was set, and nowhere else", axis=axis, worst=worst)
    ]  # fmt: skip
    if n_left:
        said.append(phrase("{n} more values of {axis} were not left out in turn", n=n_left, axis=axis))
    return tuple(said)


def of_accuracy() -> Phrase:
    """What not to make of a high rate."""
    return phrase(
        "a text that is flagged is no proof: where few texts are a machine's, most that are flagged are people's; see "
        "predictive-value"
    )


def of_groups(*, has_groups: bool) -> tuple[Phrase, ...]:
    """Whether a group of writers was looked into."""
    if has_groups:
        return ()
    return (
        phrase("no group of writers was named (group_field), such as those who write in a second language: whether "
               "they are flagged more often is not known"),
    )  # fmt: skip


def no_member() -> Never:
    """The pool would be empty."""
    not_measured(
        phrase("the only detector asked for is the model itself, and it cannot be asked"),
        phrase("weighbridge weigh DIR --set detectability.members=words,characters,style,compression"),
    )


def of_white_box(because: Phrase) -> Phrase:
    """Why the model itself is no member."""
    return phrase("the model itself is not among the detectors: {because}", because=str(because))


def white_box_dear(n: int, affords: int) -> Phrase:
    """It would take too long to ask it."""
    return phrase(
        "the model itself is not among the detectors: in the time allowed it reads {affords} texts, and there are {n}",
        n=n, affords=affords,
    )  # fmt: skip


def white_box_unattacked() -> Phrase:
    """It would take too long to ask it about attacked texts."""
    return phrase("under attack the pool does without what the model itself says: more time would allow it (--budget)")


def of_written(n: int, tokens: int) -> Phrase:
    """Text that the model was made to write."""
    return phrase(
        "no output was given: the model wrote {n} texts of {tokens} tokens from the beginnings of people's texts, "
        "which were left out of both", n=n, tokens=tokens,
    )  # fmt: skip


def too_few_rows(n_human: int, n_machine: int, least: int, n_left_out: int) -> Never:
    """A file of scores with too few rows."""
    not_measured(
        phrase("not tested: there are scores of {human} things that people made and {machine} of the model's; {least} "
               "of each are the least; {left_out} rows were left out, since the word in machine_field or in arm_field "
               "is none that is known", human=n_human, machine=n_machine, least=least, left_out=n_left_out),
        phrase("{human} more of people's and {machine} more of the model's are the least; for the rate at 5 in 100 "
               "false alarms it takes 300 of each, for 1 in 100 it takes 1000", human=max(0, least - n_human),
               machine=max(0, least - n_machine)),
    )  # fmt: skip


def no_texts(silent: NotApplicable | NotMeasured) -> Phrase:
    """Why there are figures of given scores alone."""
    return phrase(
        "no text was measured, and rates of given scores do not take that place: {because}; {remedy}",
        because=str(silent.because), remedy=str(_remedy(silent)),
    )  # fmt: skip


def no_scores(silent: NotApplicable | NotMeasured) -> Phrase:
    """Why the scores that were given come to nothing."""
    return phrase(
        "the scores that were given are not told: {because}; {remedy}", because=str(silent.because),
        remedy=str(_remedy(silent)),
    )  # fmt: skip


def _remedy(silent: NotApplicable | NotMeasured) -> Phrase:
    """What it takes."""
    return silent.remedy if isinstance(silent, NotMeasured) else phrase("name texts of people and of the model")


def of_recited(n: int, n_other: int) -> tuple[Phrase, ...]:
    """That the model gives back texts of people, which nothing can tell from people's."""
    if not n:
        return ()
    return (
        phrase("{n} of {all} different texts of the model are, nearly or to the letter, one of people's: nothing can "
               "tell them, so they count as not found in every rate", n=n, all=n + n_other),
    )  # fmt: skip


def of_own_test(n_left_out: int, n_unscored: int, area: float) -> tuple[Phrase, ...]:
    """That the numbers are of the owner's scores."""
    said = [
        phrase("these are rates of scores that were given, of a test of the owner's own: what it looked at was not "
               "seen here, and no attack was tried"),
    ]  # fmt: skip
    if n_left_out:
        said.append(
            phrase("{n} rows were left out, since the word in machine_field or in arm_field is none that is known",
                   n=n_left_out)
        )  # fmt: skip
    if n_unscored:
        said.append(phrase("{n} rows without a number as score count as not flagged, whoever made them", n=n_unscored))
    if area < _TURNED:
        said.append(
            phrase("the score ranks people's above the model's ({area:.3f}): it may point the other way; a score must "
                   "be higher for what a machine made", area=area)
        )  # fmt: skip
    return tuple(said)


def _where(stratum: str) -> str:
    language, _, domain = stratum.partition("\t")
    return f"{language}, {domain}" if domain else language
