"""What is installed: probes, questions, policies and precedents, found without importing one of them."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import replace
from functools import cache, partial
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from weighbridge.adapters.formats.candidate_file import parse_candidate
from weighbridge.app.cite import FACTS as PACK_FACTS
from weighbridge.app.replay import faults_against
from weighbridge.core.card import Card
from weighbridge.core.case import Case, faults_within
from weighbridge.core.errors import Faulty, Unusable, nearest_hint
from weighbridge.core.evidence import is_imported
from weighbridge.core.law import Pack
from weighbridge.core.precedent import Precedent
from weighbridge.core.question import Question
from weighbridge.core.shape import Reading
from weighbridge.core.toml import locate, parse
from weighbridge.core.wording import _
from weighbridge.policy.facts import FACTS, asked_in
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
    return tuple(sorted(made, key=lambda q: (q.last, q.order, q.slug)))


@cache
def find_packs() -> tuple[Pack, ...]:
    """Every rule pack that we ship, by slug."""
    folder = resources.files("weighbridge.shelves") / "law"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(parse_pack(file.read_text(encoding="utf-8"), file=file.name) for file in files)


def load_pack(path: Path) -> Pack:
    """A user's own pack.

    Raises
    ------
    Unusable, Faulty
        For a file that cannot be read, or is no pack.
    """
    try:
        return parse_pack(path.read_text(encoding="utf-8"), file=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _("cannot read the rule pack {path}").format(path=path),
            getattr(error, "strerror", None) or _("it is not UTF-8"),
            "weighbridge schema rule-pack",
        ) from None


def parse_pack(text: str, *, file: str) -> Pack:
    """The pack that this TOML text describes; the file's name is its slug."""
    made = parse(
        Pack, text, file=file, fix=_("mend the lines named; `weighbridge schema rule-pack` prints what is known")
    )
    known = {*FACTS, *PACK_FACTS, *asked_in(find_questions())}
    asked = {fact for p in made.provision for fact, _values in (*p.when, *p.unless)}
    if unknown := sorted(asked - known):
        raise Unusable(
            _("cannot use {file}").format(file=file),
            _("{fact} is no fact; {hint}").format(fact=unknown[0], hint=nearest_hint(unknown[0], known)),
            _("mend the lines named; `weighbridge schema rule-pack` prints what is known"),
        )
    return replace(made, slug=file.removesuffix(".toml"))


@cache
def find_precedents() -> tuple[Precedent, ...]:
    """Every precedent that we ship, by its day."""
    folder = resources.files("weighbridge.shelves") / "precedents"
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    made = [
        replace(
            parse(Precedent, file.read_text(encoding="utf-8"), file=file.name, fix=_("mend the precedent")),
            slug=file.name.removesuffix(".toml"),
        )
        for file in files
    ]
    return tuple(sorted(made, key=lambda p: (p.on, p.slug)))


@cache
def find_cases() -> tuple[Case, ...]:
    """Every case that we ship, by its name, against the shipped policy."""
    folder, policy = resources.files("weighbridge.shelves") / "cases", load_policy()
    files = [(file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    return _named_once([(name, parse_case(text, file=name, policy=policy)) for name, text in files])


def check_case(case: Case, policy: Policy) -> None:
    """Refuse a case that names what there is not.

    Raises
    ------
    Faulty
        For a rule that this policy has not, and for probes, metrics and questions that are not installed.
    """
    file = f"{case.name}.toml"
    reading = Reading(file=file)
    for path, says in faults_against(case, policy, all_cards(), find_questions()):
        reading.fault(path, says)
    if reading.faults:
        raise Faulty(_("cannot use {file}").format(file=file), reading.faults, _("replay it by the policy it is for"))


def load_cases(path: Path, policy: Policy | None = None, *, blind: bool = False) -> tuple[Case, ...]:
    """A user's own case, or all of a folder, by name.

    Parameters
    ----------
    policy : whose rules they name; left out: the shipped one
    blind : as cases that are judged without their outcome; see `core.case`

    Raises
    ------
    Unusable, Faulty
        For what cannot be read, is no case, or has the name of another.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise Unusable(
            _("cannot replay {path}").format(path=path), _("the folder holds no case"),
            _("weighbridge schema case prints what a case holds"),
        )  # fmt: skip
    try:
        texts = [(file.name, file.read_text(encoding="utf-8")) for file in files]
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _("cannot read the case {path}").format(path=path),
            getattr(error, "strerror", None) or _("it is not UTF-8"),
            _("weighbridge schema case prints what a case holds"),
        ) from None
    return _named_once([(name, parse_case(text, file=name, policy=policy, blind=blind)) for name, text in texts])


def parse_case(text: str, *, file: str, policy: Policy | None = None, blind: bool = False) -> Case:
    """The case that this TOML text describes.

    Raises
    ------
    Faulty
        With every fault: unknown keys, evidence without a source or from after the release, rules that there are not.
    """
    fix = _("mend the lines named; `weighbridge schema case` prints what a case holds")
    made = parse(Case, text, file=file, fix=fix)
    reading = Reading(file=file, lines=locate(text))
    for path, says in (
        *faults_within(made, blind=blind),
        *faults_against(made, policy or load_policy(), all_cards(), find_questions()),
    ):
        reading.fault(path, says)
    if reading.faults:
        raise Faulty(_("cannot use {file}").format(file=file), reading.faults, fix)
    # What is wrong in the candidate file inside it is told with the case's lines; it begins on the line after its key.
    parse_candidate("\n" * reading.lines.get(("candidate",), 0) + made.candidate, file=file)
    return made


def _named_once(cases: list[tuple[str, Case]]) -> tuple[Case, ...]:
    held: dict[str, str] = {}
    for file, case in cases:
        if other := held.get(case.name):
            raise Unusable(
                _("two cases have one name"),
                _('{one} and {other} both say name = "{name}"').format(one=other, other=file, name=case.name),
                _("name one of them otherwise"),
            )
        held[case.name] = file
    return tuple(sorted((case for _file, case in cases), key=lambda case: case.name))


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
        return parse_policy(
            shipped_policy(), file=f"{SHIPPED_POLICY}.toml", cards=all_cards(), questions=find_questions()
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _("cannot read the policy {path}").format(path=path),
            getattr(error, "strerror", None) or _("it is not UTF-8"),
            "weighbridge policy show > my-policy.toml",
        ) from None
    return parse_policy(text, file=path.name, cards=all_cards(), questions=find_questions())


def shipped_policy() -> str:
    """The shipped policy, as TOML."""
    return (resources.files("weighbridge.policy") / "shelf" / f"{SHIPPED_POLICY}.toml").read_text(encoding="utf-8")
