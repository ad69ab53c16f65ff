"""`weighbridge ask PATH`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from weighbridge.adapters.formats.answers_file import checked, skipped
from weighbridge.app.answer import Answer, Hearing, Stand
from weighbridge.app.cite import Reading
from weighbridge.asking import Interview, answer_from_file, confirm_answers, interview, read_law, seal_answer, text_of
from weighbridge.catalogue import find_packs
from weighbridge.cli.choices import PATH, home_option, options_from
from weighbridge.core.candidate import Said
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.question import Form, Question
from weighbridge.core.wording import _, plural
from weighbridge.report.hearings import beside, columns_told, stand_told, summary
from weighbridge.report.law import beside_the_law
from weighbridge.wiring import Options

_SKIP = ""


@click.command("ask", short_help=_("The questions that no measurement can answer."))
@PATH
@click.option("--by", default="", metavar="NAME", help=_("Who answers; a pseudonym will do. It can be erased later."))
@click.option("--role", default="", metavar="ROLE", help=_("In which role, such as owner, security or community."))
@click.option("--only", multiple=True, metavar="SLUG", help=_("Only this question, also where it is answered."))
@click.option("--confirm", is_flag=True, help=_("Say once that the answers of an older version hold for this one."))
@click.option(
    "--answers", type=click.Path(path_type=Path, dir_okay=False), help=_("Take the answers from this file (TOML).")
)
@home_option
def command(
    *, path: Path, by: str, role: str, only: tuple[str, ...], confirm: bool, answers: Path | None, **given: Any
) -> None:
    """The questions that no measurement can answer, each with what was measured beside it.

    Each answer is sealed as it is given: what is interrupted goes on where it stopped. Nothing typed leaves a question
    open. Choices, roles and times are kept for good; words and names can be erased.
    """
    options = options_from(given)
    if answers:
        n = answer_from_file(path, answers, options, by=by, role=role)
        click.echo(plural("{n} answer sealed", "{n} answers sealed", n).format(n=n), err=True)
    elif confirm:
        _confirm(path, by, role, options)
    else:
        _ask(path, by, role, only, options)
    click.echo(summary(interview(path, options).hearings))
    click.echo(_("next: weighbridge recommend {path}").format(path=path), err=True)


def _confirm(path: Path, by: str, role: str, options: Options) -> None:
    asked = interview(path, options)
    carried = [h for h in asked.hearings if h.stand is Stand.CARRIED]
    for hearing in carried:
        click.echo(f"{hearing.question.slug}: {stand_told(hearing)}", err=True)
    if carried and click.confirm(_("do all of these hold for version {version}?").format(
        version=asked.candidate.version), err=True):  # fmt: skip
        confirm_answers(asked, by=by, role=role, options=options)


def _ask(path: Path, by: str, role: str, only: tuple[str, ...], options: Options) -> None:
    asked = interview(path, options)
    _tell_triage(asked, path)
    chosen = tuple(_chosen(asked, only))
    for n, hearing in enumerate(chosen, 1):
        click.echo(f"\n[{n}/{len(chosen)}] {hearing.question.slug}", err=True)
        now = next(h for h in interview(path, options).hearings if h.question.slug == hearing.question.slug)
        _put(now, asked, read_law(path, find_packs(), options), options)
        found = _answer(now.question, by, role, now)
        if found is not None:
            seal_answer(found, now, asked.candidate, options)


def _tell_triage(asked: Interview, path: Path) -> None:
    triage = asked.candidate.triage
    said = (triage.about_people, triage.private, triage.harm, triage.generates, triage.identifies)
    if Said.UNKNOWN in said:
        first = _("six questions come first, since they say what else is asked: weighbridge init --ask {path}")
        click.echo(first.format(path=path), err=True)


def _chosen(asked: Interview, only: tuple[str, ...]) -> Iterator[Hearing]:
    known = {h.question.slug: h for h in asked.hearings}
    for slug in only:
        if slug not in known:
            raise Unusable(
                _("there is no question {slug} here").format(slug=slug), nearest_hint(slug, known),
                _("weighbridge questions DIR says what is asked"),
            )  # fmt: skip
        yield known[slug]
    if not only:
        yield from (h for h in asked.hearings if h.stand not in (Stand.COUNTS, Stand.SKIPPED))


def _put(hearing: Hearing, asked: Interview, readings: tuple[Reading, ...], options: Options) -> None:
    """The question, why it is asked, what was measured, and what was said before."""
    question = hearing.question
    click.echo(_(question.asks), err=True)
    click.echo(f"  {_(question.why)}", err=True)
    for line in beside(question, asked.evidence, asked.rules):
        click.echo(_("  measured: {line}").format(line=line), err=True)
    for line in beside_the_law(readings) if question.slug == "legal" else ():
        click.echo(_("  rule packs: {line}").format(line=line), err=True)
    if hearing.stand is not Stand.OPEN:
        click.echo(_("  so far: {stand}").format(stand=stand_told(hearing)), err=True)
    if text_of(hearing, options):
        click.echo(_("  (words were kept with it)"), err=True)
    for choice, meaning in zip(question.choices, question.meanings, strict=False):
        click.echo(f"  {choice}: {_(meaning)}", err=True)


def _answer(question: Question, by: str, role: str, hearing: Hearing) -> Answer | None:
    """What was typed, once it is an answer; None where nothing was."""
    if question.who and role not in question.who:
        role = _line(_("in which role: {roles}? (nothing: left open)").format(roles=", ".join(question.who)))
        if role not in question.who:
            return None
    while True:
        choice, says = _typed(question)
        if not choice and not says:
            if not question.last or any(reply.choice for reply in hearing.replies):
                return None
            says = _line(_("why is it left out? (nothing: it stays open)"))
            if not says:
                return None
            return skipped(Answer(question=question.slug, choice=(), says=says, by=by, role=role), hearing)
        given = Answer(question=question.slug, choice=(choice,), says=says, by=by, role=role)
        try:
            return checked(given, hearing)
        except ValueError as wrong:
            click.echo(f"  {wrong}", err=True)


def _typed(question: Question) -> tuple[str, str]:
    match question.form:
        case Form.CHOICE:
            choice = _line(_("{choices} (nothing: left open)").format(choices=", ".join(question.choices)))
            wants = bool(choice) and (choice in question.explain)
            return choice, _line(_("in a sentence: why, who, how?")) if wants else ""
        case Form.DATE:
            return _line(_("a day, such as 2019-02-14 (nothing: left open)")), ""
        case Form.TEXT:
            return "", _line(_('in a sentence or more; "none" where there is nothing (nothing: left open)'))
        case Form.LIST:
            return "", "\n".join(_lines(_('one on each line, an empty line ends; "none" where there is nothing')))
        case Form.TABLE | Form.PERSON:
            asks = _("{columns}: a row on each line, an empty line ends").format(columns=columns_told(question))
            return "", "\n".join(_lines(asks))


def _line(asks: str) -> str:
    return str(click.prompt(asks, default=_SKIP, show_default=False, err=True)).strip()


def _lines(asks: str) -> list[str]:
    lines: list[str] = []
    while line := _line(asks if not lines else "…"):
        lines.append(line)
    return lines
