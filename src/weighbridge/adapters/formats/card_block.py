"""The block about the decision in a card's metadata (`README.md`): put in, replaced, taken out again.

The block names the decision's digest, and the decision covers the card as it was decided on. So the block cannot be in
the card that is weighed: it is put in on the way out, and `without` gives back the very bytes that were decided on.
All is done on the lines of the metadata, and no line that somebody else wrote is written anew.

References
----------
Hugging Face, Model Cards: metadata is YAML between two lines of three dashes at the top of README.md; a repository
with gated access shows `extra_gated_prompt` and asks for `extra_gated_fields`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from weighbridge.core.canon import Digest, Plain
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Unusable
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import Reading, plain, read
from weighbridge.core.wording import _

CARD = "README.md"
KEY = "weighbridge"
_PROMPT, _FIELDS, _HEADER = "extra_gated_prompt", "extra_gated_fields", "header"
_ACCEPTS = "I have read the conditions of this release and keep to those that bind me"
_METADATA = re.compile(r"\A(\s*---[\r\n]+)([\S\s]*?)([\r\n]+---(?:\r\n|\r|\n|\Z))")
_ADDS = re.compile(r"(?m)^  adds: \"?([a-z_ ]*)\"?\r?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBlock:
    """What a card says of the decision. It names roles, never people."""

    decision: Digest
    manifest: Digest  # over label, digest and size of every file as it was decided on
    plan: tuple[tuple[str, Rung], ...]  # of the components that lie there
    policy: str
    policy_digest: Digest
    expires: str
    languages: tuple[str, ...] = ()
    signed: tuple[SignerRole, ...] = ()
    adds: str = ""  # what was added beside the block itself: "header", "extra_gated_prompt", "extra_gated_fields"


def put(card: bytes, block: CardBlock, *, conditions: tuple[str, ...] = (), is_gated: bool = False) -> bytes:
    """The card with this block; one that was there before is replaced, and all else stays byte for byte.

    Where access is gated, whoever asks for it is shown the conditions and has to accept them, unless the card says
    itself what they are asked.

    Raises
    ------
    Unusable
        For a card that is not UTF-8.
    """
    text = without(card).decode("utf-8")
    found = _METADATA.match(text)
    head, body, foot, rest = (*found.groups(), text[found.end() :]) if found else ("---\n", "", "\n---\n", text)
    own = {line.split(":")[0] for line in body.splitlines()}
    asks: dict[str, Plain] = {}
    if is_gated and conditions and not own & {_PROMPT, _FIELDS}:
        asks = {_PROMPT: " ".join(("Conditions of this release:", *conditions)), _FIELDS: {_ACCEPTS: "checkbox"}}
    adds = [*([] if found else [_HEADER]), *asks]
    lines = [f"{KEY}:"]
    told = plain(replace(block, adds=" ".join(adds)))
    lines += [f"  {key}: {_flow(value)}" for key, value in told.items()] if isinstance(told, Mapping) else []
    lines += [f"{key}: {_flow(value)}" for key, value in asks.items()]
    end = re.match(r"\r\n|\r|\n", foot)
    new_line = end.group() if end else "\n"
    before = body + new_line if found else ""
    return (head + before + new_line.join(lines) + foot + rest).encode("utf-8")


def without(card: bytes) -> bytes:
    """The card as it was before a block was put in; the same bytes where there is none.

    Raises
    ------
    Unusable
        For a card that is not UTF-8.
    """
    try:
        text = card.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(
            _("{card} cannot take the block about the decision").format(card=CARD),
            _("it is not UTF-8: the byte at {at} is not").format(at=error.start),
            _("save it as UTF-8, then weigh and decide again"),
        ) from None
    found = _METADATA.match(text)
    if found is None or not re.search(rf"(?m)^{KEY}:", found.group(2)):
        return card
    head, body, foot = found.groups()
    adds = (_ADDS.search(body) or re.match("()", "")).group(1).split()  # type: ignore[union-attr]  # "()" always matches
    kept = _without_keys(body, {KEY, *(name for name in adds if name in (_PROMPT, _FIELDS))})
    if _HEADER in adds and not kept.strip():
        return text[found.end() :].encode("utf-8")
    return (head + kept + foot + text[found.end() :]).encode("utf-8")


def block_from(told: Plain) -> CardBlock:
    """The block from what a reader of YAML made of it.

    Raises
    ------
    ValueError
        When it has another shape. The message names keys, never values.
    """
    reading = Reading(file=KEY)
    made = read(CardBlock, told, reading)
    if made is None or reading.faults:
        msg = f"{KEY}: does not fit at {', '.join(fault.key or 'its top' for fault in reading.faults)}"
        raise ValueError(msg)
    return made


def _without_keys(body: str, keys: set[str]) -> str:
    """The metadata without these keys; what is indented, or a list's item, belongs to the key above it."""
    kept: list[str] = []
    is_ours = False
    for line in body.splitlines(keepends=True):
        if line.strip() and line[0] not in " \t-#":
            is_ours = line.split(":")[0] in keys
        if not is_ours:
            kept.append(line)
    text = "".join(kept)
    return text if body.endswith(("\r", "\n")) else re.sub(r"(\r\n|\r|\n)\Z", "", text, count=1)


def _flow(value: Plain) -> str:
    """A value as YAML on one line: JSON, with every character escaped that a reader of YAML may not take as it is.

    References
    ----------
    YAML 1.2.2, section 5.1 (characters that need escapes) and section 7.3.1 (double-quoted style).
    """
    if isinstance(value, str):
        return '"' + "".join(_character(one) for one in value) + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return json.dumps(value)


def _character(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    return one if one == " " or (one.isprintable() and one != "\ufeff") else f"\\U{ord(one):08X}"
