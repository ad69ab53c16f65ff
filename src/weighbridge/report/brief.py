"""The press brief: what can be said with a number behind it, what cannot, and what to ask before an interview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from weighbridge.app.answer import Hearing, Stand
from weighbridge.app.panel import Told
from weighbridge.app.quote import Quoted
from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, Measured, NotApplicable
from weighbridge.core.findings import Finding, Verdict
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _, plural
from weighbridge.policy.rules import Rule
from weighbridge.report.answer import answer_lines
from weighbridge.report.neutral import clean, ended, sentence, told
from weighbridge.report.numbers import quantity_in_words
from weighbridge.report.people import told_first_lines
from weighbridge.report.weighty import weightiest

_MOST_NUMBERS = 3  # of one probe: who speaks to the press remembers three
_HOLD = "interview-can-be-given"
_SPEAKING = ("story-topic", "spokesperson")
_TESTED_BY = ("language-quality", "detectability")
_CLAIMS = "release-claims"  # it speaks of the release text, and nothing in it is to be said to anybody
# Whose numbers can stand against a kind of claim.
_AGAINST = {
    "privacy": frozenset({
        "verbatim-extraction", "canary-exposure", "membership-advantage", "membership-advantage-lm",
        "attribute-inference", "unique-combinations", "stored-records", "implicit-attributes",
    }),
    "languages": frozenset({"language-quality", "language-coverage", "defence-by-language"}),
    "detection": frozenset({"detectability", "defence-by-language"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All that a brief is made from."""

    weighing: Weighing
    cards: Sequence[Card]
    hearings: Sequence[Hearing]
    quoted: Sequence[Quoted]
    rules: Sequence[Rule] = ()  # of the policy that it was judged by
    path: str = "DIR"  # where it lies, quoted for a shell
    told: Told | None = None  # who was told of it before it was out


def render_brief(brief: Brief) -> str:
    """The brief, in Markdown."""
    parts = (
        (_("# Press brief: {name}").format(name=_name(brief.weighing)), _opening(brief)),
        (_("## Before an interview"), _before(brief)),
        (_("## What you can say, and what stands behind it"), _say(brief)),
        (_("## What you cannot say"), _do_not_say(brief)),
        (_("## Languages"), _languages(brief)),
        (_("## What was printed"), _printed(brief)),
    )
    return "\n\n".join("\n".join([title, "", *lines]) for title, lines in parts) + "\n"


def _name(weighing: Weighing) -> str:
    return clean(f"{weighing.candidate.name} {weighing.candidate.version}".strip())


def _opening(brief: Brief) -> Iterator[str]:
    yield from (f"- {clean(line)}" for line in answer_lines(brief.weighing))
    yield f"- {_('Journalists do not decide, and neither does this paper: it says what is known.')}"


def _before(brief: Brief) -> Iterator[str]:
    held = [f for f in brief.weighing.findings if f.rule == _HOLD and f.verdict is Verdict.BREACHED]
    if held:
        yield "- **" + _("Hold the interview.") + "** " + sentence(held[0].says)
        yield f"- {_('A few hours of media training first, or let somebody speak who had them.')}"
    yield f"- {_('Ask what the story is about, before you answer anything else.')}"
    topics = {
        "progress": _("Progress in machine learning: go."),
        "dangers": _("Dangers of AI: with care; say what was measured, and stop there."),
        "fake-news": _("False news: with more care; whether its text can be told from people's is the first question."),
        "elections": _("Elections: with most care; words are bent to fit the story."),
    }
    said = {h.question.slug: h.replies[-1].choice for h in brief.hearings if h.stand is Stand.COUNTS}
    topic = next(iter(said.get("story-topic", ())), "")
    yield from (f"- {'**' + line + '**' if key == topic else line}" for key, line in topics.items())
    waiting = [h.question.slug for h in brief.hearings if h.question.slug in _SPEAKING and h.stand is not Stand.COUNTS]
    if waiting:
        only = " ".join(f"--only {slug}" for slug in waiting)
        yield "- " + _("Not answered yet: weighbridge ask {path} {only}").format(path=brief.path, only=only)
    yield from (f"- {line}" for line in told_first_lines(brief.told))
    yield "- " + _(
        "Ask to see quotations before they are printed. Note what was: "
        'weighbridge press quoted {path} --outlet "WHERE" --printed "WORDS"'
    ).format(path=brief.path)


def _say(brief: Brief) -> Iterator[str]:
    cards = {card.slug: card for card in brief.cards}
    empty = True
    for evidence in brief.weighing.evidence:
        for line in _numbers(evidence, cards.get(evidence.probe), brief.rules):
            empty = False
            yield line
    if empty:
        yield _("- Nothing with a number was measured: there is nothing to say yet.")


def _numbers(evidence: Evidence, card: Card | None, rules: Sequence[Rule]) -> Iterator[str]:
    if not isinstance(evidence.outcome, Measured) or card is None or evidence.probe == _CLAIMS:
        return
    for q in weightiest(evidence.probe, evidence.outcome.quantities, rules)[:_MOST_NUMBERS]:
        metric = card.metric_named(q.metric)
        says = clean(_(metric.says)) if metric else q.metric
        where = ", ".join(f"{axis} {value}" for axis, value in q.by)
        yield f"- {says}{f' ({clean(where)})' if where else ''}: **{quantity_in_words(q)}** `{evidence.probe}`"


def _do_not_say(brief: Brief) -> Iterator[str]:
    cards = {card.slug: card for card in brief.cards}
    for finding in brief.weighing.findings:
        if finding.verdict is Verdict.BREACHED and finding.rule != _HOLD:
            yield "- " + _("anything that contradicts this: {says}").format(says=sentence(finding.says))
    for evidence in brief.weighing.evidence:
        card = cards.get(evidence.probe)
        if card is None or isinstance(evidence.outcome, NotApplicable):
            continue
        if isinstance(evidence.outcome, Measured):
            first = " ".join(card.cannot_show.split()).split(". ")[0]
            yield f"- {ended(clean(_(first)))} `{evidence.probe}`"
        else:
            why = told(evidence.outcome.because) if hasattr(evidence.outcome, "because") else _("it broke")
            yield "- " + _("anything about this question, which was not measured: {question} ({why})").format(
                question=clean(_(card.question)), why=why
            )
    yield "- " + _("that others do it, or that it is lawful, as a reason")
    yield from _bare_claims(brief.weighing.evidence)
    yield from _contradicted_claims(brief)


def _bare_claims(evidence: Iterable[Evidence]) -> Iterator[str]:
    for found in evidence:
        if found.probe != _CLAIMS or not isinstance(found.outcome, Measured):
            continue
        for q in found.outcome.quantities:
            if q.metric == "unbacked-claims" and q.value:
                line = plural(
                    "what {n} sentence of the release text claims of {kind}: nothing measured stands behind it",
                    "what {n} sentences of the release text claim of {kind}: nothing measured stands behind them",
                    int(q.value),
                )
                yield "- " + line.format(n=int(q.value), kind=clean(str(q.at("kind"))))


def _contradicted_claims(brief: Brief) -> Iterator[str]:
    """What the release text claims while a number stands against it."""
    probe_of = {rule.slug: rule.watch.probe for rule in brief.rules if rule.watch}
    for found in brief.weighing.evidence:
        if found.probe != _CLAIMS or not isinstance(found.outcome, Measured):
            continue
        claimed = {str(q.at("kind")) for q in found.outcome.quantities if q.metric == "claims" and q.value}
        for kind in (kind for kind in _AGAINST if kind in claimed):
            for finding in _breached(brief):
                if probe_of.get(finding.rule) in _AGAINST[kind]:
                    yield "- " + _("what the release text claims of {kind}; against it stands: {says}").format(
                        kind=clean(kind), says=sentence(finding.says)
                    )


def _breached(brief: Brief) -> list[Finding]:
    return [f for f in brief.weighing.findings if f.verdict is Verdict.BREACHED]


def _languages(brief: Brief) -> Iterator[str]:
    claimed = set(brief.weighing.candidate.claims.languages) | set(brief.weighing.candidate.triage.languages)
    tested = {
        str(q.at("language"))
        for e in brief.weighing.evidence
        if e.probe in _TESTED_BY and isinstance(e.outcome, Measured)
        for q in e.outcome.quantities
        if q.at("language")
    }
    untested = sorted(claimed - tested)
    if tested:
        yield "- " + _("Tested in: {languages}. Name them; a result on these is no result on language.").format(
            languages=", ".join(map(clean, sorted(tested)))
        )
    else:
        yield "- " + _("Nothing was tested language by language. Speak of no language that was not tested.")
    if untested:
        yield "- " + _("Claimed and not tested: {languages}.").format(languages=", ".join(map(clean, untested)))


def _printed(brief: Brief) -> Iterator[str]:
    wrong = [q for q in brief.quoted if q.is_wrong]
    n = len(brief.quoted)
    on_record = plural("{n} quotation is on record", "{n} quotations are on record", n).format(n=n)
    yield "- " + _("{on_record}, {wrong} of them wrong.").format(on_record=on_record, wrong=len(wrong))
    for quoted in wrong:
        yield "- " + _("entry {n} of {day}: correction {correction}").format(
            n=quoted.number, day=quoted.at[:10], correction=quoted.correction.value
        )
    if any(quoted.waits for quoted in wrong):
        yield (
            "- **"
            + _("Ask for a correction, or say publicly that it is wrong; a wrong report outlives a denial.")
            + "**"
        )
