"""Account: the worksheet on marginal risk, and what all the figures assume and leave out."""

from __future__ import annotations

from weighbridge.app.imagine import Worlds, is_there
from weighbridge.app.say import percent, subject
from weighbridge.core.candidate import Component
from weighbridge.core.evidence import Quantity
from weighbridge.core.tradeoffs import Comparison, PlanRow, Scenario, Step
from weighbridge.core.wording import Phrase, phrase
from weighbridge.core.worth import Ground


def worksheet(made: Comparison, worlds: Worlds) -> tuple[Step, ...]:
    """The six steps of the framework on marginal risk, filled in from what is known; what is not known says so.

    References
    ----------
    Kapoor et al. 2024, On the Societal Impact of Open Foundation Models, arXiv 2403.07918, section 4.
    """
    given, row = worlds.given, subject(made, worlds)
    substitutes = [s for s in given.worth.substitutes if is_there(s, given.seen)]
    shown = tuple(
        phrase("{name}, between {low:,.0f} and {high:,.0f} USD: {seen}", name=s.name, low=s.cost_usd.low,
               high=s.cost_usd.high, seen=s.evidence or "no evidence is given, so it counts for nothing")
        for s in substitutes
    )  # fmt: skip
    defended = tuple(
        phrase("in {language}: {share:.0%} told apart", language=k.language, share=k.share.value)
        if k.share is not None
        else phrase("in {language}: not measured", language=k.language)
        for k in made.defence
    )
    is_measured = bool(made.defence) and all(k.share is not None for k in made.defence)
    actors = tuple(phrase("{who} ({basis})", who=a.says, basis=a.basis.value) for a in made.actors)
    adds = _marginal(made, row)
    none = (phrase("not answered"),)
    nobody = (phrase("nobody: it was answered that nobody could be hurt"),)
    return (
        Step(asks=phrase("Who may misuse it, and for what?"), says=actors if given.is_misuse else nobody,
             is_known=not given.is_misuse or all(a.basis is Ground.TESTIFIED for a in made.actors)),
        Step(asks=phrase("What risk is there already, without it?"),
             says=shown or (phrase("no substitute was named: look for one"),),
             is_known=any(s.is_shown for s in substitutes)),
        Step(asks=phrase("Which defences are there already?"),
             says=defended or (phrase("none that is measured here"),), is_known=is_measured),
        Step(asks=phrase("What risk does this release add?"), says=adds or none,
             is_known=bool(adds) and any(s.is_shown for s in substitutes)),
        Step(asks=phrase("How easily can one defend against what it adds?"), says=defended or none,
             is_known=is_measured),
        Step(asks=phrase("What is uncertain, and what is assumed?"), says=_doubts(made), is_known=True),
    )  # fmt: skip


def _doubts(made: Comparison) -> tuple[Phrase, ...]:
    told = [phrase("{n} things are assumed, each of them named beside this with its source", n=len(made.assumptions))]
    told += [
        phrase("the defence in {language} is not measured", language=known.language)
        for known in made.defence
        if known.share is None
    ]
    return tuple(told)


def _marginal(made: Comparison, row: PlanRow | None) -> tuple[Phrase, ...]:
    """What the substitutes leave of the difference that the release makes."""
    alone, now = _in(row, Scenario.NO_SUBSTITUTE), _in(row, Scenario.DECLARED)
    if alone:
        return tuple(
            phrase("{who}: withholding deters {now}, and would deter {before} were there no substitute",
                   who=_says(made, q), now=percent(q), before=percent(alone[name]))
            for name, q in now.items()
        )  # fmt: skip
    return tuple(
        phrase("{who}: {now} of those who would misuse it are kept from it, as long as nothing else serves as well",
               who=_says(made, q), now=percent(q))
        for q in now.values()
    )  # fmt: skip


def _says(made: Comparison, q: Quantity) -> str:
    return next((actor.says for actor in made.actors if actor.name == q.at("actor")), "")


def _in(row: PlanRow | None, scenario: Scenario) -> dict[str, Quantity]:
    return {q.at("actor") or "": q for q in (row.deterred if row else ()) if q.at("scenario") == scenario}


def assumptions(worlds: Worlds) -> tuple[Phrase, ...]:
    """All that the figures rest on and nobody measured."""
    given, shelf = worlds.given, worlds.given.assumed
    drawn = [a for a in given.actors if a.basis is Ground.ASSUMED]
    made = [
        phrase("{who}: can spend {low:,.0f} to {high:,.0f} USD, gain {least:,.0f} to {most:,.0f}; assumed: {source}",
               who=a.says,
               low=a.budget_usd.low, high=a.budget_usd.high, least=a.value_usd.low, most=a.value_usd.high,
               source=a.source or "nobody says")
        for a in drawn
    ]  # fmt: skip
    made += [
        phrase("an actor proceeds if its cheapest way costs less than it can spend and less than it gains"),
        phrase("each range of an actor may be off by a factor of {doubt:g}, up or down", doubt=shelf.doubt),
        phrase("{low:.3g} to {high:.3g} % of every kind go on although nothing pays, so no share is all: {source}",
               low=shelf.outside.share.low * 100, high=shelf.outside.share.high * 100, source=shelf.outside.source),
        phrase("terms of use hold back nobody who means harm"),
        _of_delays(worlds),
    ]  # fmt: skip
    made += [phrase("a copy gets out within a year under {rung} with a chance of {low:.3g} to {high:.3g} %: {source}",
                    rung=row.rung.value, low=row.share.low * 100, high=row.share.high * 100, source=row.source)
             for row in shelf.leak]  # fmt: skip
    if not given.worth.benefits and given.is_misuse:
        made.append(phrase("no benefit is declared: how many good users each rung reaches is assumed"))
    if given.worth.benefits:
        made.append(phrase(
            "of a benefit it counts whom the plan serves, for as long as it comes sooner than otherwise (a year, where "
            "that is not told). How many they are moves no figure: amounts of two groups have no common unit, and "
            "whoever guesses high would win. Health, and those for whom little is made, lean twice as much in the "
            "weightings where somebody testifies to it: ours"
        ))  # fmt: skip
    made.append(
        phrase("counts of one kind share one weight; over kinds, all weightings are as likely: none of them is ours")
    )
    return tuple(made)


def _of_delays(worlds: Worlds) -> Phrase:
    if Component.WEIGHTS not in worlds.given.candidate.components:
        return phrase("the delay is that of collecting the data again, as its cost was told")
    delays = worlds.given.delays
    return phrase("delays are those of {n} models that were made again: {missing}", n=len(delays.firsts),
                  missing=delays.survivorship)  # fmt: skip


def warnings(worlds: Worlds, today: str) -> tuple[Phrase, ...]:
    """What a reader should know before believing any of it."""
    given = worlds.given
    made = [
        phrase("the shelf {name} expired on {day}", name=shelf.name, day=shelf.expires)
        for shelf in (given.assumed, given.delays, given.prices)
        if given.is_misuse and shelf.expires < max(today, given.as_of)
    ]
    made += [
        phrase("the substitute {name} counts for nothing: no evidence of it is given", name=s.name)
        for s in given.worth.substitutes
        if not s.is_shown
    ]
    made += [
        phrase("the substitute {name} was not to be had on {day}", name=s.name, day=given.seen)
        for s in given.worth.substitutes
        if not is_there(s, given.seen)
    ]
    if worlds.is_floor:
        made.append(phrase("the cost of its data is not told: making it again costs at least what is shown"))
    if worlds.why_not is not None and given.is_misuse:
        made.append(worlds.why_not)
    if any(known.language == "und" and known.share is None for known in given.defence):
        made.append(phrase("no language is declared, so that it is not known in which a defence is missing"))
    return tuple(made)
