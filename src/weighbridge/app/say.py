"""Say: the risk in two or three sentences.

Written from the figures alone. The owner edits the sentences and signs them; the figures stay as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from weighbridge.app.imagine import Worlds
from weighbridge.app.trade import closes
from weighbridge.core.candidate import Component, Said
from weighbridge.core.evidence import Quantity
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import BEYOND_ALL, Comparison, PlanRow, Scenario, State
from weighbridge.core.wording import _
from weighbridge.core.worth import Ground
from weighbridge.policy.plans import main_component

_HALF = 0.5
_LONGEST, _MOST_NAMED = 80, 8  # characters of a name, and names: a statement is two or three sentences
_LONGEST_RULE, _MOST_RULES = 300, 3  # characters of what a rule says, and rules
_JOINERS = frozenset("\u200c\u200d")  # with which Persian and the Indic scripts are spelt


def statement(made: Comparison, worlds: Worlds, plan: str = "") -> str:
    """Two or three sentences: whom the plan deters and whom not, for how long, and on what that rests.

    Parameters
    ----------
    plan : the one to speak of; left out: the proposed one, the recommended one, or the most closed one, whichever of
        them is the first to keep anything back
    """
    return " ".join(_sentences(made, worlds, plan))


def _sentences(made: Comparison, worlds: Worlds, plan: str) -> list[str]:
    if not worlds.given.is_misuse:
        text = _(
            "We believe that nobody can be hurt by what this shows or does, so that keeping it back gains nothing."
        )
        return [text, _said_of_benefits(worlds)]
    return [*_otherwise(worlds), *_of_misuse(made, worlds, plan)]


def _otherwise(worlds: Worlds) -> list[str]:
    """What speaks against the answer that nobody can be hurt, where that was given."""
    triage, against = worlds.given.candidate.triage, worlds.given.against
    if triage.harm is not Said.NO:
        return []
    told = [plainly(str(says).rstrip("."), _LONGEST_RULE) for says in against[:_MOST_RULES]]
    told += [_("it is about people")] if triage.about_people is Said.YES else []
    told += [_("some of it is private or was given in confidence")] if triage.private is Said.YES else []
    if len(against) > _MOST_RULES:
        told.append(_("limits passed beside these: {n}").format(n=len(against) - _MOST_RULES))
    text = _("The owner says that nobody can be hurt; this is not relied on here, because of what is known: {what}.")
    return [text.format(what=_("; ").join(told))]


def _of_misuse(made: Comparison, worlds: Worlds, plan: str) -> list[str]:
    row = spoken_of(made, worlds, plan)
    if row is not None and not closes(row.plan, worlds):
        if main_component(worlds.given.candidate) is not Component.WEIGHTS:  # to have data takes no computing
            text = _("The plan {name} keeps nobody from misuse: whoever wants it has it.")
            return [text.format(name=plainly(row.plan.name)), *_unmeasured(made)]
        text = _("The plan {name} keeps nobody from misuse: whoever wants it has it for about {usd} USD of computing.")
        return [text.format(name=plainly(row.plan.name), usd=_usd(row.break_even[0].value)), *_unmeasured(made)]
    if row is None:
        why = str(worlds.why_not) if worlds.why_not else _("no plan is left to compare")
        return [
            _("We do not know whom keeping this back would deter: {why}.").format(why=why),
            _("So we claim neither that withholding it protects anybody nor that opening it harms nobody."),
            *([_("Not measured: {what}.").format(what=text)] if (text := _what_is_unmeasured(made)) else []),
        ]
    return [_who_is_deterred(row, made, worlds), _how_long(row, made, worlds), *_unmeasured(made)]


def subject(made: Comparison, worlds: Worlds, plan: str = "") -> PlanRow | None:
    """The plan the sentences are about; None where no plan that keeps anything back makes sense."""
    if plan:
        return made.row(plan)
    proposed = dict(worlds.given.candidate.plan)
    rows = [r for r in made.rows if r.state is not State.INCOHERENT and closes(r.plan, worlds)]
    asked = [r for r in rows if proposed and dict(r.plan.rungs) == proposed and not r.plan.stages]
    chosen = [*asked, *(r for r in rows if r.plan.name == made.recommended)]
    return chosen[0] if chosen else max(rows, key=lambda r: r.undoing, default=None)


def spoken_of(made: Comparison, worlds: Worlds, plan: str = "") -> PlanRow | None:
    """The plan whose figures the sentences tell; None where they tell of none."""
    row = subject(made, worlds, plan) if worlds.given.is_misuse else None
    if row is None or row.state is State.INCOHERENT:
        return None
    return row if row.deterred or not closes(row.plan, worlds) else None


def _who_is_deterred(row: PlanRow, made: Comparison, worlds: Worlds) -> str:
    says = {actor.name: plainly(actor.says) for actor in made.actors}
    told = _declared(row)
    most = [f"{says[n]} ({percent(q)})" for n, q in told.items() if q.low > _HALF]
    few = [f"{says[n]} ({percent(q)})" for n, q in told.items() if q.high <= _HALF]
    unsure = [f"{says[n]} ({percent(q)})" for n, q in told.items() if q.low <= _HALF < q.high]
    main = main_component(worlds.given.candidate)
    is_withheld = main is not None and not row.plan.stages and dict(row.plan.rungs)[main.value] is Rung.WITHHELD
    name = _("withholding") if is_withheld else _("the plan {name}").format(name=plainly(row.plan.name))
    if most:
        text = _("We believe that {plan} deters most {most}").format(plan=name, most=_listed(most))
        text += _(", but not {few}").format(few=_listed(few, or_=True)) if few else ""
    elif few:
        text = _("We believe that {plan} deters only a few of {few}").format(plan=name, few=_listed(few))
    else:
        return _("We cannot say whether {plan} deters most {unsure}.").format(
            plan=name, unsure=_listed(unsure, or_=True)
        )
    if unsure:
        text += _("; of {unsure} we cannot say").format(unsure=_listed(unsure))
    return text + "."


def _declared(row: PlanRow, scenario: Scenario = Scenario.DECLARED) -> dict[str, Quantity]:
    return {q.at("actor") or "": q for q in row.deterred if q.at("scenario") == scenario}


def _how_long(row: PlanRow, made: Comparison, worlds: Worlds) -> str:
    breaks = min(row.break_even, key=lambda q: q.value)
    if breaks.value >= BEYOND_ALL:
        return _no_way(breaks) + _delayed(row, worlds) + _subsidised(row, made) + "." + _of_the_data(worlds)
    guide = _(", with the paper as a guide") if _has_paper(worlds) else ""
    text = _("Whoever values it above about {usd} USD (between {low} and {high}) can get it anyway{guide}").format(
        usd=_usd(breaks.value), low=_usd(breaks.low), high=_usd(breaks.high), guide=guide
    )
    return text + _delayed(row, worlds) + _subsidised(row, made) + "." + _of_the_data(worlds)


def _no_way(breaks: Quantity) -> str:
    """Of what cannot be had in most worlds drawn."""
    text = _("To get it anyway costs more than any amount considered")
    if breaks.low < BEYOND_ALL:
        text += _(", or in some of what was drawn {usd} USD or more").format(usd=_usd(breaks.low))
    return text


def _delayed(row: PlanRow, worlds: Worlds) -> str:
    """The delay, no more exactly than its interval lets it be, and whose precedent it goes by."""
    if row.delay is not None and row.delay.high > 0:
        more = _("; what is bought is a delay of about {days:,.0f} days (between {low:,.0f} and {high:,.0f})")
        days = _to_digits(row.delay.value, 1 if row.delay.high >= 2 * row.delay.low else 2)
        low, high = _to_digits(row.delay.low, 2, ROUND_FLOOR), _to_digits(row.delay.high, 2, ROUND_CEILING)
        return more.format(days=days, low=low, high=high) + _precedents(worlds)
    if row.delay is not None:
        return _("; no delay is bought, since something else serves as well")
    return ""


def _precedents(worlds: Worlds) -> str:
    if Component.WEIGHTS not in worlds.given.candidate.components:
        return ""
    text = _(", going by {n} models that are known to have been made again; those that nobody made again are not in it")
    return text.format(n=len(worlds.given.delays.firsts))


def _to_digits(x: float, digits: int, rounding: str = ROUND_HALF_EVEN) -> float:
    """Rounded to so many significant digits; less than a day is none, or one."""
    exact = Decimal(repr(float(x)))
    return float(exact.quantize(Decimal((0, (1,), max(exact.adjusted() - digits + 1, 0))), rounding))


def _subsidised(row: PlanRow, made: Comparison) -> str:
    """What is left of the deterrence of those who are mostly deterred, were computing and work given to them."""
    free = _declared(row, Scenario.ALL_SUBSIDISED)
    mostly = [name for name, q in _declared(row).items() if q.low > _HALF and name in free]
    if not mostly:
        return ""
    least = min(mostly, key=lambda name: free[name].value)
    who = next(plainly(actor.says) for actor in made.actors if actor.name == least)
    text = _("; of {who} to whom computing and work are given, {share} are deterred")
    return text.format(who=who, share=percent(free[least]))


def _of_the_data(worlds: Worlds) -> str:
    if not worlds.is_floor:
        return ""
    return _(" What its data would cost them is not told, so that it costs more than this.")


def _has_paper(worlds: Worlds) -> bool:
    facts = worlds.given.candidate.replication
    return facts is not None and any(part.value == "paper" for part in facts.public)


def _unmeasured(made: Comparison) -> list[str]:
    """That the actors are assumed, and what was not measured."""
    text = _("This assumes what such actors can spend and gain, which nobody has counted")
    if any(actor.basis is Ground.TESTIFIED for actor in made.actors):
        text = _("This rests on what was told, or is assumed, of what such actors can spend and gain")
    what = _what_is_unmeasured(made)
    return [text + (_("; not measured: {what}.").format(what=what) if what else ".")]


def _what_is_unmeasured(made: Comparison) -> str:
    parts = []
    open_languages = [known.language for known in made.defence if known.share is None]
    if open_languages:
        text = _("whether what it writes can be told from what people write")
        named = [plainly(name) for name in open_languages[:_MOST_NAMED] if name != "und"]
        parts.append(f"{text} ({', '.join(named)})" if named else _("{what}, in any language").format(what=text))
    if len(made.defence) == 1 and made.defence[0].language != "und":
        parts.append(_("any language other than {language}").format(language=plainly(made.defence[0].language)))
    return _("; ").join(parts)


def _said_of_benefits(worlds: Worlds) -> str:
    benefits = worlds.given.worth.benefits
    if not benefits:
        return _("Whom it serves was not said.")
    told = [
        f"{plainly(b.who)} ({b.amount.low:,.0f}–{b.amount.high:,.0f} {plainly(b.unit)})" for b in benefits[:_MOST_NAMED]
    ]
    return _("It serves {who}.").format(who=_listed(told))


def percent(q: Quantity) -> str:
    """An interval of a deterred share; it never says all."""
    low, high = int(q.low * 100), min(int(q.high * 100 + 0.999), 99)
    return _("{low}–{high} %").format(low=low, high=high) if low < high else _("{low} %").format(low=low)


def plainly(text: str, most: int = _LONGEST) -> str:
    """A name as it may stand in a sentence that people sign: on one line, not long, with nothing that hides."""
    kept = "".join(c for c in " ".join(text.split()) if unicodedata.category(c)[0] != "C" or c in _JOINERS)
    return kept if len(kept) <= most else f"{kept[:most]}…"


def _usd(x: float) -> str:
    return _("more than any amount considered") if x >= BEYOND_ALL else f"{float(f'{x:.2g}'):,.0f}"


def _listed(names: Sequence[str], *, or_: bool = False) -> str:
    if len(names) < 2:
        return "".join(names)
    last = _("{before} or {last}") if or_ else _("{before} and {last}")
    return last.format(before=", ".join(names[:-1]), last=names[-1])
