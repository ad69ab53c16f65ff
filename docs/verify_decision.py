"""Verify a release decision with `cryptography` alone: python verify_decision.py ENVELOPE PUBLIC_KEY.pem FILE..."""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

envelope, key = json.loads(Path(sys.argv[1]).read_bytes()), load_pem_public_key(Path(sys.argv[2]).read_bytes())
payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
if not isinstance(key, Ed25519PublicKey) or len(envelope["signatures"]) != 1:
    sys.exit("not one Ed25519 signature")
key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), message)  # raises InvalidSignature
statement = json.loads(payload)
if statement["predicateType"] not in {f"urn:weighbridge:release-decision:v0.{minor}" for minor in (1, 2)}:
    sys.exit("not a release decision")
decision, approval = statement["predicate"]["decision"], statement["predicate"]["approval"]
decided = {subject["digest"]["sha256"] for subject in statement["subject"]}
strangers = [name for name in sys.argv[3:] if hashlib.sha256(Path(name).read_bytes()).hexdigest() not in decided]
print(f"{decision['name']} {decision['version']}: {decision['plan']} until {decision['expires']}")
for stage in decision.get("stages", []):  # each opens by signatures of its own, which are not in here
    print(f"later, {stage['name']}: {stage['plan']}, not after {stage['by']}")
print(f"signed as {approval['role']} at {approval['signed_at']} by key {approval['fingerprint']}")
sys.exit(f"not decided on: {', '.join(strangers)}" if strangers else 0)
