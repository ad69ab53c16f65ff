"""What model-signing writes beside a model: a list of files with their digests, signed by whoever published them.

Bytes in, a bundle out; no keys here. Only lists of whole files by SHA-256 under an elliptic-curve key can be checked:
what is made with a certificate needs a root of trust, and often a log, which are not at hand offline.

References
----------
Sigstore bundle v0.3 (application/vnd.dev.sigstore.bundle.v0.3+json); DSSE 1.0; OpenSSF model-signing 1.1, predicate
https://model_signing/signature/v1.0.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import cast

from weighbridge.core.canon import Digest, Plain
from weighbridge.core.envelope import PAYLOAD_TYPE, STATEMENT_TYPE, encoded

BUNDLE = "model.sig"  # the name that model-signing gives it
MOST_BYTES = 16 << 20  # ours: a list of a hundred thousand files
_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_PREDICATE_TYPE = "https://model_signing/signature/v1.0"
_CERTIFICATES = ("x509CertificateChain", "certificate")
_HEX = re.compile(r"[0-9a-f]{64}")


class NoBundle(ValueError):
    """The bytes are no bundle that model-signing writes; the message says what is wrong and quotes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle taken apart. Nothing here says that its signature holds."""

    files: tuple[tuple[str, Digest], ...]  # path below the folder of the bundle, and digest
    ignored: tuple[str, ...]  # paths that it says nothing about, with all below them
    hint: str  # sha256 of the public key's PEM, in hexadecimal; empty where none is named
    is_certified: bool  # made with a certificate, and not with a key alone
    message: bytes  # what the signature is over
    signature: bytes

    def ignores(self, path: str) -> bool:
        """Whether the bundle says nothing about this path; of itself it cannot."""
        return any(path == name or path.startswith(f"{name}/") for name in (BUNDLE, *self.ignored))


def opened(data: bytes) -> Bundle:
    """A bundle taken apart, its form and its own digest checked and its signature not.

    Raises
    ------
    NoBundle
        For anything else than one signature over one list of whole files by SHA-256.
    """
    table = _json(data, "the bundle")
    if table.get("mediaType") != _MEDIA_TYPE:
        raise NoBundle("it is no Sigstore bundle of version 0.3")
    material, envelope = _table(table, "verificationMaterial"), _table(table, "dsseEnvelope")
    is_certified = any(key in material for key in _CERTIFICATES)
    if is_certified == ("publicKey" in material):
        raise NoBundle("it is made with neither a key nor a certificate, or with both")
    hint = "" if is_certified else str(_table(material, "publicKey").get("hint") or "")
    if envelope.get("payloadType") != PAYLOAD_TYPE:
        raise NoBundle("it holds no in-toto statement")
    signatures = envelope.get("signatures")
    if not isinstance(signatures, list) or len(signatures) != 1 or not isinstance(signatures[0], dict):
        raise NoBundle("it should hold one signature")
    payload = _bytes(envelope.get("payload"))
    files, ignored = _listed(_json(payload, "the statement"))
    return Bundle(
        files=files, ignored=ignored, hint=hint, is_certified=is_certified, message=encoded(PAYLOAD_TYPE, payload),
        signature=_bytes(cast("dict[str, Plain]", signatures[0]).get("sig")),
    )  # fmt: skip


def _listed(statement: dict[str, Plain]) -> tuple[tuple[tuple[str, Digest], ...], tuple[str, ...]]:
    """The files that a statement lists, and the paths that it leaves out."""
    if (statement.get("_type"), statement.get("predicateType")) != (STATEMENT_TYPE, _PREDICATE_TYPE):
        raise NoBundle("its statement is not about a signed model, or of another version")
    predicate = _table(statement, "predicate")
    how = _table(predicate, "serialization")
    if (how.get("method"), how.get("hash_type")) != ("files", "sha256"):
        raise NoBundle("it lists something else than whole files by SHA-256")
    rows, ignored = predicate.get("resources"), how.get("ignore_paths", [])
    if not isinstance(rows, list) or not isinstance(ignored, list):
        raise NoBundle("its statement lists no files")
    files = tuple(_file(row) for row in rows)
    if not files or len({path for path, _digest in files}) < len(files):
        raise NoBundle("it lists no file, or one twice")
    whole = hashlib.sha256(b"".join(bytes.fromhex(digest.removeprefix("sha256:")) for _path, digest in files))
    subjects = statement.get("subject")
    one = subjects[0] if isinstance(subjects, list) and len(subjects) == 1 else None
    if not isinstance(one, dict) or _table(one, "digest").get("sha256") != whole.hexdigest():
        raise NoBundle("its digest over all files does not fit the files that it lists")
    return files, tuple(_path(name) for name in ignored)


def _file(row: Plain) -> tuple[str, Digest]:
    if not isinstance(row, dict) or row.get("algorithm") != "sha256":
        raise NoBundle("it lists something else than whole files by SHA-256")
    digest = row.get("digest")
    if not isinstance(digest, str) or not _HEX.fullmatch(digest):
        raise NoBundle("it lists a file with a digest that is none")
    return _path(row.get("name")), Digest(f"sha256:{digest}")


def _path(name: Plain) -> str:
    """A path that stays below the folder; any other would let one file speak for another."""
    if not isinstance(name, str) or not name or "\\" in name or "\0" in name:
        raise NoBundle("it lists a file by something that is no path")
    if name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/")):
        raise NoBundle("it lists a path that leads out of its folder")
    return name


def _json(data: bytes, what: str) -> dict[str, Plain]:
    if len(data) > MOST_BYTES:
        raise NoBundle(f"{what} is larger than {MOST_BYTES >> 20} MiB")
    try:
        table = json.loads(data, object_pairs_hook=_once)
    except NoBundle:
        raise
    except (ValueError, RecursionError):
        raise NoBundle(f"{what} is not JSON") from None
    if not isinstance(table, dict):
        raise NoBundle(f"{what} is no table")
    return table


def _once(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    """Two readers may take either of two values under one key: then the signature would be over both."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NoBundle("it says a key twice in one table")
    return made


def _table(of: dict[str, Plain], key: str) -> dict[str, Plain]:
    value = of.get(key)
    if not isinstance(value, dict):
        raise NoBundle(f"it holds no {key}")
    return value


def _bytes(value: Plain) -> bytes:
    try:
        found = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        raise NoBundle("it holds what is not base64") from None
    if not found or base64.b64encode(found).decode() != value:
        raise NoBundle("it holds what is not base64 as it is written")
    return found
