"""The command line's door: finds commands, turns faults into sentences and exit codes."""

from __future__ import annotations

import errno
import importlib
import io
import os
import re
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from weighbridge.core.errors import ExitCode, Outside, WeighbridgeError, nearest_hint
from weighbridge.core.wording import _, speak
from weighbridge.report.neutral import pasteable

_COMMANDS = (
    "init", "weigh", "ask", "recommend", "plans", "report", "decide", "sign", "gate", "push", "removals", "incident",
    "diff", "stages", "reweigh", "publish-record", "import-report", "attest", "languages", "questions", "precedents",
    "replay", "law", "press", "keys", "canaries", "detector", "probes", "policy", "schema", "ledger",
)  # fmt: skip
# Errors of the disk that are nobody's bug: full, over quota, read-only, forbidden, broken, over the process's limit.
_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG, errno.EMFILE}
)
# A path is told with one slash where a URL had two.
_PASSWORD = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*:/{1,2}[^\s:/@]*):\S+@")


class Commands(click.Group):
    """One command per file, imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """The commands in the order of the way through the house."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"weighbridge.cli.{cmd_name.replace('-', '_')}").command
        return _in_the_readers_language(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first; an unknown one is told with its nearest neighbour."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(
                _("there is no command {name}; {hint}").format(name=args[0], hint=nearest_hint(args[0], _COMMANDS))
            )
        return super().resolve_command(ctx, args)


def _in_the_readers_language(command: click.Command) -> click.Command:
    """The command with its help, which is its docstring, translated; and its subcommands likewise."""
    command.help = _(command.help or "")
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        _in_the_readers_language(below)
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="weighbridge", prog_name="weighbridge")
def commands() -> None:
    """Should I open-source this? Weighs a machine-learning model or data set before it is released.

    Start with: weighbridge weigh PATH
    """


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    speak(*(os.environ[name].split(".")[0] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)))
    sys.exit(run(argv))


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code it ends with. Every fault is told on stderr."""
    named: dict[str, str] = {}  # what the command named: path, home, policy
    try:
        commands.help = _(commands.help or "")
        code = commands.main(
            args=None if argv is None else list(argv), prog_name="weighbridge", standalone_mode=False, obj=named
        )
        return int(code) if isinstance(code, int) else int(ExitCode.DONE)
    except WeighbridgeError as error:
        tell(error, **named)
        return int(error.exit_code)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        click.echo(_without_password(shown.getvalue()), nl=False, err=True)
        return int(ExitCode.UNUSABLE)
    except (KeyboardInterrupt, click.Abort):
        click.echo(_("interrupted: what was measured is sealed; the same command goes on from there"), err=True)
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:  # the reader left, as `| head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  held until the process ends
        return int(ExitCode.READER_LEFT)
    except Exception as error:  # noqa: BLE001  the last net: our own bugs, told without a traceback on the screen
        return _unexpected(error, sys.argv[1:] if argv is None else list(argv))


def tell(error: WeighbridgeError, *, path: str = "", home: str = "", policy: str = "") -> None:
    """An expected fault, on stderr; commands in it name what the reader's own command named."""
    told = _("weighbridge: {error}").format(error=error)
    told = pasteable(told, path, home=home, policy=policy) if path else told
    click.echo(_without_password(told), err=True)


def _without_password(text: str) -> str:
    """What is told, without the password of a URL that was given where a path or a name belongs."""
    return _PASSWORD.sub(r"\1:...@", text)


def _unexpected(error: Exception, argv: list[str]) -> int:
    if isinstance(error, OSError) and error.errno in _DISK:
        place = f": {error.filename}" if error.filename else ""
        tell(
            Outside(
                _("the disk or a permission stands in the way"),
                f"{error.strerror}{place}",
                _("free some space or choose another home: --home DIR; what was sealed before is kept"),
            )
        )
        return int(ExitCode.OUTSIDE)
    if isinstance(error, sqlite3.OperationalError | MemoryError):
        tell(
            Outside(
                _("the machine stands in the way"),
                _("out of disk or memory: {kind}").format(kind=type(error).__name__),
                _("free some, then run the same command again; what was sealed before is kept"),
            )
        )
        return int(ExitCode.OUTSIDE)
    where = _fault_report(error, argv)
    click.echo(_("weighbridge: this is a bug of ours: {kind}").format(kind=type(error).__name__), err=True)
    click.echo(
        _("  why: not known yet; the report {path} holds places in the code and no data").format(path=where), err=True
    )
    click.echo(_("  fix: send that file to the people who make Weighbridge"), err=True)
    return int(ExitCode.OUR_BUG)


def _fault_report(error: Exception, argv: list[str]) -> Path:
    """A file with versions, options and the places of the error.

    No message and no value, since either may quote data.
    """
    options = [word.split("=")[0] for word in argv if word.startswith("-")]
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"kind: {type(error).__module__}.{type(error).__qualname__}",
        f"python: {sys.version.split()[0]}",
        f"time: {datetime.now(UTC).isoformat(timespec='seconds')}",
        f"command: {next((word for word in argv if word in _COMMANDS), '')} {' '.join(options)}".rstrip(),
        *(f"at: {Path(f.filename).name}:{f.lineno} {f.name}" for f in frames),
    ]
    handle, name = tempfile.mkstemp(prefix="weighbridge-fault-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return Path(name)
