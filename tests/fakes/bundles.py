"""Bundles as model-signing writes them, made here: for files that its own runs, which are kept as assets, never saw."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from weighbridge.core.envelope import PAYLOAD_TYPE, encoded

KEY = ec.derive_private_key(7, ec.SECP256R1())
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def bundle_of(folder: Path, labels: list[str]) -> bytes:
    """A bundle over these files of a folder."""
    digests = {label: hashlib.sha256((folder / label).read_bytes()) for label in sorted(labels)}
    whole = hashlib.sha256(b"".join(digest.digest() for digest in digests.values())).hexdigest()
    rows = [{"digest": d.hexdigest(), "name": label, "algorithm": "sha256"} for label, d in digests.items()]
    how = {"allow_symlinks": False, "hash_type": "sha256", "method": "files", "ignore_paths": ["model.sig"]}
    statement = {
        "_type": "https://in-toto.io/Statement/v1", "subject": [{"name": folder.name, "digest": {"sha256": whole}}],
        "predicateType": "https://model_signing/signature/v1.0", "predicate": {"serialization": how, "resources": rows},
    }  # fmt: skip
    payload = json.dumps(statement, indent=2).encode()
    signature = KEY.sign(encoded(PAYLOAD_TYPE, payload), ec.ECDSA(hashes.SHA256()))
    envelope = {
        "payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
    }  # fmt: skip
    material = {"publicKey": {"hint": hashlib.sha256(PEM).hexdigest()}, "tlogEntries": []}
    media = "application/vnd.dev.sigstore.bundle.v0.3+json"
    return json.dumps({"mediaType": media, "verificationMaterial": material, "dsseEnvelope": envelope}).encode()
