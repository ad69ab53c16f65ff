"""The peer's side of `identifiers.py`: Presidio's pattern recognisers, run by the interpreter that has them.

    PEER_PYTHON benchmarks/peers/presidio.py

It reads one job a line on stdin, `{"texts": [...]}`, and answers with the spans of each text and the CPU seconds
that it took. No model: a blank pipeline of spaCy tokenises. No network: the list of public suffixes is the one
that came with tldextract. Nothing of ours is imported.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
from typing import Any

import spacy  # type: ignore[import-not-found]  # the peer's environment alone
import tldextract  # type: ignore[import-not-found]  # likewise
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # type: ignore[import-not-found]  # likewise
from presidio_analyzer.nlp_engine import SpacyNlpEngine  # type: ignore[import-not-found]  # likewise
from presidio_analyzer.predefined_recognizers import (  # type: ignore[import-not-found]  # likewise
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    PhoneRecognizer,
    UrlRecognizer,
    UsSsnRecognizer,
)

SHARED = ("CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "URL", "US_SSN")
RECOGNISERS = (
    CreditCardRecognizer, EmailRecognizer, IbanRecognizer, IpRecognizer, PhoneRecognizer, UrlRecognizer,
    UsSsnRecognizer,
)  # fmt: skip


class Blank(SpacyNlpEngine):  # type: ignore[misc]  # no types in the peer's package
    """A tokeniser, and no model."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}

    def load(self) -> None:
        """Nothing to load, and nothing to download."""


def analyser() -> Any:
    """Presidio with the seven recognisers that find what ours find too."""
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    registry = RecognizerRegistry(recognizers=[made() for made in RECOGNISERS])
    return AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])


def main() -> None:
    """Answer jobs until there are no more."""
    engine = analyser()
    print(json.dumps({"version": importlib.metadata.version("presidio-analyzer")}), flush=True)
    for line in sys.stdin:
        texts = json.loads(line)["texts"]
        started = time.process_time()
        found = [engine.analyze(text=text, language="en", entities=list(SHARED)) for text in texts]
        seconds = time.process_time() - started
        spans = [[[r.start, r.end, r.entity_type] for r in results] for results in found]
        print(json.dumps({"seconds": seconds, "spans": spans}), flush=True)


if __name__ == "__main__":
    main()
