"""`weighbridge keys new|add|list|trust|revoke`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import click

from weighbridge.adapters.keys.keyring import SHORTEST_PASSPHRASE
from weighbridge.cli.choices import home_option
from weighbridge.core.decision import SignerRole
from weighbridge.core.wording import _
from weighbridge.releasing import keyring, publishers
from weighbridge.report.neutral import clean
from weighbridge.wiring import Options

PASSPHRASE = "WEIGHBRIDGE_PASSPHRASE"  # noqa: S105  the variable's name, no password
ROLES = click.Choice([role.value for role in SignerRole])


@click.group("keys", short_help=_("Keys of the people who sign, and whose signatures count."))
def command() -> None:
    """Keys of the people who sign, and whose signatures count. Private keys are encrypted at rest."""


def passphrase(*, is_new: bool = False) -> str:
    """From the environment, else asked for and not shown."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    asked = _("Passphrase, {n} characters or more").format(n=SHORTEST_PASSPHRASE) if is_new else _("Passphrase")
    answer: str = click.prompt(asked, hide_input=True, confirmation_prompt=is_new, err=True)
    return answer


@command.command("new")
@click.argument("person")
@home_option
def new(person: str, home: Path | None) -> None:
    """Make a key pair for PERSON; a pseudonym will do. It is not trusted by that."""
    made = keyring(Options(home=home)).new(person, passphrase(is_new=True))
    click.echo(made.fingerprint)


@command.command("add")
@click.argument("person")
@click.argument("file", type=click.File("rb"))
@home_option
def add(person: str, file: BinaryIO, home: Path | None) -> None:
    """Take PERSON's public key (PEM) into the ring; it is not trusted by that."""
    click.echo(keyring(Options(home=home)).add(file.read(1 << 16), person).fingerprint)


@command.command("list")
@click.option("--public", "public", metavar="KEY", default="", help=_("Print this public key for others, in PEM."))
@home_option
def show(public: str, home: Path | None) -> None:
    """The keys of the ring, their holders, and for what their signatures count."""
    ring = keyring(Options(home=home))
    if public:
        click.echo(ring.public_pem(ring.find(public)), nl=False)
        return
    for key in ring.entries():
        roles = ", ".join(role.value for role in key.roles) or _("not trusted")
        state = _("revoked {at}").format(at=key.revoked_at) if key.is_revoked else roles
        click.echo(f"{key.fingerprint[:16]}  {clean(key.person)}  {state}")


@command.command("trust")
@click.argument("key")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help=_("For what its signatures count."))
@home_option
def trust(key: str, roles: tuple[str, ...], home: Path | None) -> None:
    """Let the signatures of KEY, a holder or a fingerprint, count for these roles."""
    ring = keyring(Options(home=home))
    known = ring.trust(ring.find(key), [SignerRole(role) for role in roles])
    click.echo(f"{known.fingerprint[:16]}  {', '.join(role.value for role in known.roles)}")


@command.command("revoke")
@click.argument("key")
@click.option("--because", default="", help=_("Why."))
@home_option
def revoke(key: str, because: str, home: Path | None) -> None:
    """Let no signature of KEY count any more, the earlier ones included. It cannot be undone."""
    ring = keyring(Options(home=home))
    known = ring.revoke(ring.find(key), because)
    click.echo(_("revoked {fingerprint}").format(fingerprint=known.fingerprint[:16]))


@command.group("publisher")
def publisher() -> None:
    """Keys by which others publish models with model-signing. They approve nothing: the gate checks bundles by them."""


@publisher.command("add")
@click.argument("name")
@click.argument("file", type=click.File("rb"))
@home_option
def add_publisher(name: str, file: BinaryIO, home: Path | None) -> None:
    """Know NAME by a public key (PEM, on P-256, P-384 or P-521), so that the gate can check what it signed.

    Get it from the publisher by a way that you trust, not from the folder that it signs.
    """
    click.echo(publishers(Options(home=home)).add(file.read(1 << 16), name).fingerprint)


@publisher.command("list")
@home_option
def list_publishers(home: Path | None) -> None:
    """The publishers that are known."""
    for one in publishers(Options(home=home)).entries():
        state = _("revoked {at}").format(at=one.revoked_at) if one.is_revoked else ""
        click.echo(f"{one.fingerprint[:16]}  {clean(one.name)}  {state}".rstrip())


@publisher.command("revoke")
@click.argument("key")
@click.option("--because", default="", help=_("Why."))
@home_option
def revoke_publisher(key: str, because: str, home: Path | None) -> None:
    """Let nothing that KEY, a name or a fingerprint, signed count any more. It cannot be undone."""
    known = publishers(Options(home=home)).revoke(key, because)
    click.echo(_("revoked {fingerprint}").format(fingerprint=known.fingerprint[:16]))
