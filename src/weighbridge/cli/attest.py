"""`weighbridge attest PATH [--key KEY]`."""

from __future__ import annotations

from pathlib import Path

import click

from weighbridge.cli.choices import PATH, home_option, policy_option
from weighbridge.cli.keys import passphrase
from weighbridge.core.wording import _
from weighbridge.exchanging import Signer, attest_path
from weighbridge.wiring import Options


@click.command("attest", short_help=_("Say what was found as an in-toto statement, for other tools."))
@PATH
@click.option("--key", default="", help=_("Sign it with this key, a holder's or by fingerprint; it approves nothing."))
@policy_option
@home_option
def command(path: Path, key: str, policy: Path | None, home: Path | None) -> None:
    """Print what was last found about what lies at PATH as an in-toto statement: predicate test-result v0.1.

    Its subjects are the files that are to be released. A rule that holds has passed; one that is not yet answered, or
    only advises, warns; a limit has failed. With a key it is a DSSE envelope around that statement. The passphrase is
    asked for, or taken from WEIGHBRIDGE_PASSPHRASE.
    """
    signer = Signer(key=key, passphrase=passphrase()) if key else None
    click.echo(attest_path(path, signer, Options(home=home, policy=policy)).decode())
