"""What is said beside the numbers: how they were counted, which combinations tell most, and what would help.

Columns are named, values never; see `probekit.speaker`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.speaker import Speaker
from weighbridge.probes.unique_combinations.curve import DECLARED, Counted, Curve
from weighbridge.probes.unique_combinations.diversity import Diversity
from weighbridge.probes.unique_combinations.quantities import Weighed

_WORST = 5


def on_weighed(weighed: Weighed, speaker: Speaker) -> tuple[Phrase, ...]:
    """What stands beside the numbers of one table."""
    curve = weighed.curve
    said = (*_on_scan(curve, speaker), *_on_curve(curve, speaker), *(weighed.beyond.notes if weighed.beyond else ()))
    return (*said, *_on_sensitive(curve.table, weighed.diversity, speaker))


def _on_scan(curve: Curve, speaker: Speaker) -> list[Phrase]:
    """How combinations were counted, where it was not one by one, and which were not."""
    notes = list[Phrase]()
    if curve.sampled:
        says = (
            "{label}: {n} combinations were counted in one scan over a sample of their classes (one in {each} at the "
        )
        says += "least), and the {m} that seemed to tell most over all rows, as were each column alone and all together"
        notes.append(
            phrase(
                says,
                label=curve.table,
                n=curve.sampled.n,
                each=round(1 / curve.sampled.chance),
                m=curve.sampled.confirmed,
            )
        )
    if curve.left_out:
        says = (
            "{label}: for want of time only columns that by themselves leave the fewest lookalikes were combined with "
        )
        says += "each other; left out but for each alone and all together, so that the numbers stay open: {columns}; "
        says += "more time: --budget SECONDS"
        notes.append(phrase(says, label=curve.table, columns=speaker.list(curve.left_out)))
    return notes


def _on_curve(curve: Curve, speaker: Speaker) -> list[Phrase]:
    """The worst combinations, and the one column that would help most if it were left out."""
    ranked = sorted(curve.combinations, key=lambda c: (-c.crowd.unique, -c.crowd.small, len(c.columns), c.columns))
    told = [c for c in ranked if c.crowd.unique][:_WORST]
    notes = []
    if told:
        notes.append(
            phrase(
                "{label}: what makes most people unique: {combinations}",
                label=curve.table,
                combinations="; ".join(f"{speaker.list(c.columns, joint=' + ')}: {_share(c)}" for c in told),
            )
        )
    whole = curve.point(DECLARED)
    best = min(curve.without, key=lambda c: (c.crowd.unique, c.crowd.small, c.columns), default=None)
    if whole and best and best.crowd.unique < whole.crowd.unique:
        notes.append(
            phrase(
                "{label}: without {column} the share of unique people would fall from {before} to {after}",
                label=curve.table,
                column=speaker.list(best.columns),
                before=_percent(whole.crowd.unique_share),
                after=_percent(best.crowd.unique_share),
            )
        )
    return notes


def _on_sensitive(label: str, found: Sequence[Diversity], speaker: Speaker) -> list[Phrase]:
    says = (
        "{label}: {column}: different values in the least mixed class of people who look alike: {fewest}; of the rows"
    )
    says += " {share} lie in a class that has one value only, the unique ones among them: it is told of everybody in it"
    about = "{label}: {column}: how many different values a class of people who look alike has at the least was not"
    about += " counted over all classes, for there are too many; in a sample of them it is {fewest}"
    notes = []
    for d in found:
        share = ("about " if d.is_sampled else "") + _percent(d.told)
        template = about if d.is_sampled and d.fewest > 1 else says
        notes.append(phrase(template, label=label, column=speaker.list([d.column]), fewest=d.fewest, share=share))
    return notes


def on_tables(worst: Mapping[str, str], n_tables: int) -> tuple[Phrase, ...]:
    """Whose numbers these are, where several tables were counted; `worst` maps a metric to a label."""
    if n_tables < 2:
        return ()
    tables = "; ".join(f"{metric}: {label}" for metric, label in worst.items())
    says = "{n} tables were counted; each number is that of the worst of them, over all columns: {tables}"
    return (phrase(says, n=n_tables, tables=tables),)


def _share(counted: Counted) -> str:
    return _percent(counted.crowd.unique_share)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
