"""Words by which claims are known, by kind; each a pattern over one sentence without accents or capitals."""

from __future__ import annotations

import re
import unicodedata

_WORDS: dict[str, tuple[str, ...]] = {
    "superlative": (
        r"state[- ]of[- ]the[- ]art", r"\bsota\b", r"best[- ](?:in[- ]class|performing|ever)",
        r"world'?s (?:first|best|most)", r"unprecedented", r"revolutionar\w*", r"break[- ]?through\w*",
        r"game[- ]chang\w*", r"unmatched", r"unrivall?ed", r"outperforms? (?:all|every|any)",
        r"first (?:of its kind|ever)", r"groundbreaking", r"superhuman", r"etat de l'art", r"revolutionnaire\w*",
        r"sans precedent", r"inegale\w*", r"stand der technik", r"weltweit (?:erste|beste)\w*", r"bahnbrechend\w*",
        r"beispiellos\w*", r"unerreicht\w*", r"estado del arte", r"revolucionari\w*", r"sin precedentes",
        r"inigualable\w*", r"sem precedentes", r"estado da arte",
    ),
    "privacy": (
        r"anonymi[sz]ed", r"fully anonymous", r"completely anonymous", r"no personal (?:data|information)",
        r"privacy[- ]?(?:preserving|safe|friendly|by design)", r"cannot be (?:traced|re-?identified|linked)",
        r"de-?identified", r"contains? no (?:pii|private)", r"gdpr[- ]compliant", r"anonymise\w*",
        r"aucune donnee personnelle", r"respectueu\w+ de la vie privee", r"anonymisiert\w*",
        r"keine personenbezogenen daten", r"datenschutzkonform\w*", r"datenschutzfreundlich\w*", r"anonimizad\w*",
        r"sin datos personales", r"ningun dato personal", r"sem dados pessoais",
    ),
    "safety": (
        r"\b(?:completely|totally|perfectly|fully) (?:safe|secure|harmless)",
        r"\b(?:is|are) (?:safe|harmless|unbiased|bias[- ]free)\b", r"\bbias[- ]free\b", r"free of (?:bias|harm)",
        r"no risk", r"risk[- ]free", r"cannot be (?:misused|abused)", r"without (?:any )?(?:bias|risk)",
        r"sans (?:biais|risque|danger)", r"sans aucun (?:biais|risque)", r"\bvollig sicher\w*",
        r"frei von (?:vorurteilen|verzerrung\w*)", r"ohne risiko", r"risikofrei\w*", r"sin (?:sesgos?|riesgos?)",
        r"libre de sesgos", r"sem (?:vies|riscos?)", r"totalmente segur\w*",
    ),
    "languages": (
        r"(?:any|every|all) (?:human )?languages?", r"language[- ](?:agnostic|independent)", r"\b\d{2,} languages",
        r"(?:truly|fully|massively) multilingual", r"universal language", r"understands? (?:human )?language\b",
        r"toutes les langues", r"\b\d{2,} langues", r"independant de la langue", r"alle\w* sprachen",
        r"\b\d{2,} sprachen", r"sprachunabhangig\w*", r"todos los idiomas", r"todas las lenguas",
        r"\b\d{2,} (?:idiomas|lenguas|linguas)", r"todas as linguas", r"qualquer (?:lingua|idioma)",
        r"cualquier (?:lengua|idioma)",
    ),
    "detection": (
        r"(?:un)?detectable", r"cannot be (?:detected|told apart|distinguished)", r"indistinguishable",
        r"easily detected", r"can be (?:reliably )?detected", r"watermarked", r"(?:in)?detectable\w*",
        r"indiscernable\w*", r"nicht (?:zu )?erkenn\w*", r"ununterscheidbar\w*", r"indistinguible\w*",
        r"indistinguivel", r"indetectave\w*",
    ),
    "human-level": (
        r"human[- ](?:level|like|parity)", r"(?:as well as|better than) (?:humans?|people|experts|doctors)",
        r"understands? (?:what|how|why) (?:you|people|humans)", r"sentient", r"conscious", r"niveau humain",
        r"comme un humain", r"menschenahnlich\w*", r"wie ein mensch", r"besser als (?:menschen|arzte|experten)",
        r"nivel humano", r"como un humano", r"como um humano", r"mejor que (?:los )?(?:humanos|medicos)",
    ),
}  # fmt: skip
KINDS = tuple(_WORDS)
_PATTERNS = {kind: re.compile("|".join(f"(?:{word})" for word in words)) for kind, words in _WORDS.items()}
# What turns a claim into its opposite, shortly before it: "not state of the art" claims nothing.
_NOT = re.compile(
    r"\b(?:not|no|never|neither|isn'?t|aren'?t|doesn'?t|nor|pas|jamais|nicht|kein\w*|nie|nunca|nao|tampoco)\s+(?:\w+\s+){0,2}$"
)
# In these a denial is part of the claim itself: "contains no personal data", "cannot be detected".
_SELF_DENYING = frozenset({"privacy", "safety", "detection"})
_ENDS = re.compile(r"(?<=[.!?。！？])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each on one line; headings and points of a list are sentences too."""
    return [line for part in _ENDS.split(text) if (line := " ".join(part.split()))]


def kinds_of(sentence: str) -> tuple[str, ...]:
    """The kinds of claims that a sentence makes."""
    plain = _plain(sentence)
    return tuple(
        kind for kind in KINDS if any(not _is_denied(kind, plain, found) for found in _PATTERNS[kind].finditer(plain))
    )


def _is_denied(kind: str, plain: str, found: re.Match[str]) -> bool:
    before = plain[max(0, found.start() - 40) : found.start()]
    return kind not in _SELF_DENYING and bool(_NOT.search(before))


def _plain(sentence: str) -> str:
    folded = unicodedata.normalize("NFKD", sentence.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return "".join(character for character in folded if not unicodedata.combining(character))
