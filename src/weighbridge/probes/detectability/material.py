"""What is compared: people's texts beside the model's, in each language and domain, and what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.labelled import Labelled, Strings, Words64, first_of_each, labelled
from weighbridge.probekit.languages import Languages
from weighbridge.probekit.ports import Bench, Bools, Floats, Ints
from weighbridge.probes.detectability import notes
from weighbridge.probes.detectability.duplicates import distinct
from weighbridge.probes.detectability.sample import Sample, joined
from weighbridge.probes.detectability.scripts import main_script
from weighbridge.probes.detectability.tongues import told_otherwise

RAW = "raw"
CHANGED = ("fine-tuned", "edited", "paraphrased")
UNSAID = "und"  # BCP 47: undetermined
UNCHANGED = 0.98  # of all pieces of two texts, the share from which one is no edit of the other, but a copy; ours
_SHORT = 2000  # characters of a text by which its script is told; ours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """Texts of one side with their labels, all of one length; the texts themselves are fetched when they are chosen."""

    keys: Words64
    words: Ints
    language: Strings
    source: Strings
    date: Strings
    domain: Strings
    group: Strings
    decoding: Strings
    arm: Strings
    fetch: Callable[[Ints], list[str]]

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.keys)

    def at(self, rows: Ints | Bools) -> Side:
        """Some of them."""
        chosen = np.arange(self.n)[rows]
        kept = {f.name: getattr(self, f.name)[chosen] for f in fields(self) if f.name != "fetch"}
        return Side(**kept, fetch=lambda some: self.fetch(chosen[some]))

    @property
    def texts(self) -> list[str]:
        """All of them, fetched."""
        return self.fetch(np.arange(self.n))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How much of it."""

    most: int  # of each side, in each language and domain
    in_all: int  # of both sides together
    least: int
    least_words: int
    human_until: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What is compared; arrays and texts go row by row with the sample."""

    sample: Sample  # as given: nothing about the format is put right yet
    domain: Strings
    group: Strings
    decoding: Strings
    arms: dict[str, Sample]  # texts of changed arms, the model's alone
    n_doubtful: int  # of all people's texts that there are
    n_human: int
    n_repeated: tuple[int, int]  # people's, the model's
    n_recited: int  # the model's texts that were left out for being, nearly, one of people's
    paired: float | None  # the share of the model's texts that come from a source of people's; None: no source is told
    notes: tuple[Phrase, ...]


def of_role(bench: Bench, role: Role, tick: Callable[[], None]) -> tuple[Side, Labelled]:
    """Everything of a role."""
    read = labelled(bench, role, tick)
    kept = {f.name: getattr(read, f.name) for f in fields(Side) if f.name not in ("fetch", "arm")}
    arm = np.asarray([known_arm(str(a)) for a in read.arm], dtype=object)
    return Side(**kept, arm=arm, fetch=lambda rows: read.texts(rows, tick)), read


def known_arm(said: str) -> str:
    """The arm by its name on the card; empty where it is none of them."""
    plain = said.strip().lower().replace("_", "-").replace(" ", "-")
    if plain in ("", RAW):
        return RAW
    return plain if plain in CHANGED else ""


def beside(a: Side, b: Side) -> Side:
    """Two sides as one."""
    kept = {f.name: np.concatenate([getattr(a, f.name), getattr(b, f.name)]) for f in fields(a) if f.name != "fetch"}

    def fetch(rows: Ints) -> list[str]:
        first = rows < a.n
        from_a, from_b = iter(a.fetch(rows[first])), iter(b.fetch(rows[~first] - a.n))
        return [next(from_a) if is_a else next(from_b) for is_a in first.tolist()]

    return Side(**kept, fetch=fetch)


def gathered(
    human: Side, machine: Side, asked: Asked, rng: np.random.Generator, languages: Languages | None = None
) -> Material:
    """Choose texts, the same number of each side in each language and domain.

    Raises
    ------
    Silent
        Where there are too few in every language and domain; with the number still needed.
    """
    n_unknown = int((machine.arm == "").sum())
    n_human, n_doubtful = human.n, int(doubtful(human.date, asked.human_until).sum())
    human, machine = (side.at((side.words >= asked.least_words) & (side.arm != "")) for side in (human, machine))
    n_long = human.n, machine.n
    human, machine, adopted = agreed(human, machine)
    raw = machine.at(machine.arm == RAW)
    exact = human.at(first_of_each(human.keys, range(human.n))), raw.at(first_of_each(raw.keys, range(raw.n)))
    strata, lacking = _strata(exact[0], exact[1], asked)
    if not strata:
        notes.too_few(exact[0].n, exact[1].n, asked.least, asked.least_words)
    each = min(asked.most, max(asked.least, asked.in_all // (2 * len(strata))))
    chosen = _chosen(exact[0], strata, each), _chosen(exact[1], strata, each)
    whole = _sample(chosen[0], chosen[1])
    others = told_otherwise(whole, languages)
    if len(others) == len(strata):
        notes.other_languages(others)
    stays = np.flatnonzero(~np.isin(np.asarray(whole.strata, dtype=str), np.asarray(others, dtype=str)))
    sample, kept, thinned, n_recited = _distinct(whole.at(stays), asked, rng)
    kept = stays[kept]
    lacking += thinned
    n_near = [int((whole.is_machine[stays] == m).sum() - (sample.is_machine == m).sum()) for m in (False, True)]
    both = beside(chosen[0], chosen[1]).at(kept)
    arms, same = {}, {}
    for arm in CHANGED:
        arms[arm], same[arm] = _changed(
            _of_arm(machine.at(machine.arm == arm), sample, both, each), whole, languages, rng
        )
    told = notes.of_material(
        n_unknown=n_unknown,
        lacking=lacking,
        n_short=n_human - n_long[0],
        adopted=adopted,
        asked_words=asked.least_words,
    )
    told += (*notes.of_other_languages(others), *notes.of_same(same))
    return Material(
        sample=sample, domain=both.domain, group=both.group, decoding=both.decoding,
        arms={arm: found for arm, found in arms.items() if len(found)}, n_doubtful=n_doubtful, n_human=n_human,
        n_repeated=(n_long[0] - exact[0].n + n_near[0], int((machine.arm == RAW).sum()) - exact[1].n + n_near[1]),
        n_recited=n_recited, paired=_paired(both.source, sample.is_machine), notes=told,
    )  # fmt: skip


def doubtful(dates: Strings, until: str) -> Bools:
    """Which dates are missing, are no ISO 8601 date, or lie after the day; a year alone counts to its end."""

    def is_late(date: str) -> bool:
        head = date[:10]
        if not head[:4].isdecimal() or len(head) not in (4, 7, 10):
            return True
        return head + until[len(head) :] > until if len(head) == 10 else head + "-12-31"[len(head) - 4 :] > until

    return np.asarray([is_late(str(date)) for date in dates], dtype=np.bool_)


def agreed(human: Side, machine: Side) -> tuple[Side, Side, tuple[str, ...]]:
    """Both sides with a language and a domain that can be compared.

    Where one side says nothing and the other says one thing, it is taken to hold for both; where one says nothing of
    domains and the other several, domains are left out.
    """
    sides, adopted = [human, machine], []
    for name in ("language", "domain"):
        said = [set(getattr(side, name).tolist()) - {""} for side in sides]
        silent = [place for place, found in enumerate(said) if not found]
        if len(silent) != 1:
            continue
        place, other = silent[0], said[1 - silent[0]]
        if len(other) == 1:
            sides[place] = _all(sides[place], name, next(iter(other)))
            adopted.append(name)
        else:
            sides[1 - place] = _all(sides[1 - place], name, "")
    return sides[0], sides[1], tuple(adopted)


def _all(side: Side, name: str, value: str) -> Side:
    whole = np.full(side.n, value, dtype=object)
    return replace(side, language=whole) if name == "language" else replace(side, domain=whole)


def stratum_of(language: str, domain: str) -> str:
    """What has a threshold of its own: a language and a domain."""
    return f"{language or UNSAID}\t{domain}"


def _keys(side: Side) -> Strings:
    pairs = zip(side.language.tolist(), side.domain.tolist(), strict=True)
    return np.asarray([stratum_of(*pair) for pair in pairs], dtype=object)


def _strata(human: Side, raw: Side, asked: Asked) -> tuple[list[str], list[tuple[str, int, int]]]:
    """Those with enough texts of both sides, and how many the others have."""
    counts: dict[str, list[int]] = {}
    for place, side in enumerate((human, raw)):
        for name in _keys(side).tolist():
            counts.setdefault(name, [0, 0])[place] += 1
    enough = sorted(name for name, n in counts.items() if min(n) >= asked.least)
    return enough, [(name, n[0], n[1]) for name, n in sorted(counts.items()) if name not in enough]


def _chosen(side: Side, strata: list[str], each: int) -> Side:
    """Up to so many of each stratum: sources with the smallest digests, so that both sides keep what they share."""
    keys = _keys(side)
    own = [f"{key:016x}" for key in side.keys.tolist()]
    order = np.asarray([source or key for source, key in zip(side.source.tolist(), own, strict=True)], dtype=str)
    ranked = np.lexsort((np.asarray(own, dtype=str), order)) if side.n else np.zeros(0, dtype=np.int64)
    kept = [ranked[keys[ranked] == name][:each] for name in strata]
    return side.at(np.concatenate(kept))


def _sample(human: Side, raw: Side) -> Sample:
    """The rows of both as a sample."""
    both = beside(human, raw)
    return Sample(
        texts=tuple(both.texts), is_machine=np.arange(both.n) >= human.n, groups=_groups(both.source),
        languages=tuple(str(lang) for lang in both.language), strata=tuple(_keys(both).tolist()),
        columns=np.zeros((both.n, 0)),
    )  # fmt: skip


def _distinct(
    sample: Sample, asked: Asked, rng: np.random.Generator
) -> tuple[Sample, Ints, list[tuple[str, int, int]], int]:
    """Without near duplicates and texts in another script.

    With the rows that stay, strata that then have too few, and how many of the model's texts were one of people's.

    Raises
    ------
    Silent
        Where none has enough.
    """
    fits = np.flatnonzero(_in_script(sample))
    found = distinct(sample.at(fits), rng)
    kept = fits[found.keep]
    names = np.asarray(sample.strata, dtype=object)[kept]
    machine = sample.is_machine[kept]
    sizes = [(s, int((~machine[names == s]).sum()), int(machine[names == s].sum())) for s in sorted(set(names))]
    thinned = [size for size in sizes if min(size[1:]) < asked.least]
    if len(thinned) == len(sizes):
        notes.too_few(int((~machine).sum()), int(machine.sum()), asked.least, asked.least_words)
    kept = kept[~np.isin(names.astype(str), np.asarray([size[0] for size in thinned], dtype=str))]
    return sample.at(kept), kept, thinned, found.n_across


def _paired(sources: Strings, is_machine: Bools) -> float | None:
    """How much of the model's text comes from a source, such as a prompt, that people's text comes from too."""
    if not (sources != "").any():
        return None
    of_people = np.asarray(sorted(set(sources[~is_machine].tolist()) - {""}), dtype=str)
    return float(np.isin(sources[is_machine].astype(str), of_people).mean())


def _groups(sources: Strings) -> Ints:
    """Equal numbers for one source; a text that names none stands alone."""
    named = [source or f"\0{place}" for place, source in enumerate(sources.tolist())]
    return np.unique(np.asarray(named, dtype=str), return_inverse=True)[1].astype(np.int64).ravel()


def _in_script(sample: Sample) -> Bools:
    """Which texts are in the script that most of people's texts of their language and domain are in."""
    main = np.asarray([main_script(text[:_SHORT]) for text in sample.texts], dtype=object)
    strata = np.asarray(sample.strata, dtype=object)
    fits = np.ones(len(sample), dtype=np.bool_)
    for name in set(sample.strata):
        here = strata == name
        found, counts = np.unique(main[here & ~sample.is_machine].astype(str), return_counts=True)
        fits[here] = main[here] == found[counts.argmax()]
    return fits


def _of_arm(arm: Side, sample: Sample, both: Side, each: int) -> Sample:
    """The model's texts of a changed arm, in the strata that are compared; they belong to the groups of the sample."""
    strata = sorted(set(sample.strata))
    arm = arm.at(first_of_each(arm.keys, range(arm.n)))
    there = arm.at(np.isin(_keys(arm).astype(str), np.asarray(strata, dtype=str))) if arm.n else arm
    picked = _chosen(there, strata, each) if there.n else there
    known = {source: int(group) for source, group in zip(both.source.tolist(), sample.groups.tolist(), strict=True)}
    beyond = int(sample.groups.max(initial=0)) + 1
    groups = [known.get(s, beyond + n) if s else beyond + n for n, s in enumerate(picked.source.tolist())]
    return Sample(
        texts=tuple(picked.texts), is_machine=np.ones(picked.n, dtype=np.bool_),
        groups=np.asarray(groups, dtype=np.int64), languages=tuple(str(lang) for lang in picked.language),
        strata=tuple(_keys(picked).tolist()), columns=np.zeros((picked.n, 0)),
    )  # fmt: skip


def _changed(arm: Sample, whole: Sample, languages: Languages | None, rng: np.random.Generator) -> tuple[Sample, int]:
    """A changed arm without what nearly equals a text of people, of the model as it is, or of the arm; how many went.

    A copy of what nobody changed shows nothing of what a change does. Texts in another language go as well, unnoticed.
    """
    if not len(arm):
        return arm, 0
    arm = arm.at(~np.isin(np.asarray(arm.strata, dtype=str), np.asarray(told_otherwise(arm, languages), dtype=str)))
    there = replace(whole, is_machine=np.zeros(len(whole), dtype=np.bool_))  # those that stand first stay
    alone = distinct(arm, rng).keep
    keep = distinct(joined(there, arm.at(alone)), rng, alike=UNCHANGED).keep
    stays = alone[keep[keep >= len(whole)] - len(whole)]
    return arm.at(stays), len(arm) - len(stays)


def values_of(column: Strings) -> Iterator[str]:
    """The different values that are said, in order."""
    yield from sorted(set(column.tolist()) - {""})


def with_columns(sample: Sample, columns: Floats) -> Sample:
    """The sample with what the model itself says of each text."""
    return replace(sample, columns=columns)


def says_in(stratum: str) -> Phrase:
    """A language and domain in words."""
    language, _, domain = stratum.partition("\t")
    return phrase("{language}, {domain}", language=language, domain=domain) if domain else phrase(
        "{language}", language=language
    )  # fmt: skip
