"""Compare: what lies where something is to leave from, against what was decided on. Digests and labels, no paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weighbridge.app.meet import same_release
from weighbridge.core.candidate import Belonging, Component, Role
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.decision import Decision, Released
from weighbridge.core.passage import Check, Result
from weighbridge.core.ports import Kind, Ledger
from weighbridge.core.wording import Phrase, phrase

BASE = "base/"  # how the door labels the files of a base, wherever its folder lies
_DECIDE = phrase("decide on what lies there now: weighbridge decide DIR --draft")
_WEIGH = phrase("weighbridge weigh DIR")
_TAKE_OUT = phrase("take it out; or say that it stays behind when the rest leaves: --leave-evidence")
_NAMED = 5  # how many of what stays behind are named


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """One file that lies there now; `digest` is None where nothing of that label and size is known: it was not read."""

    label: str
    digest: Digest | None
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """All that lies where something is to leave from, as it was found on the disk."""

    files: tuple[There, ...]
    faults: tuple[Phrase, ...] = ()  # what is no plain file of its own: links, pipes, names that clash
    described: tuple[str, ...] = ()  # labels of the candidate's own file, which is no part of it
    apart: tuple[str, ...] = ()  # folders of version control, and homes of ours: not looked into
    leaves_behind: bool = False  # whoever asks says that what is not to leave stays when the rest leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The files of a candidate as they were admitted, beyond what a decision holds."""

    evidence: tuple[tuple[str, Digest, int], ...] = ()  # label, digest and size of what was weighed as evidence only
    terms: tuple[str, ...] = ()  # labels of what was weighed as a licence

    def knows(self, label: str, size_bytes: int) -> bool:
        """Whether something of this label and size was weighed as evidence only."""
        return any(size == size_bytes and _is_called(label, name) for name, _digest, size in self.evidence)

    def holds(self, file: There) -> bool:
        """Whether this file was weighed as evidence only: the same bytes under the same name."""
        return any(digest == file.digest and _is_called(file.label, name) for name, digest, _size in self.evidence)


def weighed(decision: Decision, ledger: Ledger) -> Weighed:
    """The files of the candidate that was decided on, from its entry.

    Of a staged one, evidence is also what was weighed later beside the same files.
    """
    rows: list[Mapping[str, Plain]] = []
    same = same_release(decision, ledger) if decision.stages else {(decision.candidate, decision.reading)}
    for entry in ledger.entries(decision.name):
        body = entry.body
        if entry.kind is not Kind.CANDIDATE or not isinstance(body, dict):
            continue
        if (body.get("digest"), body.get("reading")) in same:
            found = body.get("artefacts")
            rows += [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    return Weighed(
        evidence=tuple(
            (str(row["label"]), Digest(str(row["digest"])), int(str(row["size_bytes"])))
            for row in rows
            if row["belongs"] == Belonging.EVIDENCE_ONLY.value
        ),
        terms=tuple(str(row["label"]) for row in rows if row["role"] == Role.LICENCE.value),
    )


def leaving(components: Iterable[Component], decision: Decision) -> tuple[Released, ...]:
    """The files that were decided on and belong to these components."""
    chosen = set(components)
    return tuple(file for file in decision.released if file.component in chosen)


def terms_leave(components: Iterable[Component], decision: Decision, presented: Presented, known: Weighed) -> bool:
    """Whether use terms are among what leaves: there, as decided on, and not empty."""
    there = {(file.label, file.digest) for file in presented.files}
    return any(
        file.label in known.terms and file.size_bytes > 0 and (file.label, file.digest) in there
        for file in leaving(components, decision)
    )


def compare(
    components: tuple[Component, ...], decision: Decision, presented: Presented, known: Weighed
) -> tuple[Check, ...]:
    """Only plain files, every byte as it was decided on, and nothing beside them."""
    return (
        _place(presented),
        _bytes(components, decision, presented),
        _extra(leaving(components, decision), decision, presented, known),
    )


def _is_called(label: str, name: str) -> bool:
    """Whether a file may be what was weighed under this name; a base's folder lies where its owner put it."""
    if not name.startswith(BASE):
        return label == name
    below = name.removeprefix(BASE)
    return label in (name, below) or label.endswith(f"/{below}")


def _refused(name: str, says: Phrase, fix: Phrase) -> Check:
    return Check(name=name, result=Result.REFUSED, says=says, fix=fix)


def _place(presented: Presented) -> Check:
    if presented.faults:
        return _refused("files", presented.faults[0], phrase("put plain files there, each under a name of its own"))
    return Check(name="files", result=Result.PASSES, says=phrase("only plain files lie there"))


def _bytes(components: tuple[Component, ...], decision: Decision, presented: Presented) -> Check:
    """Every byte of what leaves is what was decided on."""
    there = {file.label: (file.digest, file.size_bytes) for file in presented.files}
    wanted = leaving(components, decision)
    without = [c for c in components if not any(file.component is c for file in wanted)]
    if without:
        says = phrase("no file was decided on for {component}", component=without[0].value)
        return Check(name="bytes", result=Result.UNSETTLED, says=says, fix=_DECIDE)
    missing = [file.label for file in wanted if file.label not in there]
    if missing:
        says = phrase("{label} was decided on and is not there ({n} in all)", label=missing[0], n=len(missing))
        return _refused("bytes", says, phrase("put it back as it was; or {decide}", decide=str(_DECIDE)))
    other = [f.label for f in wanted if there[f.label] != (f.digest, f.size_bytes)]
    if other:
        says = phrase("{label} is not the file that was decided on ({n} in all)", label=other[0], n=len(other))
        return _refused("bytes", says, _WEIGH)
    says = phrase("every file is the one that was decided on; files: {n}", n=len(wanted))
    return Check(name="bytes", result=Result.PASSES, says=says)


def _extra(going: tuple[Released, ...], decision: Decision, presented: Presented, known: Weighed) -> Check:
    """Nothing lies beside them that nobody decided on; what is not to leave stays only where somebody says so."""
    labels = {file.label for file in going}  # changed files are told as such
    beside = [file for file in presented.files if file.label not in labels]
    decided = {(file.label, file.digest) for file in decision.released}
    not_asked = [file.label for file in beside if (file.label, file.digest) in decided]
    evidence = [file.label for file in beside if file.label not in not_asked and known.holds(file)]
    described = [file.label for file in beside if file.label in presented.described and file.label not in evidence]
    told = {*not_asked, *evidence, *described}
    unknown = [file.label for file in beside if file.label not in told]
    for found, says, fix in (
        (unknown, "{label} lies there and nobody decided on it ({n} in all)",
         phrase("take it out, or weigh and decide on it: weighbridge weigh DIR")),
        (not_asked, "{label} is of a component that is not to leave ({n} in all)",
         phrase("take it out, or name its component: --component NAME")),
    ):  # fmt: skip
        if found:
            return _refused("extra", phrase(says, label=found[0], n=len(found)), fix)
    if presented.leaves_behind:
        return _behind([*evidence, *described, *presented.apart])
    for found, says in (
        (evidence, "{label} was weighed as evidence only and lies there ({n} in all)"),
        (described, "{label} describes the candidate, is no part of what was decided on, and lies there"),
        (list(presented.apart), "{label} holds version control or a ledger, was not looked into, and lies there"),
    ):
        if found:
            return _refused("extra", phrase(says, label=found[0], n=len(found)), _TAKE_OUT)
    return _behind([])


def _behind(labels: list[str]) -> Check:
    """What passes says by name what must not go along."""
    if not labels:
        return Check(name="extra", result=Result.PASSES, says=phrase("nothing lies there that nobody decided on"))
    more = "" if len(labels) <= _NAMED else ", …"
    says = phrase(
        "nothing lies there that nobody decided on but what stays behind ({n}): {labels}",
        n=len(labels), labels=", ".join(labels[:_NAMED]) + more,
    )  # fmt: skip
    return Check(name="extra", result=Result.PASSES, says=says)
