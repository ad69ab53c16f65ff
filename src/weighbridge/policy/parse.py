"""A policy file into a policy, with every fault and its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from weighbridge.core.candidate import Impact
from weighbridge.core.card import Card, Metric
from weighbridge.core.errors import Faulty, nearest_hint
from weighbridge.core.findings import Counterweight, Effect
from weighbridge.core.question import Question
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import Path, Reading
from weighbridge.core.toml import locate, parse
from weighbridge.core.wording import _
from weighbridge.policy.facts import ANSWERS, FACTS, Values, asked_in
from weighbridge.policy.rules import Policy, Rule, Safe, Watch

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIX = "weighbridge policy check {file}"


def parse_policy(text: str, *, file: str, cards: tuple[Card, ...], questions: tuple[Question, ...] = ()) -> Policy:
    """The policy that this TOML text describes, held against the cards and the questions that it watches.

    Raises
    ------
    Faulty
        With every fault of form at once; where the form is right, with every fault of sense at once.
    """
    fix = _FIX.format(file=file)
    policy = parse(Policy, text, file=file, fix=fix)
    reading = Reading(file=file, lines=locate(text))
    _check_policy(policy, reading)
    asked = asked_in(questions)
    for n, rule in enumerate(policy.rule):
        path = ("rule", n)
        _check_words(rule, reading, path)
        _check_reach(rule, reading, path)
        _check_when(rule, {**FACTS, **asked}, reading, path)
        if _watches_one(rule, reading, path):
            _check_watched(rule, cards, {**ANSWERS, **asked}, reading, path)
    if reading.faults:
        raise Faulty(_("cannot use {file}").format(file=file), reading.faults, fix)
    return policy


def _check_policy(policy: Policy, reading: Reading) -> None:
    if not policy.name.strip():
        reading.fault(("name",), _("is empty"))
    if policy.version < 1:
        reading.fault(("version",), _("should be 1 or more"))
    if not 0 < policy.confidence < 1:
        reading.fault(("confidence",), _("should lie between 0 and 1"))
    if not policy.rule:  # it would clear everything
        reading.fault(("rule",), _("there is no rule"))
    _check_approvals(policy, reading)
    first: dict[str, int] = {}
    for n, rule in enumerate(policy.rule):
        if first.setdefault(rule.slug, n) != n:
            reading.fault(("rule", n, "slug"), _("rule {n} has this slug already").format(n=first[rule.slug] + 1))


def _check_approvals(policy: Policy, reading: Reading) -> None:
    """Each impact once, no role twice, and never fewer roles where more hangs on it."""
    order = list(Impact)
    for n, approving in enumerate(policy.approval):
        here = ("approval", n)
        if approving.impact in [earlier.impact for earlier in policy.approval[:n]]:
            reading.fault((*here, "impact"), _("was said before"))
        if not approving.roles:
            reading.fault((*here, "roles"), _("names nobody, so nobody could decide"))
        if len(set(approving.roles)) < len(approving.roles):
            reading.fault((*here, "roles"), _("names a role twice"))
        lesser = [a for a in policy.approval if order.index(a.impact) < order.index(approving.impact)]
        missing = {role for a in lesser for role in a.roles} - set(approving.roles)
        if missing:
            says = _("lacks {role}, who signs where less hangs on it")
            reading.fault((*here, "roles"), says.format(role=", ".join(sorted(missing))))
    if policy.approval and {a.impact for a in policy.approval} != set(Impact):
        reading.fault(("approval",), _("should say who signs at each impact: light, standard and high"))


def _check_words(rule: Rule, reading: Reading, path: Path) -> None:
    if not _SLUG.fullmatch(rule.slug):
        reading.fault((*path, "slug"), _("should be lower-case words joined by hyphens"))
    for key in ("says", "because", "source", "remedy"):
        words = getattr(rule, key)
        if not words.strip():
            reading.fault((*path, key), _("is empty"))
        if "{" in words or "}" in words:  # braces are fields in what is translated
            reading.fault((*path, key), _("cannot hold braces"))
    if rule.minutes is not None and rule.minutes < 0:
        reading.fault((*path, "minutes"), _("should be 0 or more"))


def _check_reach(rule: Rule, reading: Reading, path: Path) -> None:
    effect = rule.effect.value
    if rule.effect.forbids and not rule.forbids:
        reading.fault((*path, "forbids"), _("a {effect} forbids at least one rung").format(effect=effect))
    if rule.forbids and not rule.effect.forbids:
        says = _("only stop and caution take rungs away, this rule's effect is {effect}")
        reading.fault((*path, "forbids"), says.format(effect=effect))
    if Counterweight.DEFENCE in rule.countered_by and rule.effect is not Effect.CAUTION:
        says = _("only a caution can be outweighed, this rule's effect is {effect}")
        reading.fault((*path, "countered_by"), says.format(effect=effect))
    if rule.component == ():
        reading.fault((*path, "component"), _("names no component, so the rule would never apply"))
    if Rung.WITHHELD in rule.forbids:
        reading.fault((*path, "forbids"), _("nobody can be kept from withholding"))


def _check_when(rule: Rule, facts: Mapping[str, Values], reading: Reading, path: Path) -> None:
    for fact, values in rule.when:
        here = (*path, "when", fact)
        if fact not in facts:
            reading.fault(here, _("is no fact; {hint}").format(hint=nearest_hint(fact, facts)))
            continue
        if not values:
            reading.fault(here, _("names no value, so the rule would never apply"))
        _check_known(values, facts[fact], reading, here)


def _watches_one(rule: Rule, reading: Reading, path: Path) -> bool:
    """Whether it watches a number or an answer, and not both or neither."""
    if (rule.watch is None) == (not rule.answer):
        reading.fault(path, _("watches either a number (watch) or an answer (answer): one of the two"))
        return False
    return True


def _check_watched(
    rule: Rule, cards: tuple[Card, ...], answers: Mapping[str, Values], reading: Reading, path: Path
) -> None:
    if rule.watch is None:
        _check_answer(rule, answers, reading, path)
    else:
        metric = _check_watch(rule.watch, cards, reading, (*path, "watch"))
        _check_range(rule.safe, metric, reading, (*path, "safe"))


def _check_answer(rule: Rule, answers: Mapping[str, Values], reading: Reading, path: Path) -> None:
    answer, safe = rule.answer, rule.safe
    if answer not in answers:
        reading.fault((*path, "answer"), _("is no question; {hint}").format(hint=nearest_hint(answer, answers)))
        return
    if safe.is_range or bool(safe.choices) == safe.any:
        reading.fault((*path, "safe"), _("an answer is safe by `choices` or by `any = true`: one of the two"))
    _check_known(safe.choices, answers[answer], reading, (*path, "safe", "choices"))
    _check_known(safe.waits, answers[answer], reading, (*path, "safe", "waits"))
    if set(safe.waits) & set(safe.choices) or (safe.waits and safe.any):
        reading.fault((*path, "safe", "waits"), _("names what is safe already"))


def _check_range(safe: Safe, metric: Metric | None, reading: Reading, path: Path) -> None:
    if not safe.is_range or safe.choices or safe.any or safe.waits or safe.silence:
        reading.fault(path, _("a number is safe by `at_most`, by `at_least` or by both"))
    if safe.at_most is not None and safe.at_least is not None and safe.at_least > safe.at_most:
        reading.fault(
            path, _("holds no number: at least {low:g}, at most {high:g}").format(low=safe.at_least, high=safe.at_most)
        )
    if metric is not None and metric.unit == "1":
        for key in ("at_most", "at_least"):
            bound = getattr(safe, key)
            if bound is not None and abs(bound) > 1:
                reading.fault((*path, key), _("{metric} is a share, between 0 and 1").format(metric=metric.name))


def _check_watch(watch: Watch, cards: tuple[Card, ...], reading: Reading, path: Path) -> Metric | None:
    """The metric that is watched, or None where a fault was noted."""
    card = next((c for c in cards if c.slug == watch.probe), None)
    if card is None:
        hint = nearest_hint(watch.probe, [c.slug for c in cards])
        reading.fault((*path, "probe"), _("there is no probe {probe!r}; {hint}").format(probe=watch.probe, hint=hint))
        return None
    metric = card.metric_named(watch.metric)
    if metric is None:
        hint = nearest_hint(watch.metric, [m.name for m in card.metric])
        others = [c.slug for c in cards if c.metric_named(watch.metric)]
        if others:
            hint = _("it is reported by {probes}").format(probes=", ".join(others))
        says = _("{probe} reports no metric {metric!r}; {hint}")
        reading.fault((*path, "metric"), says.format(probe=card.slug, metric=watch.metric, hint=hint))
        return None
    _check_axes(watch, card, metric, reading, path)
    return metric


def _check_axes(watch: Watch, card: Card, metric: Metric, reading: Reading, path: Path) -> None:
    listed = {axis.name: axis.values for axis in card.axis}
    for axis, value in watch.where:
        here = (*path, "where", axis)
        if _check_axis(axis, metric, reading, here):
            _check_known((value,), listed.get(axis, ()), reading, here)
    here = (*path, "over")
    if watch.over and not watch.axis:
        reading.fault(here, _('should be "worst(AXIS)"'))
    elif watch.over and _check_axis(watch.axis, metric, reading, here):
        if watch.axis in dict(watch.where):
            reading.fault(here, _("`where` holds this axis at one value already"))
        if watch.axis not in FACTS and not watch.among and not listed.get(watch.axis):
            says = _("the card does not list the values of {axis!r}, so nobody would notice a missing one")
            reading.fault(here, says.format(axis=watch.axis))

    if watch.among and watch.among not in FACTS:
        reading.fault((*path, "among"), _("is no fact; {hint}").format(hint=nearest_hint(watch.among, FACTS)))
    elif watch.among and not watch.axis:
        reading.fault((*path, "among"), _('goes with over = "worst(AXIS)" alone'))


def _check_axis(axis: str, metric: Metric, reading: Reading, path: Path) -> bool:
    if axis in metric.by:
        return True
    if metric.by:
        says = _("{metric} is not broken down by {axis!r}; {hint}")
        reading.fault(path, says.format(metric=metric.name, axis=axis, hint=nearest_hint(axis, metric.by)))
    else:
        reading.fault(path, _("{metric} is not broken down by anything").format(metric=metric.name))
    return False


def _check_known(values: Iterable[str], known: tuple[str, ...], reading: Reading, path: Path) -> None:
    """A misspelt value would never be the case, and its rule would never apply."""
    for value in values:
        if known and value not in known:
            reading.fault(
                path, _("{value!r} is not known; {hint}").format(value=value, hint=nearest_hint(value, known))
            )
