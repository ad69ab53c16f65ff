"""The report as Markdown: the same content, short, for a pull request or a model card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from weighbridge.core.card import Card
from weighbridge.core.tradeoffs import Comparison
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _
from weighbridge.probekit.languages import Language
from weighbridge.report.content import (
    ComponentTold,
    Content,
    FindingTold,
    LanguagesTold,
    RemedyTold,
    content,
    nothing_waits,
)
from weighbridge.report.decided import DecidedTold
from weighbridge.report.measurement import ProbeTold, RowTold
from weighbridge.report.neutral import clean
from weighbridge.report.page import files_told, named
from weighbridge.report.people import BeforeTold, CaseTold, PeopleTold
from weighbridge.report.plans import PlansTold, plans_told

_MARKS = re.compile(r"([\\`*_\[\]<>&#|~$@]|(?<=[A-Za-z]):(?=//)|(?<=www)\.)")
_TICKS = re.compile("`+")
_MOST_ROWS = 12  # numbers of one metric that are written out


def render_markdown(  # noqa: PLR0913  as `render_page`
    weighing: Weighing,
    cards: Sequence[Card],
    *,
    when: str,
    version: str,
    ledger_head: str,
    repeat: Sequence[str],
    plans: Comparison | None = None,
    decided: DecidedTold | None = None,
    languages: Mapping[str, Language] | None = None,
    people: PeopleTold | None = None,
    before: BeforeTold | None = None,
) -> str:
    """The report; parameters as for `render_page`."""
    c = content(weighing, cards, repeat, languages)
    question = _("Should {name} be open-sourced?").format(name=named(weighing))
    blocks = [f"# {escaped(question)}", f"**{escaped(c.headline)}**", *_standings(c.components)]
    blocks += _section(_("What limits it"), [_finding(f) for f in (*c.limits, *c.advice)], _("Nothing that was found."))
    blocks += _section(_("What is not yet answered"), [_remedy(r) for r in c.unanswered], nothing_waits(c))
    if c.aside:
        title = _("Also not yet answered, though nothing waits for it now")
        blocks += [f"### {escaped(title)}", "\n".join(_remedy(r) for r in c.aside)]
    steps = [f"1. {escaped(step.says)} ({escaped(step.time)})" for step in c.steps]
    if c.steps or not c.mends:
        blocks += _section(_("Next steps"), steps, _("None is known that would clear more."))
    if c.mends:
        title = _("Next steps") if not c.steps else _("To lift what limits it")
        blocks += _section(title, [_remedy(r) for r in c.mends], "")
    if plans is not None:
        blocks += _plans(plans_told(plans))
    if decided is not None:
        blocks += _decided(decided)
    blocks += _people(people) if people else []
    blocks += _before(before) if before else []
    blocks += _languages(c.languages)
    blocks += [f"## {escaped(_('What was measured'))}", *(_probe(p) for p in c.probes)]
    facts = {
        _("Candidate"): code(weighing.candidate.digest),
        _("Policy"): f"{escaped(weighing.recommendation.policy)}, {code(weighing.recommendation.policy_digest)}",
        _("Head of the ledger"): code(ledger_head),
        _("Weighed"): escaped(when),
        _("Weighbridge"): escaped(version),
    }
    lines = [f"- {escaped(key)}: {value}" for key, value in facts.items()]
    lines += [
        f"- {code(f.label)} ({escaped(f.role)}, {escaped(f.size)}): {code(f.digest)}" for f in files_told(weighing)
    ]
    lines += [f"- {escaped(_('Taken for granted'))}: {escaped(guess)}" for guess in weighing.guesses]
    blocks += [f"## {escaped(_('What was weighed'))}", "\n".join(lines), *_closing(c)]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    r"""Text on one line in which nothing is markup, link or mention.

    Examples
    --------
    >>> escaped("a_b <script> https://x")
    'a\\_b \\<script\\> https\\://x'
    """
    return _MARKS.sub(r"\\\1", clean(text))


def code(text: str) -> str:
    """A code span that the text cannot leave."""
    inside = clean(text)
    fence = "`" * (max((len(run) for run in _TICKS.findall(inside)), default=0) + 1)
    pad = " " if inside.startswith("`") or inside.endswith("`") else ""
    return f"{fence}{pad}{inside}{pad}{fence}"


def _standings(components: Iterable[ComponentTold]) -> list[str]:
    blocks = []
    for part in components:
        names = " | ".join(escaped(r.name + (f" ({_('proposed')})" if r.is_proposed else "")) for r in part.ladder)
        states = " | ".join(escaped(r.state_words) for r in part.ladder)
        blocks.append(f"## {escaped(part.name)}")
        blocks.append(f"| {names} |\n|{' --- |' * len(part.ladder)}\n| {states} |")
        blocks.append("\n".join(f"- {escaped(line)}" for line in part.lines))
    return blocks


def _section(title: str, items: Sequence[str], nothing: str) -> list[str]:
    return [f"## {escaped(title)}", "\n".join(items) if items else escaped(nothing)]


def _finding(f: FindingTold) -> str:
    lines = [f"- **{escaped(f.says)}** ({escaped(f.about)}; {escaped(f.effect)})"]
    if f.remedy:
        lines.append(f"  {escaped(_('What to do'))}: {escaped(f.remedy)}")
    return "\n".join(lines)


def _remedy(r: RemedyTold) -> str:
    head = escaped(r.says or _("No step is known yet for:"))
    time = f" ({escaped(r.time)})" if r.time else ""
    return "\n".join(
        [f"- {head}{time}", *(f"  - {escaped(says)}" for says in dict.fromkeys(f.says for f in r.settles))]
    )


def _probe(p: ProbeTold) -> str:
    blocks = [f"### {escaped(p.title)}: {escaped(p.outcome_words)}"]
    if p.question:
        blocks.append(f"*{escaped(p.question)}*")
    if p.because:
        blocks.append(" ".join(escaped(part) for part in (p.because, p.remedy) if part))
    for metric in p.metrics:
        rows = [_row(row) for row in metric.rows[:_MOST_ROWS]]
        if len(metric.rows) > _MOST_ROWS:
            rows.append(f"- {escaped(_('and {n} more').format(n=len(metric.rows) - _MOST_ROWS))}")
        blocks.append("\n".join([f"{escaped(metric.says)}:", "", *rows]))
    if p.notes:
        blocks.append("\n".join(f"- {escaped(note)}" for note in p.notes))
    if p.cannot_show:
        blocks.append(f"{escaped(_('What a clean result does not show'))}: {escaped(p.cannot_show)}")
    blocks.append(f"{escaped(_('To repeat it'))}: {code(p.command)}")
    return "\n\n".join(blocks)


def _people(people: PeopleTold) -> list[str]:
    lines = [f"- {escaped(line)}" for line in people.panel]
    lines += [f"- {escaped(q.asks)} {escaped(q.stand)}" for q in people.said]
    return [f"## {escaped(_('What people said'))}", escaped(people.summary), *(["\n".join(lines)] if lines else [])]


def _before(before: BeforeTold) -> list[str]:
    if before.too_little:
        return [f"## {escaped(_('What others did before'))}", escaped(before.too_little)]
    told = _("Nearest first: an order that proves nothing, and no rule rests on it.")
    blocks = [f"## {escaped(_('What others did before'))}", escaped(told), "\n".join(map(_case, before.nearest))]
    if before.opposite:
        title = _("The nearest that turned out the other way")
        blocks += [f"### {escaped(title)}", _case(before.opposite)]
    return blocks


def _case(case: CaseTold) -> str:
    parts = [case.on, case.rung, case.turned, case.agrees]
    return f"- {escaped(case.title)} ({escaped('; '.join(filter(None, parts)))}): {escaped(case.after)}"


def _languages(told: LanguagesTold | None) -> list[str]:
    """The table of languages: a picture has no place here."""
    if told is None:
        return []
    headings = [what for what, _state, _figure in told.rows[0].cells]
    head = [_("Language"), _("Speakers"), _("Word order and affixes"), *headings]
    lines = [" | ".join(escaped(word) for word in head), " | ".join("---" for _word in head)]
    for row in told.rows:
        cells = [f"{state} ({figure})" if figure else state for _what, state, figure in row.cells]
        named = row.name if row.name == row.tag else f"{row.name} ({row.tag})"
        lines.append(
            " | ".join(escaped(word) for word in (named, row.speakers, row.typology or _("not recorded"), *cells))
        )
    table = "\n".join(f"| {line} |" for line in lines)
    return [f"## {escaped(_('Languages'))}", f"**{escaped(told.headline)}**", table]


def _row(row: RowTold) -> str:
    where = ", ".join(f"{axis}: {value}" for axis, value, _is_data in row.by) or _("overall")
    rest = f"{escaped(row.sureness)}; {escaped(row.counted)}, {escaped(row.basis)}"
    return f"- **{escaped(row.found)}** ({escaped(where)}); {rest}"


def _decided(d: DecidedTold) -> list[str]:
    blocks = [f"## {escaped(_('What people decided'))}", escaped(d.headline)]
    blocks += [f"> {escaped(d.statement)}"] if d.statement else []
    lines = [f"- {escaped(_('At once'))}: {escaped(d.at_once)}"]
    if d.stages:
        lines.append(f"- {escaped(_('In force today'))}: {escaped(d.in_force)}")
    for stage in d.stages:
        lines.append(f"- {escaped(f'{stage.name}: {stage.gives}; {stage.days}; {stage.state}')}")
        lines += [f"  - {escaped(f'{says} ({met})')}" for says, met in stage.criteria]
    lines += [f"- {escaped(_('Condition'))}: {escaped(text)}" for text in d.conditions]
    return [*blocks, "\n".join([*lines, f"- {escaped(_('Digest'))}: {code(d.digest)}"])]


def _plans(p: PlansTold) -> list[str]:
    deterred = (_("{who} deterred").format(who=who) for who in p.actors)
    heads = [_("Plan"), *deterred, _("Value it above"), _("Delay"), _("Preferred by")]
    rows = []
    for plan in p.plans:
        unknown = [_("not known")] * len(p.actors)
        cells = [plan.name, *(plan.deterred or unknown), plan.price, plan.delay, plan.wins or plan.stands]
        rows.append(f"| {' | '.join(escaped(str(cell)) for cell in cells)} |")
    table = [f"| {' | '.join(escaped(h) for h in heads)} |", f"|{' --- |' * len(heads)}", *rows]
    blocks = [
        f"## {escaped(_('Plans, side by side'))}",
        escaped(" ".join([p.headline, *p.notes])),
        f"> {escaped(p.statement)}",
        "\n".join(table),
    ]
    lines = [f"- {escaped(plan.name)}: {escaped(' '.join((*plan.because, *plan.trades, *plan.cautions)))}"
             for plan in p.plans if plan.because or plan.trades or plan.cautions]  # fmt: skip
    lists = (
        (_("What each trades, and why some are out"), lines),
        (_("What would change the answer"), [f"- {escaped(flip)}" for flip in p.flips]),
        (_("What an hour would tell"), [f"1. {escaped(f'{w} ({time}): {chance}')}" for w, time, chance in p.learnings]),
        (_("Whom it serves"), [f"- {escaped(f'{b.who}: {b.amount} ({b.basis})')}" for b in p.benefits]),
        (_("Work close by that may do more good"), [f"- {escaped(text)}" for text in p.alternatives]),
        (_("What to know before believing this"), [f"- {escaped(text)}" for text in p.warnings]),
    )  # fmt: skip
    for title, entries in lists:
        blocks += [f"### {escaped(title)}", "\n".join(entries)] if entries else []
    return blocks


def _closing(c: Content) -> list[str]:
    if not c.components:
        return []
    return [
        escaped(
            _("Weighbridge measures and compares with a written policy. It does not decide: people decide, and sign.")
        )
    ]
