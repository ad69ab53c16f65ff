"""`weighbridge removals add|list|honour|erase`."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path

import click

from weighbridge.aftercare import Listed, Of, add_removal, erase_removal, honour_removals, list_removals
from weighbridge.app.remove import Honour, Request
from weighbridge.cli.choices import PATH, format_option, home_option
from weighbridge.cli.gate import COMPONENTS
from weighbridge.cli.keys import ROLES
from weighbridge.core.candidate import Component
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.wording import _
from weighbridge.wiring import Options

NAME = click.option("--name", default="", help=_("The candidate's name, where its folder is gone."))
PLACE = click.argument("path", type=click.Path(path_type=Path), required=False)
_AS = click.option("--as", "role", type=ROLES, required=True, help=_("For what the person stands who verified it."))
_MOST_BYTES = 1 << 20


@click.group("removals", short_help=_("What verified requests take out, and whether it is gone."))
def command() -> None:
    """What verified requests take out of this candidate and of all that come after it under its name.

    What is to be gone is kept beside the ledger, where it can be erased. While it stands in a file that is to leave, or
    nobody has said of a model that it is gone from it, the gate refuses.
    """


def asked_for(prompt: str, *, hide: bool) -> str:
    """From standard input where something is piped into it, else asked for; never from the shell's history."""
    if sys.stdin.isatty():
        return str(click.prompt(prompt, hide_input=hide, err=True))
    data = sys.stdin.buffer.read(_MOST_BYTES)
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=len(data) < _MOST_BYTES)
    except UnicodeDecodeError:
        raise Unusable(
            _("cannot read standard input"), _("it is not UTF-8"), _("iconv -t UTF-8 FILE | weighbridge ...")
        ) from None
    return text.strip("\r\n")


@command.command("add")
@PLACE
@_AS
@click.option("--how", required=True, help=_("How it was verified, without naming anybody."))
@click.option(
    "--component", "components", type=COMPONENTS, multiple=True, help=_("Only from this; left out: from all.")
)
@NAME
@home_option
def add(path: Path | None, role: str, how: str, components: tuple[str, ...], name: str, home: Path | None) -> None:
    """Keep a verified removal. What is to be gone is read from standard input, or asked for.

    One name, address, text or key of a row; other spellings and other names are removals of their own.
    """
    text = asked_for(_("What is to be gone"), hide=True)
    request = Request(
        identifier=text, how=how, role=SignerRole(role), components=tuple(Component(word) for word in components)
    )
    made = add_removal(Of(path=path, name=name), request, Options(home=home))
    click.echo(_("removal {number}; the gate now looks for it").format(number=made.number))


@command.command("list")
@PLACE
@NAME
@format_option
@home_option
def show(path: Path | None, name: str, style: str, home: Path | None) -> None:
    """The removals of a candidate; never what is to be gone."""
    found = list_removals(Of(path=path, name=name), Options(home=home))
    if style == "json":
        click.echo(json.dumps([_row(one) for one in found], indent=2))
        return
    for one in found:
        where = ", ".join(c.value for c in one.removal.components) or _("everywhere")
        kept = _("erased") if one.is_erased else _("looked for")
        n = len(one.removal.searched | one.removal.testified)
        click.echo(
            f"{one.removal.number:>5}  {one.removal.at[:10]}  {one.removal.role:<11}  {where}  {kept}  "
            + _("files it is honoured in: {n}").format(n=n)
        )
    if not found:
        click.echo(_("none"))


def _row(one: Listed) -> dict[str, object]:
    removal = one.removal
    return {
        "number": removal.number, "at": removal.at, "role": removal.role, "erased": one.is_erased,
        "components": [component.value for component in removal.components],
        "searched": sorted(removal.searched), "testified": sorted(removal.testified),
    }  # fmt: skip


@command.command("honour")
@PATH
@click.argument("numbers", type=int, nargs=-1, required=True)
@_AS
@click.option("--how", required=True, help=_("How it was honoured, such as: trained again without it."))
@click.option("--namesake", is_flag=True, help=_("What still stands there is somebody else's of the same name."))
@home_option
def honour(path: Path, numbers: tuple[int, ...], role: str, how: str, namesake: bool, home: Path | None) -> None:  # noqa: FBT001  click's flag
    """Say of these very bytes that these removals are honoured in them.

    Files that can be read are searched first. Of a model, and of what cannot be read, nobody can tell by looking: that
    is your testimony, and it is kept as such. Other bytes need another.
    """
    made = honour_removals(
        path, Honour(numbers=numbers, how=how, role=SignerRole(role), namesake=namesake), Options(home=home)
    )
    body = made.body if isinstance(made.body, dict) else {}
    click.echo(
        _("files searched, and it is gone: {n}; files of which you testify: {m}").format(
            n=_count(body.get("searched")), m=_count(body.get("testified"))
        )
    )


def _count(value: object) -> int:
    return len(value) if isinstance(value, list | tuple) else 0


@command.command("erase")
@click.argument("number", type=int)
@PLACE
@NAME
@home_option
def erase(number: int, path: Path | None, name: str, home: Path | None) -> None:
    """Take what removal NUMBER looks for out of the store for good.

    Nobody can look for it afterwards: only files that were searched before, or that somebody testifies of, then pass.
    """
    erase_removal(Of(path=path, name=name), number, Options(home=home))
    click.echo(_("erased; the chain is whole"))
