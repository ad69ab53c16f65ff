"""The weighing as JSON, for machines; never translated."""

from __future__ import annotations

import json
import unicodedata

from weighbridge.core.canon import Plain
from weighbridge.core.evidence import Evidence
from weighbridge.core.shape import plain
from weighbridge.core.tradeoffs import Comparison
from weighbridge.core.weighing import Weighing, document_plain, evidence_row_plain


def render_json(weighing: Weighing) -> str:
    """The document of a weighing, indented, with sorted keys.

    Characters that hide or reorder others are escaped, so that the file reads as what it says; a reader gets them back.
    """
    return _written(document_plain(weighing))


def render_plans(comparison: Comparison) -> str:
    """The document of a comparison of plans, likewise."""
    return _written(plain(comparison))


def _written(document: Plain) -> str:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True)
    return "".join(_escaped(character) for character in text)


def render_evidence(evidence: Evidence) -> str:
    """One piece of evidence as the document holds it; written as `render_json` writes."""
    text = json.dumps(evidence_row_plain(evidence), ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True)
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
        return character
    return json.dumps(character)[1:-1]
