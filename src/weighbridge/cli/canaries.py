"""`weighbridge canaries plant canary-kit`."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import click

from weighbridge.adapters.formats.canary_kit import check_outside, write_kit
from weighbridge.app.plant import NAME, SECRET, TEMPLATES, Design, plant
from weighbridge.core.wording import _

_SEED_BITS = 128
_DEFAULT = Design()


@click.group("canaries", short_help=_("Secrets to plant in a training run, to measure what the model gives away."))
def command() -> None:
    """Secrets to plant in a training run, to measure afterwards what the model gives away."""


@command.command("plant")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--canaries",
    type=click.IntRange(1),
    default=_DEFAULT.canaries,
    show_default=True,
    help=_("How many to plant; as many more are held back."),
)
@click.option(
    "--repeats",
    default=",".join(map(str, _DEFAULT.repeats)),
    show_default=True,
    help=_("How often one is planted; the canaries are spread evenly over these."),
)
@click.option(
    "--template",
    default=_DEFAULT.template,
    show_default=True,
    help=_("{names}, or a sentence of your own with one {{secret}}, best with a {{name}} too.").format(
        names=", ".join(TEMPLATES)
    ),
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=_DEFAULT.languages,
    show_default=True,
    help=_("Of a named template; may be given several times: {names}.").format(names=", ".join(TEMPLATES["code"])),
)
@click.option(
    "--secret",
    "pattern",
    default=_DEFAULT.pattern,
    show_default=True,
    help=_("Its shape: 9 is any digit, A and a any letter, marks stay: 99-AAA-9999."),
)
@click.option(
    "--text-field", default="text", show_default=True, help=_("Column of the training text in your JSONL files.")
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=None,
    help=_("For tests: secrets made from a known seed are known.  [default: drawn at random]"),
)
def plant_command(folder: Path, **given: Any) -> None:
    """Make a kit of canaries in FOLDER: rows to mix into the training text, as many held back, and what to declare.

    FOLDER is a new folder, outside of every folder that is to be released, such as canary-kit.
    """
    check_outside(folder)
    design = Design(
        canaries=given["canaries"],
        repeats=_numbers(given["repeats"]),
        template=given["template"],
        languages=tuple(given["languages"]),
        pattern=given["pattern"],
    )
    seed = given["seed"]
    kit = plant(design, secrets.randbits(_SEED_BITS) if seed is None else seed)
    written = write_kit(folder, kit, text_field=given["text_field"])
    click.echo(
        _("{rows} rows with {n} canaries to mix into the training text: {path}").format(
            rows=len(kit.rows), n=len(kit.planted), path=written.planted
        )
    )
    click.echo(
        _("{n} canaries held back, never to be trained on: {path}").format(n=len(kit.held_back), path=written.held_back)
    )
    click.echo(_("after training, paste into weighbridge.toml: {path}").format(path=written.snippet))
    if SECRET in design.template and NAME not in design.template:
        click.echo(
            _("all canaries have the same words around the secret, so the model may take one for the other: add {name}")
            .format(name=NAME)
        )  # fmt: skip
    click.echo(_("keep all of it to yourself; digest of the kit: {digest}").format(digest=written.digest))


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.replace(" ", "").split(","))
    except ValueError:
        raise click.BadParameter(
            _("it is not a list of whole numbers such as 1,2,4,8"), param_hint="--repeats"
        ) from None
