"""What is installed: probes, questions and policies, found without importing one of them."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache, partial
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from weighbridge.core.card import Card
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import is_imported
from weighbridge.core.question import Question
from weighbridge.core.toml import parse
from weighbridge.core.wording import _
from weighbridge.policy.parse import parse_policy
from weighbridge.policy.rules import Policy
from weighbridge.probekit.ports import LoadedProbe, Probe

ENTRY_POINTS = "weighbridge.probes"
SHIPPED_POLICY = "open-release"


@cache
def find_probes() -> tuple[LoadedProbe, ...]:
    """Every probe there is, ours and those that installed packages bring, by slug; none is imported.

    Raises
    ------
    Unusable
        For a card that cannot be read, or a slug that two probes have.
    """
    own = resources.files("weighbridge.probes")
    found = [_loaded(folder, f"weighbridge.probes.{folder.name}") for folder in own.iterdir() if _has_card(folder)]
    found += [_loaded(_package_folder(e), e.value) for e in metadata.entry_points(group=ENTRY_POINTS)]
    by_slug: dict[str, LoadedProbe] = {}
    for loaded in found:
        if is_imported(loaded.card.slug):
            raise Unusable(
                _("a probe has a name that no probe may have"),
                _("{slug} would pass for a report of another tool").format(slug=loaded.card.slug),
                _("uninstall the package that brings it: pip list"),
            )
        if loaded.card.slug in by_slug:
            raise Unusable(
                _("two probes have one name"),
                _("{slug} is brought by more than one installed package").format(slug=loaded.card.slug),
                _("uninstall one of them: pip list"),
            )
        by_slug[loaded.card.slug] = loaded
    return tuple(by_slug[slug] for slug in sorted(by_slug))


def find_cards() -> tuple[Card, ...]:
    """The cards of all probes, by slug."""
    return tuple(loaded.card for loaded in find_probes())


@cache
def find_imports() -> tuple[Card, ...]:
    """What can be read from other tools' reports: a card for each tool, by slug."""
    root = resources.files("weighbridge.adapters.imports")
    texts = [
        (entry.name, entry.read_text(encoding="utf-8")) for entry in root.iterdir() if entry.name.endswith(".toml")
    ]
    made = [parse(Card, text, file=name, fix=_("mend the card")) for name, text in texts]
    return tuple(sorted(made, key=lambda card: card.slug))


def all_cards() -> tuple[Card, ...]:
    """Every card by which evidence is judged and told: those of probes and those of imports."""
    return (*find_cards(), *find_imports())


@cache
def find_questions() -> tuple[Question, ...]:
    """Every question there is, in the order they are asked."""
    root = resources.files("weighbridge.questions")
    texts = [(folder.name, folder / "question.toml") for folder in root.iterdir()]
    made = [
        parse(Question, text.read_text(encoding="utf-8"), file=f"{name}/question.toml", fix=_("mend the question"))
        for name, text in texts
        if text.is_file()
    ]
    return tuple(sorted(made, key=lambda q: (q.order, q.slug)))


def _has_card(folder: Traversable) -> bool:
    return folder.is_dir() and (folder / "probe.toml").is_file()


def _package_folder(entry: metadata.EntryPoint) -> Path:
    """The folder of an entry point's package, found without importing it."""
    spec = importlib.util.find_spec(entry.value)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places or not (Path(places[0]) / "probe.toml").is_file():
        owner = entry.dist.name if entry.dist else "?"
        raise Unusable(
            _("the probe {name} of the package {owner} cannot be used").format(name=entry.name, owner=owner),
            _("its entry point names {value}, which is no package with a probe.toml").format(value=entry.value),
            f"pip uninstall {owner}",
        )
    return Path(places[0])


def _loaded(folder: Traversable, module: str) -> LoadedProbe:
    text = (folder / "probe.toml").read_text(encoding="utf-8")
    card = parse(
        Card, text, file=f"{folder.name}/probe.toml", fix=_("mend the card, or uninstall the package that brings it")
    )
    return LoadedProbe(card=card, load=partial(_import, module))


def _import(module: str) -> Probe[Any]:
    made: Probe[Any] = importlib.import_module(f"{module}.probe").PROBE
    return made


def load_policy(path: Path | None = None) -> Policy:
    """The policy in a file, or the shipped one."""
    if path is None:
        return parse_policy(shipped_policy(), file=f"{SHIPPED_POLICY}.toml", cards=all_cards())
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _("cannot read the policy {path}").format(path=path),
            getattr(error, "strerror", None) or _("it is not UTF-8"),
            "weighbridge policy show > my-policy.toml",
        ) from None
    return parse_policy(text, file=path.name, cards=all_cards())


def shipped_policy() -> str:
    """The shipped policy, as TOML."""
    return (resources.files("weighbridge.policy") / "shelf" / f"{SHIPPED_POLICY}.toml").read_text(encoding="utf-8")
