"""Write docs/reference/ from cards, policy, questions, cases and commands; `--check` only compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from weighbridge.catalogue import all_cards, find_cases, find_questions, load_policy
from weighbridge.cli.main import commands
from weighbridge.core.case import Case
from weighbridge.core.errors import ExitCode
from weighbridge.core.findings import Verdict
from weighbridge.core.rungs import Rung

HERE = Path(__file__).parent / "reference"
HEAD = "<!-- Written by docs/make_reference.py; edit the source, then: make docs -->\n\n"


def probes() -> str:
    """Every probe's card."""
    parts = ["# Probes\n"]
    for card in all_cards():
        parts += [
            f"## {card.slug}\n",
            f"{card.question}\n",
            f"*A clean result does not show:* {card.cannot_show.strip()}\n",
        ]
        needs = ", ".join(role.value for role in card.needs) or "nothing more than its subject"
        if card.declarations:
            needs = ", ".join(f"`[{section.value}]` in weighbridge.toml" for section in card.declarations)
        about = ", ".join(subject.value for subject in card.subjects)
        parts.append(
            f"About: {about}. Needs: {needs}. Takes: {card.cost.value}. Extras: {', '.join(card.extras) or 'none'}.\n"
        )
        parts += ["| metric | unit | what it is | by |", "| --- | --- | --- | --- |"]
        parts += [f"| `{m.name}` | {m.unit} | {m.says} | {', '.join(m.by)} |" for m in card.metric]
        parts += ["", "| setting | default | what it does |", "| --- | --- | --- |"]
        parts += [f"| `{s.name}` | {s.default} | {s.says} |" for s in card.setting]
        parts += ["", "Sources:\n", *(f"- {source}" for source in card.sources), ""]
    return "\n".join(parts)


def policy() -> str:
    """Every rule of the shipped policy."""
    shipped = load_policy()
    parts = [f"# Policy `{shipped.name}`, version {shipped.version}\n"]
    for rule in shipped.rule:
        watched = f"`{rule.watch.probe}` {rule.watch.metric}" if rule.watch else f"the answer `{rule.answer}`"
        forbids = ", ".join(rung.value for rung in rule.forbidden) or "nothing"
        ours = " (the number is our own judgement)" if rule.ours else ""
        parts += [f"## {rule.slug}\n", f"{rule.says} {rule.because}\n"]
        parts.append(f"{rule.effect.value}; watches {watched}; takes away: {forbids}. Source: {rule.source}{ours}.\n")
    return "\n".join(parts)


def questions() -> str:
    """Every question."""
    rows = [f"| {q.asks} | {q.why} | {', '.join(map(str, q.mission))} | `{q.answers}` |" for q in find_questions()]
    return "\n".join(
        ["# Questions\n", "| question | why | mission rows | key |", "| --- | --- | --- | --- |", *rows, ""]
    )


CASES = """The cases of the essay, and others that must come out open. `weighbridge replay` weighs each of them anew,
and leaves with 1 where one comes out otherwise than it stands here, or for another reason. A case is one file in
`src/weighbridge/shelves/cases`; `weighbridge replay mine.toml` replays one of yours.
"""


def cases() -> str:
    """Every case: what happened, what could be known then, and what the tool comes to and why."""
    parts = [
        "# Cases\n",
        CASES,
    ]
    for case in find_cases():
        parts += _case(case)
    return "\n".join(parts)


def _case(case: Case) -> Iterator[str]:
    yield f"## {case.name}\n"
    yield f"**{case.title}** ({case.on}). {' '.join(case.story)}\n"
    yield "Known then:\n"
    yield from (f"- {one.on}: {one.says} *{one.source}*" for one in case.evidence)
    if case.answer:
        yield "\nAnswered then:\n"
        for given in case.answer:
            words = "; ".join(part for part in (given.choice, " / ".join(given.says.splitlines())) if part)
            yield f"- `{given.question}`: {words}" + (f" *({given.basis})*" if given.basis else "")
    yield f"\nThe essay: {case.essay}\n"
    yield "The tool:\n"
    for want in case.finding:
        yield f"- `{want.rule}` {_VERDICTS[want.verdict]}. {want.because}"
    for number in case.number:
        axes = ", ".join(f"{axis} {value}" for axis, value in number.by)
        bounds = [f"at least {number.at_least:g}"] if number.at_least is not None else []
        bounds += [f"at most {number.at_most:g}"] if number.at_most is not None else []
        yield f"- `{number.probe}` reports {number.metric} ({axes}): {', '.join(bounds)}. {number.because}"
    for reason in case.reason:
        carries = "may carry a decision" if reason.carries else "alone carries no decision"
        yield f"- a reason that argues from {', '.join(reason.arguments)} {carries}. {reason.because}"
    for standing in case.standing:
        cleared = f"; cleared: {_rungs(standing.cleared)}" if standing.cleared else ""
        yield f"- {standing.component.value}: at most {_rungs(standing.ceiling)}{cleared}"
    yield from (f"- the risk statement says: *{piece}*" for piece in case.statement)
    if case.since:
        yield "\nSince then, and not weighed:\n"
        for later in case.since:
            against = " It contradicts the essay." if later.contradicts else ""
            yield f"- {later.on}: {later.says} *{later.source}*{against}"
    yield f"\n{case.note}\n" if case.note else ""


_VERDICTS = {
    Verdict.BREACHED: "is breached",
    Verdict.OPEN: "is not yet answered",
    Verdict.HOLDS: "holds",
    Verdict.EXEMPT: "is not about this",
}


def _rungs(rungs: tuple[Rung, ...]) -> str:
    return " or ".join(rung.value for rung in rungs)


def command_line() -> str:
    """Every command's help, and the exit codes."""
    parts = ["# Commands\n"]
    for name, command in _walk(commands, "weighbridge"):
        context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
        parts += [f"## {name}\n", "```", command.get_help(context), "```\n"]
    parts += ["# Exit codes\n", *(f"- {int(code)}: {code.name.lower().replace('_', ' ')}" for code in ExitCode), ""]
    return "\n".join(parts)


def _walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            if found is not None:
                yield from _walk(found, f"{name} {sub}")


PAGES = {
    "probes.md": probes,
    "policy.md": policy,
    "questions.md": questions,
    "cases.md": cases,
    "commands.md": command_line,
}


def main() -> int:
    """Write the pages, or say which of them lag behind."""
    HERE.mkdir(exist_ok=True)
    lagging = []
    for name, page in PAGES.items():
        text = HEAD + page()
        if "--check" not in sys.argv:
            (HERE / name).write_text(text, encoding="utf-8")
        elif not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != text:
            lagging.append(name)
    if lagging:
        print(f"docs/reference lags behind: {', '.join(lagging)}; run: make docs")
    return len(lagging)


if __name__ == "__main__":
    sys.exit(main())
