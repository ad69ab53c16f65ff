"""Check bundles: where model-signing signed what leaves, whether the list fits and the signature holds.

A bundle that leaves is a promise to whoever downloads it. One that cannot be checked here is never told as one that
holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weighbridge.app.compare import Presented
from weighbridge.core.bundle import BUNDLE, Bundle, NoBundle, opened
from weighbridge.core.decision import Released
from weighbridge.core.keys import Publishers
from weighbridge.core.passage import Check, Result
from weighbridge.core.wording import Phrase, phrase

NAME = "bundle"
_SILENT = frozenset({BUNDLE, ".gitattributes", ".gitignore"})  # itself, and two files that only git reads
_FIX = phrase("let whoever publishes it sign what leaves, with model-signing; or take {bundle} out", bundle=BUNDLE)
_TRUST = phrase(
    "check it with model-signing and take {bundle} out; or, if you know its publisher's key: "
    "weighbridge keys publisher add NAME FILE",
    bundle=BUNDLE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A bundle that lies there: its label and its bytes; None where it is too large to be one."""

    label: str
    data: bytes | None

    @property
    def folder(self) -> str:
        """What the paths in it are below: empty, or a path with a slash behind it."""
        return self.label.removesuffix(BUNDLE)


def is_bundle(label: str) -> bool:
    """Whether a file has the name that model-signing gives its bundles."""
    return label.rsplit("/", maxsplit=1)[-1] == BUNDLE


def check_bundles(
    found: Iterable[Found], leaving: tuple[Released, ...], presented: Presented, publishers: Publishers
) -> tuple[Check, ...]:
    """One check for each bundle; none where none lies there."""
    return tuple(_check(one, leaving, presented, publishers) for one in found)


def _check(one: Found, leaving: tuple[Released, ...], presented: Presented, publishers: Publishers) -> Check:
    leaves = any(file.label == one.label for file in leaving)
    try:
        bundle = opened(one.data if one.data is not None else b"")
    except NoBundle as error:
        why = str(error) if one.data is not None else "it is too large"
        return _uncheckable(phrase("{label} cannot be read: {why}", label=one.label, why=why), leaves=leaves)
    if not leaves and not any(_path(one, file) in dict(bundle.files) for file in leaving):
        says = phrase("{label} stays behind, and lists nothing that leaves", label=one.label)
        return Check(name=NAME, result=Result.PASSES, says=says)
    wrong = _differs(one, bundle, leaving, presented, leaves=leaves)
    if wrong is not None:
        return Check(name=NAME, result=Result.REFUSED, says=wrong, fix=_FIX)
    return _signed(one, bundle, publishers, leaves=leaves)


def _path(one: Found, file: Released) -> str | None:
    """What a file is called in a bundle; None where it does not lie below it."""
    return file.label.removeprefix(one.folder) if file.label.startswith(one.folder) else None


def _differs(
    one: Found, bundle: Bundle, leaving: tuple[Released, ...], presented: Presented, *, leaves: bool
) -> Phrase | None:
    """How what leaves differs from what the bundle lists, whoever signed it."""
    there = {file.label: file.digest for file in presented.files}
    going = {path: there.get(file.label) for file in leaving if (path := _path(one, file)) is not None}
    listed = dict(bundle.files)
    changed = [path for path, digest in going.items() if path in listed and listed[path] != digest]
    extra = [path for path in going if path not in listed and not bundle.ignores(path)]
    missing = [path for path in listed if path not in going] if leaves else []
    unsigned = [path for path in going if path not in listed and bundle.ignores(path) and path not in _SILENT]
    for paths, says in (
        (changed, "{label} lists {path} with another digest ({n} in all)"),
        (missing, "{label} lists {path}, which does not leave ({n} in all)"),
        (extra, "{label} does not list {path}, which leaves ({n} in all)"),
        (unsigned, "{label} leaves out {path}, so that nobody signed it, and it leaves ({n} in all)"),
    ):
        if paths:
            return phrase(says, label=one.label, path=min(paths), n=len(paths))
    return None


def _signed(one: Found, bundle: Bundle, publishers: Publishers, *, leaves: bool) -> Check:
    if bundle.is_certified:
        says = phrase(
            "{label} was signed with a certificate: without its root of trust nobody can check that offline",
            label=one.label,
        )  # fmt: skip
        return _uncheckable(says, leaves=leaves)
    known = publishers.publisher(bundle.hint)
    if known is None:
        says = phrase("{label} was signed with a key that nobody here knows as a publisher's", label=one.label)
        return _uncheckable(says, leaves=leaves)
    if known.is_revoked or not publishers.published(known.fingerprint, bundle.message, bundle.signature):
        says = phrase("the signature of {label} does not hold: its list or the signature was changed", label=one.label)
        if known.is_revoked:
            says = phrase("{label} was signed with a publisher's key that was revoked", label=one.label)
        return Check(name=NAME, result=Result.REFUSED, says=says, fix=_FIX)
    says = phrase(
        "{label} lists what leaves with these digests, and a publisher's key signed it ({key})",
        label=one.label, key=known.fingerprint[:16],
    )  # fmt: skip
    return Check(name=NAME, result=Result.PASSES, says=says)


def _uncheckable(says: Phrase, *, leaves: bool) -> Check:
    """What cannot be checked holds up what it would leave with; where it stays behind it promises nobody anything."""
    if leaves:
        return Check(name=NAME, result=Result.UNSETTLED, says=says, fix=_TRUST)
    stays = phrase("not checked, and it stays behind: {why}", why=str(says))
    return Check(name=NAME, result=Result.PASSES, says=stays)
