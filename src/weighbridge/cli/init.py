"""`weighbridge init DIR`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from weighbridge.adapters.door import draft_folder
from weighbridge.adapters.formats.candidate_file import FILE_NAME, TriageEntry, parse_candidate
from weighbridge.adapters.formats.draft import Draft, replace_triage, write_draft
from weighbridge.adapters.languages.tags import nearest, said
from weighbridge.catalogue import find_questions
from weighbridge.core.candidate import Said
from weighbridge.core.errors import Unusable
from weighbridge.core.question import Question
from weighbridge.core.wording import _


@click.command("init", short_help=_("Draft a candidate file from what lies in a folder."))
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--ask", is_flag=True, help=_("Ask the triage questions, six at most."))
@click.option("--force", is_flag=True, help=_("Write over a weighbridge.toml that is there."))
def command(folder: Path, *, ask: bool, force: bool) -> None:
    """Draft weighbridge.toml from what lies in a folder, with a comment on each guess.

    Of a file, it is the folder in which it lies.
    """
    folder = folder.parent if folder.is_file() else folder
    target = folder / FILE_NAME
    if not folder.is_dir():
        raise Unusable(
            _("cannot draft a candidate file for {path}").format(path=folder),
            _("there is no such folder"),
            _("name the folder that holds the model or the data"),
        )
    if target.exists() and ask and not force:
        _answer_in(target)
        click.echo(
            _("wrote the answers into {path}; next: weighbridge weigh {folder}").format(path=target, folder=folder)
        )
        return
    if target.exists() and not force:
        raise Unusable(
            _("{path} is there already").format(path=target),
            _("a draft would write over what somebody may have mended by hand"),
            f"weighbridge init {folder} --force",
        )
    made = draft_folder(folder)
    if ask:
        made = Draft(file=replace(made.file, triage=_ask()), guesses=made.guesses)
    target.write_text(write_draft(made), encoding="utf-8")
    click.echo(_("wrote {path}; next: weighbridge weigh {folder}").format(path=target, folder=folder))


def _answer_in(target: Path) -> None:
    """Ask, and write the answers into a candidate file that is there; every other line stays as it is."""
    text = target.read_text(encoding="utf-8")
    parse_candidate(text, file=target.name)  # a file with faults is told before anybody is asked anything
    made = replace_triage(text, _ask())
    parse_candidate(made, file=target.name)
    target.write_text(made, encoding="utf-8")


def _ask() -> TriageEntry:
    """The triage answers, asked one by one; nothing said stays unknown."""
    said: dict[str, object] = {}
    for question in [question for question in find_questions() if question.is_triage]:
        click.echo(f"\n{_(question.asks)}\n  {_(question.why)}", err=True)
        said[question.answers.removeprefix("triage.")] = _answer(question)
    return TriageEntry(**said)  # type: ignore[arg-type]  # keys are those of TriageEntry: a test holds the questions against it


def _answer(question: Question) -> object:
    if question.choices:
        choice = click.prompt(_("answer"), type=click.Choice(question.choices), default=Said.UNKNOWN.value, err=True)
        return Said(choice)
    asked = _("languages, such as: en sw (nothing: not answered)")
    return click.prompt(asked, default="", show_default=False, err=True, value_proc=_tags)


def _tags(words: str) -> tuple[str, ...]:
    """The tags that were typed; what is none is asked again."""
    typed = words.replace(",", " ").split()
    for tag in typed:
        if not said(tag):
            raise click.BadParameter(_("{tag!r} is no language; {hint}").format(tag=tag, hint=nearest(tag)))
    return tuple(dict.fromkeys(map(said, typed)))
