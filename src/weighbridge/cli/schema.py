"""`weighbridge schema NAME`."""

from __future__ import annotations

import json
from collections.abc import Callable

import click

from weighbridge.adapters.formats.answers_file import answers_schema
from weighbridge.adapters.formats.candidate_file import candidate_schema
from weighbridge.adapters.formats.decision_file import decision_schema
from weighbridge.adapters.formats.price_shelf import prices_schema
from weighbridge.core.advance import advance_schema
from weighbridge.core.canon import Plain
from weighbridge.core.case import Case
from weighbridge.core.envelope import statement_schema
from weighbridge.core.law import Pack
from weighbridge.core.shape import schema
from weighbridge.core.tradeoffs import comparison_schema
from weighbridge.core.weighing import document_schema
from weighbridge.core.wording import _
from weighbridge.policy.rules import policy_schema

_SCHEMAS: dict[str, Callable[[], dict[str, Plain]]] = {
    "advance": advance_schema,
    "answers": answers_schema,
    "candidate": candidate_schema,
    "case": lambda: schema(Case, "A case"),
    "decision": decision_schema,
    "decision-statement": statement_schema,
    "plans": comparison_schema,
    "policy": policy_schema,
    "rule-pack": lambda: schema(Pack, "A rule pack"),
    "prices": prices_schema,
    "weighing": document_schema,
}


@click.command("schema", short_help=_("JSON Schema of a file or document."))
@click.argument("name", type=click.Choice(sorted(_SCHEMAS)))
def command(name: str) -> None:
    """JSON Schema (draft 2020-12) of a file that people write, a policy, a signed decision, or a weighing."""
    click.echo(json.dumps(_SCHEMAS[name](), indent=2, ensure_ascii=False, sort_keys=True))
