"""`answers.toml`: answers to the interview, written beforehand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated

from weighbridge.app.answer import Answer, Hearing
from weighbridge.core.candidate import Candidate
from weighbridge.core.canon import Plain
from weighbridge.core.errors import Fault, Faulty, Unusable, nearest_hint
from weighbridge.core.reply import MOST_CHARACTERS, choice_of, has_words
from weighbridge.core.shape import schema
from weighbridge.core.toml import locate, parse
from weighbridge.core.wording import _

FILE = "answers.toml"
_ROLE = re.compile(r"[a-z][a-z-]{0,29}|")  # it stands in the chain for good, and so is no place for a name
_MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEntry:
    """`[[answer]]`: one answer, or a question left out with a reason."""

    question: Annotated[str, "its slug: weighbridge questions"]
    choice: Annotated[str, "of a choice, one of its answers; of a date, the day"] = ""
    says: Annotated[str, "the words; rows of a table on lines of their own, cells parted by |"] = ""
    skip: Annotated[str, "why it is left out, in place of an answer"] = ""
    by: Annotated[str, "who answers; left out: as for the whole file"] = ""
    role: Annotated[str, "in which role; left out: as for the whole file"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersFile:
    """The whole file."""

    candidate: Annotated[str, "name of the candidate that it is about"]
    version: Annotated[str, "its version"]
    answer: tuple[AnswerEntry, ...]
    by: Annotated[str, "who answers; a pseudonym will do. It goes into the erasable store"] = ""
    role: Annotated[str, "in which role"] = ""


def parse_answers(
    text: str, *, file: str, candidate: Candidate, hearings: tuple[Hearing, ...], by: str = "", role: str = ""
) -> tuple[tuple[Answer, Hearing], ...]:
    """The answers in a file, each with how its question stands.

    Raises
    ------
    Unusable
        For a file that is about another candidate or another version.
    Faulty
        With every fault of the file: unknown questions, answers that are none, roles that may not answer.
    """
    fix = _("mend the lines named; `weighbridge questions DIR` says what is asked, and how it is answered")
    made = parse(AnswersFile, text, file=file, fix=fix)
    made = replace(made, by=made.by or by, role=made.role or role)
    if (made.candidate, made.version) != (candidate.name, candidate.version):
        raise Unusable(
            _("{file} holds answers for another candidate").format(file=file),
            _("it names another name or version than {name} {version}").format(
                name=candidate.name, version=candidate.version
            ),
            _("answer for this one; answers of an older version are carried forward by: weighbridge ask DIR"),
        )
    lines, faults = locate(text), list[Fault]()
    given: list[tuple[Answer, Hearing]] = []
    asked = {hearing.question.slug: hearing for hearing in hearings}
    for n, entry in enumerate(made.answer):
        try:
            found = _answer(entry, made, asked)
        except ValueError as wrong:
            line = lines.get(("answer", n), 0)
            faults.append(Fault(file=file, line=line, key=f"answer.{entry.question[:60]}", says=str(wrong)))
            continue
        if any(found.question == other.question for other, _hearing in given):
            faults.append(
                Fault(
                    file=file, line=lines.get(("answer", n), 0), key=f"answer.{found.question}", says=_("stands twice")
                )
            )
        given.append((found, asked[found.question]))
    if faults:
        raise Faulty(_("cannot use {file}").format(file=file), faults, fix)
    return tuple(given)


def checked(given: Answer, hearing: Hearing) -> Answer:
    """The answer, with the choice that the chain will hold.

    Raises
    ------
    ValueError
        Where it is no answer, or the role may not give it.
    """
    question = hearing.question
    _check_speaker(given, hearing)
    choice = choice_of(question, given.choice[0] if given.choice else "", given.says)
    return Answer(question=given.question, choice=choice, says=given.says, by=given.by, role=given.role)


def skipped(given: Answer, hearing: Hearing) -> Answer:
    """A question left out, with the reason.

    Raises
    ------
    ValueError
        Without a reason, for a role that may not answer, and where it was answered: an answer is not taken back so.
    """
    _check_speaker(given, hearing)
    if not has_words(given.says):
        raise ValueError(_("is left out without a reason"))
    if len(given.says) > MOST_CHARACTERS:
        raise ValueError(
            _("has {n} characters, and {most} are the most").format(n=len(given.says), most=MOST_CHARACTERS)
        )
    if any(reply.choice for reply in hearing.replies):
        raise ValueError(_("was answered; answer it otherwise, or leave it as it stands"))
    return given


def _check_speaker(given: Answer, hearing: Hearing) -> None:
    question = hearing.question
    if not _ROLE.fullmatch(given.role):
        raise ValueError(_("has a role that is no role: a few letters, such as owner or community; names go into `by`"))
    if len(given.by) > _MOST_NAME:
        raise ValueError(_("has a name of more than {n} characters").format(n=_MOST_NAME))
    if question.who and given.role not in question.who:
        raise ValueError(_("is to be answered as {roles}").format(roles=_(" or ").join(question.who)))


def answers_schema() -> dict[str, Plain]:
    """JSON Schema of the file."""
    return schema(AnswersFile, FILE)


def _answer(entry: AnswerEntry, made: AnswersFile, asked: dict[str, Hearing]) -> Answer:
    if entry.question not in asked:
        raise ValueError(
            _("is no question that is asked here; {hint}").format(hint=nearest_hint(entry.question[:60], asked))
        )
    by, role = entry.by or made.by, entry.role or made.role
    if entry.skip and (entry.choice or entry.says):
        raise ValueError(_("is answered and left out: one of the two"))
    if entry.skip:
        return skipped(
            Answer(question=entry.question, choice=(), says=entry.skip, by=by, role=role), asked[entry.question]
        )
    given = Answer(question=entry.question, choice=(entry.choice,), says=entry.says, by=by, role=role)
    return checked(given, asked[entry.question])
