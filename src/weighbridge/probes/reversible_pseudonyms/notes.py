"""What is said beside the numbers: which column came back, from what and how soon; what was tried. No value is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Table
from weighbridge.probekit.speaker import called
from weighbridge.probes.reversible_pseudonyms.attack import Attempt, Trial
from weighbridge.probes.reversible_pseudonyms.infile import IN_FILE
from weighbridge.probes.reversible_pseudonyms.recipes import recipes, seconds
from weighbridge.probes.reversible_pseudonyms.shares import Found
from weighbridge.probes.reversible_pseudonyms.tokens import Tokens


def on_columns(found: Found) -> tuple[Phrase, ...]:
    """For each column of hashes: what it came back from, or what was tried in vain."""
    notes = []
    for tokens in found.hashes:
        trials = found.of(tokens)
        if trials:
            notes.append(_came_back(tokens, trials[0]))
            continue
        notes.append(_in_vain(tokens))
        if found.is_unsure(tokens):
            says = "{label}: too little was tried for the {n} values of {column} to tell whether they come back; to try"
            says += " more: --set reversible-pseudonyms.tries=50000000 --set reversible-pseudonyms.region=COUNTRY"
            notes.append(phrase(says, label=tokens.table.label, n=tokens.n, column=_name(tokens.table, tokens.column)))
        if any(t.tokens is tokens for t in found.trials):
            says = (
                "{label}: {column} came back from numbers or other values, and nothing tells whether they are people's;"
            )
            says += " if they are, write about_people = true at this artefact in weighbridge.toml"
            notes.append(phrase(says, label=tokens.table.label, column=_name(tokens.table, tokens.column)))
    return tuple(notes)


def _came_back(tokens: Tokens, trial: Trial) -> Phrase:
    card, core = seconds(trial.size, trial.recipe).tolist()
    says = (
        "{label}: {hits} of {n} different values of {column} came back as {recipe} of {what}, after {tried} of {size}"
        " were tried; to try all takes {card} on a graphics card and {core} on one processor core"
    )
    what = f"column {_name(tokens.table, trial.says)}" if trial.kind == IN_FILE else trial.says
    return phrase(
        says, label=tokens.table.label, column=_name(tokens.table, tokens.column), hits=trial.hits, n=tokens.n,
        recipe=trial.recipe.name, what=what, tried=trial.tried, size=trial.size, card=_time(card), core=_time(core),
    )  # fmt: skip


def _in_vain(tokens: Tokens) -> Phrase:
    says = "{label}: {column} looks like hashes of {bits} bits, and none of {n} came back within what was tried"
    says += (
        " (by {usual}; what stands in the table also by {rare}); that is not known to be safe: is a secret key used,"
    )
    says += " and who has it?"
    length = tokens.form.length
    usual, every = ([r.name for r in recipes(length, every=every)] for every in (False, True))
    rare = [name for name in every if name not in usual]
    return phrase(
        says, label=tokens.table.label, column=_name(tokens.table, tokens.column), bits=8 * length, n=tokens.n,
        usual=", ".join(usual), rare=", ".join(rare) or "nothing else",
    )  # fmt: skip


def on_coded(tables: Sequence[Table], coded: Mapping[str, Mapping[str, str]]) -> tuple[Phrase, ...]:
    """For each column that is another writing of something."""
    by_label = {t.label: t for t in tables}
    says = "{label}: {column} is no hash but another writing ({writing}), which anybody can read"
    return tuple(
        phrase(says, label=label, column=_name(by_label[label], column), writing=writing)
        for label, columns in coded.items()
        for column, writing in columns.items()
    )


def on_orders(orders: Sequence[tuple[Table, tuple[tuple[str, str], ...]]]) -> tuple[Phrase, ...]:
    """Numbers that keep the order of another column; they are told and not counted."""
    says = "{label}: the numbers of {column} keep the order of {other}: whoever meets one elsewhere knows about where"
    says += " {other} lies; number at random"
    return tuple(
        phrase(says, label=table.label, column=_name(table, column), other=_name(table, other))
        for table, pairs in orders
        for column, other in pairs[:3]
    )


def on_tried(attempts: Sequence[Attempt]) -> tuple[Phrase, ...]:
    """What was tried in all, and how much of each kind."""
    if not attempts:
        return ()
    says = "{n} values were tried: those of {columns} columns or pairs of them; of what can be counted, {kinds}"
    return (
        phrase(
            says, n=sum(a.tried for a in attempts), columns=sum(a.kind == IN_FILE for a in attempts),
            kinds="; ".join(_kinds([a for a in attempts if a.kind != IN_FILE])) or "nothing",
        ),
    )  # fmt: skip


def _kinds(attempts: Sequence[Attempt]) -> Iterator[str]:
    """Each kind with how much of it was tried, from the form of which least was to that of which most was."""
    for kind in dict.fromkeys(a.kind for a in attempts):
        parts = sorted(100 * min(1.0, a.tried / a.size) for a in attempts if a.kind == kind)
        ends = dict.fromkeys(f"{part:.3g}" for part in (parts[0], parts[-1]))
        yield f"{kind} ({' to '.join(ends)} %, {len(parts)} forms)" if len(parts) > 1 else f"{kind} ({parts[0]:.3g} %)"


def _time(seconds_: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds_ >= size:
            return f"{seconds_ / size:.0f} {unit}"
    return f"{seconds_:.0f} s" if seconds_ >= 1 else "less than 1 s"


def _name(table: Table, column: str) -> str:
    """The name of one column, or of several with plus signs between."""
    places = {c.name: n for n, c in enumerate(table.columns, 1)}
    parts = [column] if column in places else column.split(" + ")
    return " + ".join(called(part, places.get(part, 0)) for part in parts)
