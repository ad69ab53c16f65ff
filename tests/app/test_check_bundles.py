from __future__ import annotations

from pathlib import Path

import pytest

from core.test_bundle import remade
from fakes.ledger import FixedClock
from weighbridge.adapters.keys.publishers import PublisherRing
from weighbridge.app.check_bundles import Found, check_bundles, is_bundle
from weighbridge.app.compare import Presented, There
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Released
from weighbridge.core.passage import Check, Result

ASSETS = Path(__file__).parents[1] / "assets" / "bundles"
SIGNED = (ASSETS / "p256.sig").read_bytes()
FILES = {
    p.relative_to(ASSETS / "model").as_posix(): p.read_bytes() for p in (ASSETS / "model").rglob("*") if p.is_file()
}
Files = dict[str, bytes]


@pytest.fixture
def publishers(tmp_path: Path) -> PublisherRing:
    return PublisherRing(tmp_path, FixedClock())


def _knows(publishers: PublisherRing, kind: str = "p256") -> PublisherRing:
    publishers.add((ASSETS / f"{kind}.pub").read_bytes(), "p")
    return publishers


def _checked(
    publishers: PublisherRing, files: Files, data: bytes | None = SIGNED, *, folder: str = "", leaves: bool = True
) -> Check:
    lying = {f"{folder}{path}": content for path, content in files.items()}
    label = f"{folder}model.sig"
    there = tuple(There(label=at, digest=digest_of_bytes(c), size_bytes=len(c)) for at, c in lying.items())
    going = tuple(
        Released(
            label=f.label, digest=f.digest or digest_of_bytes(b""), size_bytes=f.size_bytes, component=Component.WEIGHTS
        )
        for f in there
    )
    if leaves:
        going += (
            Released(label=label, digest=digest_of_bytes(data or b""), size_bytes=1, component=Component.WEIGHTS),
        )
    found = (Found(label=label, data=data),)
    (check,) = check_bundles(found, going, Presented(files=there), publishers)
    assert (check.fix is None) == (check.result is Result.PASSES)
    return check


def test_a_list_that_fits_and_is_signed_by_a_known_publisher_passes(publishers: PublisherRing) -> None:
    check = _checked(_knows(publishers), FILES)
    assert check.result is Result.PASSES
    assert "signed it (0d08241d383bed11)" in str(check.says)
    deeper = _checked(publishers, FILES, folder="base/x/")
    assert deeper.result is Result.PASSES


@pytest.mark.parametrize("path", sorted(FILES))
def test_one_bit_in_a_file_is_refused_and_the_file_named(publishers: PublisherRing, path: str) -> None:
    whole = FILES[path] or b"\0"
    for known in (publishers, _knows(publishers)):  # whoever signed it
        check = _checked(known, {**FILES, path: bytes([whole[0] ^ 1]) + whole[1:]})
        assert check.result is Result.REFUSED
        assert f"lists {path} with another digest (1 in all)" in str(check.says)


def test_a_file_that_is_missing_or_beside_it_is_named(publishers: PublisherRing) -> None:
    _knows(publishers)
    less = _checked(publishers, {path: data for path, data in FILES.items() if path != "weights.bin"})
    assert (less.result, "lists weights.bin, which does not leave" in str(less.says)) == (Result.REFUSED, True)
    more = _checked(publishers, {**FILES, "extra.py": b"x"})
    assert (more.result, "does not list extra.py, which leaves" in str(more.says)) == (Result.REFUSED, True)
    assert _checked(publishers, {**FILES, ".gitattributes": b"x"}).result is Result.PASSES  # it says nothing of these


def test_a_file_that_the_list_leaves_out_does_not_leave_as_signed(publishers: PublisherRing) -> None:
    def ignoring(table: dict[str, dict[str, dict[str, list[str]]]]) -> None:
        table["predicate"]["serialization"]["ignore_paths"].append("extra")

    _knows(publishers)
    for path in ("extra/run.py", ".github/run.py", ".git/hooks/post-merge"):
        data = remade(inner=ignoring) if path.startswith("extra") else SIGNED
        check = _checked(publishers, {**FILES, path: b"x"}, data)
        assert check.result is Result.REFUSED
        assert f"leaves out {path}, so that nobody signed it" in str(check.says)


def test_one_bit_in_the_signature_or_the_list_is_refused(publishers: PublisherRing) -> None:
    _knows(publishers)

    def other_signature(table: dict[str, dict[str, list[dict[str, str]]]]) -> None:
        sig = table["dsseEnvelope"]["signatures"][0]["sig"]
        table["dsseEnvelope"]["signatures"][0]["sig"] = sig[:20] + ("B" if sig[20] == "A" else "A") + sig[21:]

    check = _checked(publishers, FILES, remade(outer=other_signature))
    assert (check.result, "does not hold" in str(check.says)) == (Result.REFUSED, True)
    check = _checked(publishers, FILES, remade(inner=lambda s: s["subject"][0].update(name="another")))
    assert (check.result, "does not hold" in str(check.says)) == (Result.REFUSED, True)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ((ASSETS / "certificate.sig").read_bytes(), "without its root of trust"),
        ((ASSETS / "p384.sig").read_bytes(), "nobody here knows"),
        (b"no bundle at all", "cannot be read"),
        (None, "too large"),
    ],
)
def test_what_cannot_be_checked_is_never_told_as_valid(publishers: PublisherRing, data: bytes | None, why: str) -> None:
    _knows(publishers)
    check = _checked(publishers, FILES, data)
    assert check.result is Result.UNSETTLED
    assert why in str(check.says)
    behind = _checked(publishers, FILES, data, leaves=False)
    assert behind.result is Result.PASSES
    assert "not checked" in str(behind.says)


def test_a_certificate_does_not_hide_a_changed_file(publishers: PublisherRing) -> None:
    check = _checked(publishers, {**FILES, "config.json": b"{}"}, (ASSETS / "certificate.sig").read_bytes())
    assert check.result is Result.REFUSED


def test_a_revoked_publisher_is_refused(publishers: PublisherRing) -> None:
    _knows(publishers).revoke("p", "lost")
    check = _checked(publishers, FILES)
    assert (check.result, "revoked" in str(check.says)) == (Result.REFUSED, True)


def test_where_the_list_stays_behind_a_part_may_leave(publishers: PublisherRing) -> None:
    _knows(publishers)
    part = {"weights.bin": FILES["weights.bin"]}
    assert _checked(publishers, part, leaves=False).result is Result.PASSES
    assert _checked(publishers, part).result is Result.REFUSED


def test_a_bundle_is_known_by_its_name() -> None:
    assert is_bundle("model.sig")
    assert is_bundle("a/model.sig")
    assert not is_bundle("xmodel.sig")
    assert check_bundles((), (), Presented(files=()), PublisherRing(Path("none"), FixedClock())) == ()


def test_a_bundle_that_stays_behind_is_not_told_as_one_of_what_leaves(publishers: PublisherRing) -> None:
    check = _checked(_knows(publishers), {"other.bin": b"x"}, leaves=False)
    assert (check.result, str(check.says)) == (Result.PASSES, "model.sig stays behind, and lists nothing that leaves")
    mixed = _checked(publishers, {"other.bin": b"x", "weights.bin": FILES["weights.bin"]}, leaves=False)
    assert mixed.result is Result.REFUSED
