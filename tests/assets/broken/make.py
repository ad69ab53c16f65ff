"""Make the broken envelopes and ledgers beside this file: python tests/assets/broken/make.py. One file for each failure.

They are kept so that a later version meets the very bytes that an earlier one refused; make them again only where the
form of envelopes or ledgers changes.
"""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from weighbridge.adapters.ledger.chain import sealed as sealed_entry
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.core.candidate import Component, Impact
from weighbridge.core.canon import canonical, digest_of_bytes
from weighbridge.core.decision import Approval, Decision, Released, SignerRole
from weighbridge.core.envelope import PAYLOAD_TYPE, encoded, sealed, statement
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung

HERE = Path(__file__).parent
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # of these assets, and of nothing else
RAW = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
PRINT = digest_of_bytes(RAW).removeprefix("sha256:")
FILE = Released(label="m.onnx", digest=digest_of_bytes(b"m"), size_bytes=1, component=Component.WEIGHTS)
DECISION = Decision(
    name="c", version="1", candidate=digest_of_bytes(b"c"), reading=digest_of_bytes(b"r"), released=(FILE,),
    impact=Impact.STANDARD, recommendation=digest_of_bytes(b"e"), policy="p", policy_digest=digest_of_bytes(b"p"),
    plan=(("weights", Rung.GATED),), reasons=(digest_of_bytes(b"why"),), prepared_by="aa",
    decided_at="2026-11-22T00:00:00+00:00", expires="2027-05-01",
)  # fmt: skip
APPROVAL = Approval(
    decision=DECISION.digest, role=SignerRole.OWNER, fingerprint=PRINT, signed_at="2026-11-22T01:00:00+00:00"
)


class Ticking:
    """A clock that gains a second whenever it is looked at."""

    def __init__(self) -> None:
        self._at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The next second."""
        self._at += timedelta(seconds=1)
        return self._at


def envelopes() -> dict[str, bytes]:
    """A whole envelope, and one for each way in which it may be broken."""
    whole = sealed(DECISION, APPROVAL, KEY.sign)
    payload = statement(DECISION, APPROVAL)
    opener = replace(DECISION, plan=(("weights", Rung.OPEN),))
    replayed = replace(DECISION, candidate=digest_of_bytes(b"new bytes"))
    spaced = payload.replace(b'"_type":', b'"_type": ')
    told = json.loads(payload)
    other_files = canonical({**told, "subject": [{"name": "m.onnx", "digest": {"sha256": "0" * 64}}]})
    return {
        "whole": whole,
        "bit-in-signature": _with(whole, signature=_flipped(KEY.sign(encoded(PAYLOAD_TYPE, payload)))),
        "bit-in-plan": _with(whole, payload=statement(opener, replace(APPROVAL, decision=opener.digest))),
        "old-signature-on-new-bytes": _with(
            whole, payload=statement(replayed, replace(APPROVAL, decision=replayed.digest))
        ),
        "signed-again-on-new-bytes": sealed(replayed, replace(APPROVAL, decision=replayed.digest), KEY.sign),
        "other-files": _with(whole, payload=other_files, signature=KEY.sign(encoded(PAYLOAD_TYPE, other_files))),
        "spaced": _with(whole, payload=spaced, signature=KEY.sign(encoded(PAYLOAD_TYPE, spaced))),
        "two-signatures": canonical({**json.loads(whole), "signatures": json.loads(whole)["signatures"] * 2}),
        "key-of-another": _with(whole, key="b" * 64),
        "unknown-key": sealed(DECISION, replace(APPROVAL, fingerprint="b" * 64), KEY.sign),
        "role-not-trusted": sealed(DECISION, replace(APPROVAL, role=SignerRole.SECURITY), KEY.sign),
        "signed-before-decided": sealed(DECISION, replace(APPROVAL, signed_at="2026-11-21T00:00:00+00:00"), KEY.sign),
        "signed-in-the-future": sealed(DECISION, replace(APPROVAL, signed_at="2036-11-21T00:00:00+00:00"), KEY.sign),
        "another-type": canonical({**json.loads(whole), "payloadType": "text/plain"}),
        "cut-short": whole[:-30],
    }


def _with(envelope: bytes, *, payload: bytes | None = None, signature: bytes | None = None, key: str = "") -> bytes:
    table = json.loads(envelope)
    named = table["signatures"][0]
    if payload is not None:
        table["payload"] = base64.b64encode(payload).decode()
    if signature is not None:
        named["sig"] = base64.b64encode(signature).decode()
    named["keyid"] = key or named["keyid"]
    return canonical(table)


def _flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def ledgers() -> dict[str, Callable[[Path], None]]:
    """What breaks a whole ledger in a folder, by name; the first leaves it whole."""
    return {
        "whole": lambda _home: None,
        "bit-in-body": lambda home: _bit(home / "ledger.sqlite", b'"choice":"no"'),
        "bit-beside": lambda home: _bit(home / "people.sqlite", b"because it is so"),
        "middle-missing": lambda home: _sql(home, "DELETE FROM entry WHERE chain = 'c' AND number = 2"),
        "end-missing": lambda home: _sql(home, "DELETE FROM entry WHERE chain = 'c' AND number = 4"),
        "triggers-dropped": lambda home: _sql(home, "SELECT 1", restore=False),
        "sealed-anew": _sealed_anew,
        "forked": _forked,
        "cut-short": lambda home: (
            (home / "ledger.sqlite").write_bytes((home / "ledger.sqlite").read_bytes()[:9000]) and None
        ),
    }


def fill(home: Path, last: str = "no") -> None:
    """A small chain with a text beside it."""
    with open_ledger(home, Ticking(), {"weighbridge": "0.1.0"}) as ledger:
        ledger.append("c", Kind.CANDIDATE, {"name": "c"})
        ledger.append("c", Kind.ANSWER, {"choice": "no", "question": "harm"})
        ledger.append("c", Kind.ANSWER, {"question": "private", "reason": ledger.commit("c", "because it is so")})
        ledger.append("c", Kind.ANSWER, {"choice": last, "question": "identifies"})


def _bit(file: Path, text: bytes) -> None:
    data = bytearray(file.read_bytes())
    data[data.index(text) + len(text) - 2] ^= 1
    file.write_bytes(data)


def _sql(home: Path, statement: str, *, restore: bool = True) -> None:
    with closing(sqlite3.connect(home / "ledger.sqlite", isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _made in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _name, made in triggers if restore else ():
            connection.execute(made)


def _sealed_anew(home: Path) -> None:
    """The last entry with another content and a seal that fits it: only the witness beside the ledger knows."""
    with open_ledger(home, Ticking(), {}) as ledger:
        last = list(ledger.entries("c"))[-1]
    forged = sealed_entry(replace(last, body={"choice": "yes", "question": "identifies"}))
    body = canonical(forged.body).decode()
    _sql(home, f"UPDATE entry SET body = '{body}', digest = '{forged.digest}' WHERE chain = 'c' AND number = 4")  # noqa: S608  our own words


def _forked(home: Path) -> None:
    """The chain of one copy beside the witness of another that went on apart from it."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "home", last="yes")
        shutil.copy(Path(folder) / "home" / "ledger.sqlite", home / "ledger.sqlite")


def main() -> None:
    """Write all of them."""
    for name, data in envelopes().items():
        (HERE / f"{name}.dsse.json").write_bytes(data)
    (HERE / "key.pem").write_bytes(
        KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    for name, breaks in ledgers().items():
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            fill(home)
            breaks(home)
            for file in ("ledger", "people"):
                data = gzip.compress((home / f"{file}.sqlite").read_bytes(), mtime=0)
                (HERE / f"{name}.{file}.sqlite.gz").write_bytes(data)


if __name__ == "__main__":
    main()
