"""Where pushing meets the disk and the network: joined here, above `releasing`, whose gate it goes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from weighbridge.adapters.folder import FolderPlace
from weighbridge.adapters.formats.card_block import CARD, CardBlock, put
from weighbridge.adapters.hub import HubPlace, hub, hub_token, repository
from weighbridge.adapters.ledger.sqlite import SqliteLedger
from weighbridge.adapters.staging import Changed, Staging, changed, staged
from weighbridge.app.check_bundles import is_bundle
from weighbridge.app.compare import There, leaving
from weighbridge.app.decide import last_decision
from weighbridge.app.push import Load, Place, Pushed, destination_of, going, manifest_of, push
from weighbridge.app.sign import envelopes, names
from weighbridge.core.bundle import BUNDLE
from weighbridge.core.candidate import Component
from weighbridge.core.decision import Decision, SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.passage import Destination, Passage, Result
from weighbridge.core.ports import Kind
from weighbridge.core.wording import _
from weighbridge.releasing import Passing, gate_path, keyring, name_of, progress_of, root_of
from weighbridge.wiring import Options, SystemClock, check_home, home_folder, opened_ledger

_HUB, _FOLDER = "hf:", "dir:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """What is asked of a push."""

    to: str  # "dir:FOLDER", "hf:ORG/NAME" or "hf:datasets/ORG/NAME"
    components: tuple[Component, ...] = ()
    name: str = ""  # of the candidate, where its file does not lie with it
    replaces: bool = False  # take out what lies there and is not sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What came of it; `pushed` is None where the gate did not let it through."""

    passage: Passage
    pushed: Pushed | None


def push_path(path: Path, asked: Pushing, options: Options | None = None) -> Gone:
    """Copy what was decided on, let the copy through the gate, send the copy, compare what lies there then.

    Raises
    ------
    LedgerBroken
        Before anything else is believed.
    Unusable, NotSettled, Outside, Differs
        As staging, the place and the comparison say.
    """
    options = options or Options()
    home, name = home_folder(options.home), asked.name or name_of(path)
    check_home(home, path)
    _check_place(asked.to)
    _check_apart(asked.to, root_of(path), home)  # a lone file is no folder to lie in
    with opened_ledger(home) as ledger:
        ledger.verify()
        decision = last_decision(name, ledger)
        given = progress_of(decision, options, ledger) if decision else None
    components = going(given, asked.components) if given else asked.components
    destination = destination_of(given, components) if given else Destination.PARTNERS
    passing = Passing(destination=destination, components=components, name=name)
    there = replace(passing, leave_evidence=True)  # asked of the place itself, where a copy would say less
    if decision is None or not components:
        return Gone(passage=gate_path(path, there, options), pushed=None)
    root = path if path.is_dir() else path.parent
    try:
        with staged(root, leaving(components, decision), home=home, name=name) as staging:
            passage = gate_path(staging.folder, passing, options)
            if passage.result is not Result.PASSES:
                return Gone(passage=passage, pushed=None)
            if passage.decision != decision.digest:
                raise changed(path)
            with opened_ledger(home) as ledger:
                load = _load(decision, passage, asked, staging, options, ledger)
                with _place(asked.to, load, staging) as place:
                    return Gone(passage=passage, pushed=push(load, place, ledger))
    except Changed:
        passage = gate_path(path, there, options)
        if passage.result is Result.PASSES:
            raise changed(path) from None
        return Gone(passage=passage, pushed=None)


def _check_place(to: str) -> None:
    """What can be said of a place before anything is copied for it."""
    if to.startswith(_HUB):
        repository(to.removeprefix(_HUB))
        hub_token()
    elif not to.removeprefix(_FOLDER) or not to.startswith(_FOLDER):
        raise Unusable(
            _("this names no place to push to"),
            _('"{to}" is neither hf:ORG/NAME nor dir:FOLDER').format(to=to),
            "weighbridge push DIR --to hf:ORG/NAME",
        )


def _check_apart(to: str, *folders: Path) -> None:
    """A copy among the originals would be weighed with them; one in the home would lie with the keys."""
    if not to.startswith(_FOLDER):
        return
    target = Path(to.removeprefix(_FOLDER)).expanduser().resolve()
    if any(target.is_relative_to(folder.resolve()) for folder in folders):
        raise Unusable(
            _("cannot push to {path}").format(path=target),
            _("it lies within the folder that is pushed, or within the home"),
            _("name a folder elsewhere: --to dir:FOLDER"),
        )


@contextmanager
def _place(to: str, load: Load, staging: Staging) -> Iterator[Place]:
    if to.startswith(_FOLDER):
        yield FolderPlace(Path(to.removeprefix(_FOLDER)).expanduser(), staging)  # no shell expands ~ within a word
        return
    with hub(repository(to.removeprefix(_HUB)), hub_token(), below=staging.made.parent) as line:
        yield HubPlace(line, load.destination, staging, load.files)


def _load(
    decision: Decision, passage: Passage, asked: Pushing, staging: Staging, options: Options, ledger: SqliteLedger
) -> Load:
    """A folder gets the files as they were decided on; a repository's card gets the block about the decision.

    Not where a bundle of model-signing leaves: a card that is changed on the way out would break it for everybody.
    """
    is_hub = asked.to.startswith(_HUB)
    made: tuple[There, ...] = ()
    is_listed = any(is_bundle(file.label) for file in staging.files)
    if is_hub and is_listed and passage.destination is Destination.GATED:
        raise Unusable(
            _("cannot push this where access is gated"),
            _("the card has to bear the conditions, and {bundle} lists the card as it is").format(bundle=BUNDLE),
            _("take {bundle} out and decide again").format(bundle=BUNDLE),
        )
    if is_hub and not is_listed:
        made = (_carded(decision, passage, staging, options, ledger),)
    labels = {file.label for file in made}
    return Load(
        name=decision.name, decision=decision.digest, destination=passage.destination, components=passage.components,
        to=str(repository(asked.to.removeprefix(_HUB))) if is_hub else "dir", decided=manifest_of(staging.files),
        files=(*(file for file in staging.files if file.label not in labels), *made),
        made=tuple(sorted(labels)), replaces=asked.replaces,
    )  # fmt: skip


def _carded(decision: Decision, passage: Passage, staging: Staging, options: Options, ledger: SqliteLedger) -> There:
    """The card with its block; a card of nothing but the block where the release has none."""
    has_card = any(file.label == CARD for file in staging.files)
    card = staging.path(CARD).read_bytes() if has_card else b""
    given = progress_of(decision, options, ledger)
    plan = tuple((c.value, rung) for c in passage.components if (rung := given.rung_of(c)) is not None)
    block = CardBlock(
        decision=decision.digest, manifest=manifest_of(staging.files), plan=plan, policy=decision.policy,
        policy_digest=decision.policy_digest, expires=decision.expires, languages=_languages(decision.name, ledger),
        signed=_signed(decision, options, ledger),
    )  # fmt: skip
    is_gated = passage.destination is Destination.GATED
    return staging.add(CARD, put(card, block, conditions=decision.conditions, is_gated=is_gated))


def _signed(decision: Decision, options: Options, ledger: SqliteLedger) -> tuple[SignerRole, ...]:
    told = names(decision, envelopes(decision, ledger), keyring(options), SystemClock().now())
    roles = {name.role for name in told if name.why_not is None}
    return tuple(role for role in SignerRole if role in roles)


def _languages(name: str, ledger: SqliteLedger) -> tuple[str, ...]:
    """What was last answered to the question which languages it is in."""
    found: tuple[str, ...] = ()
    for entry in ledger.entries(name):
        body = entry.body
        if entry.kind is Kind.ANSWER and isinstance(body, dict) and body.get("question") == "languages":
            told = body.get("choice")
            found = tuple(str(one) for one in told) if isinstance(told, list) else ()
    return found
