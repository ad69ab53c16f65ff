"""Options that several commands share, and what they mean."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from weighbridge.adapters.opening import Allowed
from weighbridge.adapters.warehouses.candidate import parse_declared
from weighbridge.app.weigh import Settings
from weighbridge.core.candidate import Scalar
from weighbridge.core.wording import _
from weighbridge.wiring import HOME, Options

PRICED = "replication-cost"  # the probe that reckons with prices of a day
LANGUAGE_DATA = "WEIGHBRIDGE_LANGUAGE_DATA"

F = TypeVar("F", bound=Callable[..., Any])


def _remember(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Keep what was named, so that the remedy of an error can be pasted as it stands."""
    if value is not None and isinstance(ctx.obj, dict) and ctx.get_parameter_source(param.name or "") is _TYPED:
        ctx.obj[param.name] = str(value)
    return value


_TYPED = click.core.ParameterSource.COMMANDLINE
PATH = click.argument("path", type=click.Path(path_type=Path), callback=_remember)


def home_option(command: F) -> F:
    """`--home`."""
    told = _("Folder for the ledger and all output.  [default: ./.weighbridge]")
    return click.option(
        "--home", type=click.Path(path_type=Path, file_okay=False), envvar=HOME, help=told, callback=_remember
    )(command)


def policy_option(command: F) -> F:
    """`--policy`."""
    told = _("Policy to judge by.  [default: open-release, as shipped]")
    return click.option("--policy", type=click.Path(path_type=Path, dir_okay=False), help=told, callback=_remember)(
        command
    )


def format_option(command: F) -> F:
    """`--format`."""
    told = _("table for people, json for programs (one document on stdout).")
    return click.option(
        "--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True, help=told
    )(command)


def language_data_option(command: F) -> F:
    """`--language-data`."""
    told = _("Folder with linguameta.tsv and the tables of WALS: a second source of speakers, and word order.")
    return click.option(
        "--language-data", type=click.Path(path_type=Path, file_okay=False), envvar=LANGUAGE_DATA, help=told
    )(command)


def weighing_options(command: F) -> F:
    """What decides how something is weighed."""
    for add in (
        click.option(
            "--probe", "probes", multiple=True, metavar="SLUG", help=_("Only this probe, and those it builds on.")
        ),
        click.option("--set", "overrides", multiple=True, metavar="SLUG.NAME=VALUE", help=_("A setting of a probe.")),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=_("Seed of every draw.")),
        click.option(
            "--budget",
            type=click.FloatRange(1.0),
            default=600.0,
            show_default=True,
            help=_("Nominal seconds for each probe; fixes sample sizes beforehand."),
        ),
        click.option(
            "--served",
            default="",
            metavar="URL",
            help=_("Ask the model where it is served; its inputs, training text among them, are sent there."),
        ),
        click.option("--served-model", default="", metavar="NAME", help=_("The model's name on that server.")),
        click.option(
            "--trust",
            "trusted",
            multiple=True,
            metavar="RECIPE",
            help=_("Run this recipe of the candidate, which is code, in a child process without network."),
        ),
        click.option(
            "--engine",
            default="",
            metavar="ENGINE",
            help=_("Read large tables on Spark: local[N] or spark://HOST:PORT.  [default: processes of this machine]"),
        ),
        language_data_option,
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="YYYY-MM-DD",
            help=_("Day of the prices that a replication is reckoned at.  [default: that of the shelf]"),
        ),
        click.option(
            "--prices",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help=_("Shelf of prices in place of the shipped one."),
        ),
        click.option(
            "--reveal", is_flag=True, help=_("Show, here only, in which records of your files things were found.")
        ),
    ):
        command = add(command)
    return command


def options_from(given: dict[str, Any]) -> Options:
    """The options of a weighing from a command's parameters."""
    slugs = tuple(given.get("probes", ()))
    day = given.get("as_of") if not slugs or PRICED in slugs else None
    return Options(
        home=given.get("home"),
        policy=given.get("policy"),
        prices=given.get("prices"),
        probes=slugs,
        overrides=(*parse_overrides(tuple(given.get("overrides", ()))), *(as_of(day) if day else ())),
        seed=given.get("seed", 0),
        budget_seconds=given.get("budget", 600.0),
        reveal=given.get("reveal", False),
        language_data=given.get("language_data"),
        engine="" if given.get("engine", "") == "local" else given.get("engine", ""),
        declared=parse_declared(given.get("declared", ())),
        allowed=Allowed(
            served=given.get("served", ""),
            served_model=given.get("served_model", ""),
            trusted=tuple(given.get("trusted", ())),
        ),
    )


def as_of(day: datetime) -> tuple[tuple[str, Settings], ...]:
    """What `--as-of` sets: the day of the probe that reckons with prices."""
    return ((PRICED, (("as_of", day.date().isoformat()),)),)


def parse_overrides(words: tuple[str, ...]) -> tuple[tuple[str, Settings], ...]:
    """`SLUG.NAME=VALUE`, each; a value is read as TOML, and as text where it is none."""
    made: list[tuple[str, Settings]] = []
    for word in words:
        key, equals, value = word.partition("=")
        slug, dot, name = key.rpartition(".")
        if not (equals and dot and slug and name):
            raise click.BadParameter(
                _("{word} is not of the form SLUG.NAME=VALUE").format(word=word), param_hint="--set"
            )
        made.append((slug, ((name, _value(value)),)))
    return tuple(made)


def _value(text: str) -> Scalar:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float | str) else text
