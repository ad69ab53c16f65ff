"""`decision.toml`: what people decide, drafted from what was recommended, and read back with all of its faults."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from weighbridge.app.beyond import cautions_against, refused_rationales
from weighbridge.app.decide import FILE, Draft, a_year_after, stops_against
from weighbridge.core.arguments import Argument
from weighbridge.core.canon import Plain
from weighbridge.core.decision import Statement
from weighbridge.core.plans import Plan
from weighbridge.core.rungs import Rung, highest
from weighbridge.core.shape import plain, schema
from weighbridge.core.stages import Rungs, Stage, day_of
from weighbridge.core.toml import parse
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _

_MONTHS_BY_DEFAULT = 6  # half of what is allowed: prices fall and attacks get better


def parse_draft(text: str, *, file: str) -> Draft:
    """Read a decision file.

    Raises
    ------
    Faulty
        With all of its faults of form: file, line, key, and the nearest known key.
    """
    return parse(Draft, text, file=file, fix=_("mend the lines named; `weighbridge decide DIR --draft` writes one"))


def decision_schema() -> dict[str, Plain]:
    """JSON Schema of the file."""
    return schema(Draft, FILE)


def draft_text(
    weighing: Weighing, now: datetime, statement: Statement | None = None, *, plan: Plan | None = None
) -> str:
    """A decision file with the rungs of a plan or the widest cleared ones, what else would take, and the risk."""
    today = now.astimezone(UTC).date()
    month = today.month - 1 + _MONTHS_BY_DEFAULT
    ends = today.replace(year=today.year + month // 12, month=month % 12 + 1, day=min(today.day, 28))
    last = [day for stage in (plan.stages if plan else ()) if (day := day_of(stage.by)) is not None]
    ends = min(max([ends, *last]), a_year_after(today))
    rungs = dict(drafted(weighing, plan))
    lines = [
        _("# A decision on {name} {version}, for people to make. Change what you decide otherwise.").format(
            name=json.dumps(weighing.candidate.name), version=json.dumps(weighing.candidate.version)
        ),
        _("# The last day on which it holds: at most {day}.").format(day=a_year_after(today).isoformat()),
        f'expires = "{ends.isoformat()}"',
        _("# What must be so while it holds; everybody may read these."),
        "conditions = []",
        "",
        "[plan]",
    ]
    for standing in weighing.recommendation.components:
        cleared, ceiling = highest(standing.cleared), highest(standing.ceiling)
        lines.append(
            "# " + _("cleared so far: {cleared}; nothing found forbids: {ceiling}").format(
                cleared=_or(cleared), ceiling=_or(ceiling)
            )
        )  # fmt: skip
        wider = [rung for rung in Rung if stops_against(weighing, standing.component, rung)]
        if wider:
            lines.append("# " + _("a stop forbids {rungs}, or is not yet answered").format(rungs=_or(tuple(wider))))
        for rule in cautions_against(weighing, standing.component, Rung):
            over = tuple(r for r in Rung if rule in cautions_against(weighing, standing.component, [r]))
            lines.append(
                "# " + _("the caution {rule} is breached; it takes away {rungs}").format(rule=rule, rungs=_or(over))
            )
        lines.append(f'{standing.component.value} = "{rungs[standing.component.value].value}"')
    stages = [line for stage in plan.stages for line in _stage(stage)] if plan else []
    return "\n".join([*lines, *_stated(statement), *stages, *_rest(weighing)]) + "\n"


def drafted(weighing: Weighing, plan: Plan | None = None) -> Rungs:
    """The rungs that are drafted: those of a plan, or the widest that are cleared."""
    named = dict(plan.rungs) if plan else None
    return tuple(
        (s.component.value, named.get(s.component.value, Rung.WITHHELD) if named is not None else _widest(s.cleared))
        for s in weighing.recommendation.components
    )


def _widest(cleared: tuple[Rung, ...]) -> Rung:
    return (highest(cleared) or (Rung.WITHHELD,))[-1]


def _or(rungs: tuple[Rung, ...]) -> str:
    return ", ".join(rung.value for rung in rungs) or Rung.WITHHELD.value


def _stated(statement: Statement | None) -> list[str]:
    if statement is None:
        return []
    return [
        "",
        _("# The risk, said explicitly and written from the figures: put it in your words. Everybody may read it, and"),
        _("# whoever signs the decision signs it. It stays bound to the figures."),
        "[statement]",
        *stated_lines(statement),
    ]


def stated_lines(statement: Statement) -> list[str]:
    """The statement as it stands below its heading."""
    lines = [f"says = {_text(statement.says)}", f'figures = "{statement.figures}"', f"day = {_text(statement.day)}"]
    lines += [f"plan = {_rungs(statement.plan)}"] if statement.plan else []
    stages = [f"{{ by = {_text(stage.by)}, plan = {_rungs(stage.plan)} }}" for stage in statement.stages]
    return [*lines, f"stages = [{', '.join(stages)}]"] if stages else lines


def _rungs(rungs: Rungs) -> str:
    return f"{{ {', '.join(f'{_text(component)} = {_text(rung.value)}' for component, rung in rungs)} }}"


def _stage(stage: Stage) -> list[str]:
    lines = ["", "[[stage]]", f"name = {_text(stage.name)}"]
    lines += [f"not_before = {_text(stage.not_before)}"] if stage.not_before else []
    lines += [f"by = {_text(stage.by)}", f"plan = {_rungs(stage.plan)}"]
    for criterion in stage.criterion:
        lines += ["", "[[stage.criterion]]"]
        for key, value in sorted(_table(plain(criterion)).items()):
            if isinstance(value, str) and value:
                lines.append(f"{key} = {_text(value)}")
            elif isinstance(value, float):
                lines.append(f"{key} = {value!r}")
            elif isinstance(value, list) and value:
                lines.append(f"{key} = [{', '.join(_text(str(one)) for one in value)}]")
            elif isinstance(value, dict) and value:
                lines.append(f"{key} = {{ {', '.join(f'{_text(k)} = {_text(str(v))}' for k, v in value.items())} }}")
    return lines


def _table(value: Plain) -> dict[str, Plain]:
    return dict(value) if isinstance(value, dict) else {}


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # which TOML wants escaped


def _rest(weighing: Weighing) -> list[str]:
    cautions = [rule for c in weighing.candidate.components for rule in cautions_against(weighing, c, Rung)]
    breached = list(dict.fromkeys([*cautions, *refused_rationales(weighing)]))
    return [
        "",
        _("# Why. Opening and withholding both need a reason; where a rung above departs from what is cleared, in"),
        _('# either direction, a reason names it: component = "weights".'),
        _("# arguments: one or more of {known}").format(known=", ".join(argument.value for argument in Argument)),
        _("# The last four carry no decision by themselves."),
        *(
            _("# {rule} refuses a rationale: a reason has to name it.").format(rule=r)
            for r in refused_rationales(weighing)
        ),
        _("# A breached caution that a rung goes beyond is named by a reason for its component (despite), and needs a"),
        _("# testified benefit (in some rules a measured defence) against it, or a waiver."),
        "[[reason]]",
        "arguments = []",
        'says = ""',
        f"# despite = [{', '.join(_text(rule) for rule in breached)}]",
        "",
        _("# Whoever would decide otherwise, word for word; a pseudonym will do."),
        "# [[dissent]]",
        '# says = ""',
        '# by = ""',
        "",
        *_staged(),
        "",
        _("# A stop that somebody with the authority lifts, in public and for a time; a breached caution likewise."),
        "# [[waiver]]",
        '# rule = ""',
        '# component = ""',
        '# authority = ""',
        '# because = ""',
        '# expires = ""',
    ]


def _staged() -> list[str]:
    return [
        _("# What leaves later, in order: by a last day, and by what must be so before. Neither changes afterwards."),
        _("# A criterion is a number (probe, metric, where, at_least, at_most), an answer (answer, choices), or"),
        _("# neither: an event that whoever opens the stage testifies to."),
        "# [[stage]]",
        '# name = ""',
        '# by = ""',
        '# plan = { weights = "gated" }',
        "# [[stage.criterion]]",
        '# name = ""',
        '# says = ""',
    ]
