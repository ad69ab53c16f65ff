"""Remove: keep what people verified as to be gone, and tell of which files nobody can say that it is gone from them.

The chain holds a commitment to the identifier; the identifier lies in the erasable store and is looked for in every
file that can be read. An honour is bound to bytes: it names the digests that were looked into, and those of which
somebody testifies (weights that were made anew, a file that no reader opens, a namesake). Once an identifier is erased,
nobody can look for it again: only bytes that an honour names are then let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from weighbridge.core.candidate import Component
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.decision import Decision, Released, SignerRole
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.rungs import Rung
from weighbridge.core.sought import LONGEST, Sought, is_long_enough, normal, sought
from weighbridge.core.wording import Phrase, _, phrase

Search = Callable[[Released, Sequence[Sought]], frozenset[int] | None]
"""Which of these stand in a released file, by place; None where the file cannot be read to its end."""

_MODELS = frozenset({Component.WEIGHTS, Component.DETECTOR})  # what is learnt from rows; no search shows what they hold
_MOST_WORDS = 1 << 16  # characters of how and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A removal that somebody has verified."""

    identifier: Annotated[str, "what is to be gone: a name, an address, a text, the key of a row"]
    how: Annotated[str, "how it was verified"]
    role: Annotated[SignerRole, "for what the person stands who verified it"]
    components: Annotated[tuple[Component, ...], "where it is to be gone; empty: everywhere"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A removal as the ledger has it, with the bytes that honour it."""

    number: int  # of its entry
    at: str
    role: str
    identifier: Digest  # a commitment
    components: tuple[Component, ...]
    searched: frozenset[Digest] = frozenset()
    testified: frozenset[Digest] = frozenset()

    def concerns(self, component: Component) -> bool:
        """Whether it is to be gone from this component."""
        return not self.components or component in self.components


def add(name: str, request: Request, ledger: Ledger) -> Entry:
    """Seal a verified removal in a candidate's chain.

    Raises
    ------
    Unusable
        For an identifier that says too little or too much to be looked for, and for a name without a chain.
    """
    _check_chain(name, ledger)
    text = request.identifier.strip()
    if not is_long_enough(text):
        raise Unusable(
            _("cannot look for what is to be gone"),
            _("it has {n} letters and digits, and so few stand in every file").format(n=len(normal(text))),
            _("give it whole: the full name, the address, the text, or the key of the row"),
        )
    if len(text) > LONGEST:
        raise Unusable(
            _("cannot look for what is to be gone"),
            _("it has {n} characters; at most {limit} are looked for").format(n=len(text), limit=LONGEST),
            _("give a sentence of it that stands nowhere else"),
        )
    body: dict[str, Plain] = {
        "identifier": _kept(name, text, ledger),
        "how": _said(name, request.how, ledger),
        "role": request.role.value,
        "components": [component.value for component in request.components],
    }
    return ledger.append(name, Kind.REMOVAL, body)


def removals(name: str, ledger: Ledger) -> tuple[Removal, ...]:
    """The removals of a chain, oldest first."""
    found: dict[int, Removal] = {}
    for entry in ledger.entries(name):
        body = entry.body
        if entry.kind is not Kind.REMOVAL or not isinstance(body, dict):
            continue
        if "identifier" in body:
            found[entry.number] = Removal(
                number=entry.number, at=entry.at, role=str(body["role"]), identifier=Digest(str(body["identifier"])),
                components=tuple(Component(str(value)) for value in _list(body["components"])),
            )  # fmt: skip
        for number in _list(body.get("honours")):
            if isinstance(number, int) and (removal := found.get(number)) is not None:
                found[number] = Removal(
                    number=number, at=removal.at, role=removal.role, identifier=removal.identifier,
                    components=removal.components,
                    searched=removal.searched | {Digest(str(d)) for d in _list(body.get("searched"))},
                    testified=removal.testified | {Digest(str(d)) for d in _list(body.get("testified"))},
                )  # fmt: skip
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Honour:
    """Somebody says that these removals are honoured in what lies there."""

    numbers: tuple[int, ...]
    how: str
    role: SignerRole
    namesake: bool = False  # what still stands there is somebody else's


def honour(name: str, given: Honour, files: Iterable[Released], search: Search, ledger: Ledger) -> Entry:
    """Look whether what is to be gone is gone, and seal which bytes were looked into and which are testified of.

    Raises
    ------
    Unusable
        For a number that is no removal of this chain.
    NotSettled
        Where it still stands in a file, and nobody says that it is a namesake's.
    """
    _check_chain(name, ledger)
    known = {removal.number: removal for removal in removals(name, ledger)}
    wrong = [number for number in given.numbers if number not in known]
    if wrong or not given.numbers:
        raise Unusable(
            _("there is no such removal"),
            _("{number} is none of {name}; it has: {known}").format(
                number=wrong[0] if wrong else _("nothing"), name=name, known=", ".join(map(str, known)) or _("none")
            ),
            "weighbridge removals list DIR",
        )
    chosen = [known[number] for number in given.numbers]
    searched, testified = _looked(chosen, tuple(files), search, ledger, namesake=given.namesake)
    if not searched and not testified:
        raise Unusable(
            _("there is nothing to honour them in"),
            _("no file that leaves is of a component they concern"),
            "weighbridge removals list DIR",
        )
    body: dict[str, Plain] = {
        "honours": list(given.numbers), "how": _said(name, given.how, ledger), "role": given.role.value,
        "searched": sorted(searched), "testified": sorted(testified),
    }  # fmt: skip
    return ledger.append(name, Kind.REMOVAL, body)


def _looked(
    chosen: Sequence[Removal], files: Sequence[Released], search: Search, ledger: Ledger, *, namesake: bool
) -> tuple[set[Digest], set[Digest]]:
    """Digests of the files from which all of these are gone, and of those of which it is only testified."""
    searched: set[Digest] = set()
    testified: set[Digest] = set()
    texts = [ledger.text(removal.identifier) for removal in chosen]
    for file in files:
        here = [n for n, removal in enumerate(chosen) if removal.concerns(file.component)]
        if not here:
            continue
        wanted = [(n, text) for n in here if (text := texts[n]) is not None]
        found = search(file, [sought(text) for _n, text in wanted])
        if found and not namesake:
            raise NotSettled(
                _("removal {number} is not honoured yet").format(number=chosen[wanted[min(found)][0]].number),
                _("what is to be gone still stands in {label}").format(label=file.label),
                _("take it out there, weigh again, and run this again; if it is a namesake's: --namesake"),
            )
        is_known = found is not None and not found and len(wanted) == len(here)
        (searched if is_known and file.component not in _MODELS else testified).add(file.digest)
    return searched, testified


def unhonoured(
    decision: Decision, components: Iterable[Component], search: Search, ledger: Ledger
) -> tuple[Phrase, ...]:
    """The removals that the files of these components do not honour; each sentence names file and number alone.

    Every file of a model, and every one that cannot be read, needs somebody who has testified to these very bytes. Any
    other is searched; where the identifier was erased, it must have been searched before.

    Parameters
    ----------
    components : those that are to leave; none: all that were not decided withheld
    """
    told = removals(decision.name, ledger)
    chosen = set(components) or {c for c in Component if decision.rung_of(c) not in (None, Rung.WITHHELD)}
    going = [file for file in decision.released if file.component in chosen] if told else []
    return tuple(says for file in going for says in _against(file, told, search, ledger))


def _against(file: Released, told: Sequence[Removal], search: Search, ledger: Ledger) -> list[Phrase]:
    concerned = [r for r in told if r.concerns(file.component) and file.digest not in r.testified]
    if file.component in _MODELS:
        return [_model(removal, file) for removal in concerned]
    texts = [(removal, ledger.text(removal.identifier)) for removal in concerned]
    says = [_erased(removal, file) for removal, text in texts if text is None and file.digest not in removal.searched]
    wanted = [(removal, text) for removal, text in texts if text is not None]
    if not wanted:
        return says
    found = search(file, [sought(text) for _removal, text in wanted])
    if found is None:
        return says + [_unread(removal, file) for removal, _text in wanted]
    return says + [_stands(wanted[n][0], file) for n in sorted(found)]


def _stands(removal: Removal, file: Released) -> Phrase:
    return phrase("what removal {n} takes out still stands in {label}", n=removal.number, label=file.label)


def _model(removal: Removal, file: Released) -> Phrase:
    return phrase(
        "nobody has said that {label} was made without, or has unlearnt, what removal {n} takes out",
        n=removal.number, label=file.label,
    )  # fmt: skip


def _unread(removal: Removal, file: Released) -> Phrase:
    return phrase(
        "{label} cannot be searched, and nobody has said that what removal {n} takes out is gone from it",
        n=removal.number, label=file.label,
    )  # fmt: skip


def _erased(removal: Removal, file: Released) -> Phrase:
    return phrase(
        "what removal {n} takes out was erased before {label} was searched for it: nobody can tell",
        n=removal.number, label=file.label,
    )  # fmt: skip


def _check_chain(name: str, ledger: Ledger) -> None:
    if name not in ledger.chains():
        raise Unusable(
            _("nothing called {name} was ever weighed").format(name=name),
            _("a removal kept under a name that no gate asks for would protect nobody"),
            "weighbridge weigh DIR",
        )


def _kept(name: str, text: str, ledger: Ledger) -> Digest:
    """A commitment to a text; what nothing can store as UTF-8 is refused."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unusable(
            _("cannot keep what was given"),
            _("it is not UTF-8"),
            _("type it, or pass a file in UTF-8 on standard input"),
        ) from None
    return ledger.commit(name, text)


def _said(name: str, text: str, ledger: Ledger) -> Digest:
    if not text.strip() or len(text) > _MOST_WORDS:
        raise Unusable(
            _("it is not said how"),
            _("{n} characters were given; from 1 to {limit} are kept").format(n=len(text.strip()), limit=_MOST_WORDS),
            _('say it in a sentence: --how "..."'),
        )
    return _kept(name, text, ledger)


def _list(value: Plain) -> list[Plain]:
    return list(value) if isinstance(value, list | tuple) else []
