"""Words by which claims are known, by kind; each a pattern over one sentence without accents or capitals."""

from __future__ import annotations

import re
import unicodedata

_WORDS: dict[str, tuple[str, ...]] = {
    "superlative": (
        # English
        r"state[- ]of[- ]the[- ]art", r"\bsota\b", r"best[- ](?:in[- ]class|ever)",
        r"best[- ]performing(?! (?:epoch|run|checkpoint|seed))", r"world'?s (?:first|best|most)(?!-known)",
        r"unprecedented", r"\brevolutionary\b(?! war)", r"break[- ]?through\b", r"game[- ]chang\w*",
        r"unmatched (?:accuracy|quality|performance|by)", r"\b(?:is|are) unmatched(?! in rows)", r"unrivall?ed",
        r"\b(?:outperforms?|beats?|surpass(?:es)?) (?:all|every|any|gpt|the best|other)",
        r"first (?:of its kind|ever)",
        r"\bmost \w+ model (?:ever|in the world|available)", r"new standard", r"groundbreaking", r"superhuman",
        # French
        r"etat de l'art", r"revolutionnaires?\b", r"sans precedent", r"inegale\w*", r"\ble meilleur modele",
        r"premiere mondiale", r"\ble (?:modele le )?plus (?:performant|avance)", r"avancee majeure",
        # German
        r"stand der technik", r"weltweit (?:erste|beste|fuhrend)\w*", r"bahnbrechend\w*", r"beispiellos\w*",
        r"\bist unerreicht\b", r"unerreichte?[nrs]? (?:leistung|genauigkeit|qualitat)", r"durchbruch\b",
        r"revolutionar(?:e\w?)?\b",
        r"\bdas (?:beste|leistungsfahigste|modernste) modell", r"weltbeste\w*", r"einzigartig\w*", r"ubertrifft alle",
        # Spanish and Portuguese
        r"estado del arte", r"estado da arte", r"(?<!guerra )\brevolucionari[oa]s?\b", r"sin precedentes",
        r"sem precedentes", r"inigualave(?:l|is)", r"inigualables?\b", r"\b[eo]l? me(?:j|lh)or modelo",
        r"mas avanzado",
        r"mais avancado", r"ultima (?:generacion|geracao)", r"lo ultimo en tecnologia", r"pionero en el mundo",
        r"primero del mundo", r"primeiro do mundo",
    ),
    "privacy": (
        r"anonymi[sz]ed", r"\banonymous\b(?! (?:user|reviewer|author))",
        r"\bno (?:pii|personal (?:data|information))",
        r"not contain (?:any )?(?:pii|personal|private)", r"privacy[- ]?(?:preserving|safe|friendly|by design)",
        r"guarantees? (?:the )?privacy", r"cannot be (?:traced|re-?identified|linked)",
        r"nobody can be (?:re-?)?identified",
        r"de-?identified", r"contains? no (?:pii|private (?:data|information))", r"gdpr[- ]compliant",
        r"anonymise\w*", r"\bdonnees (?:sont )?anonymes?", r"pseudonymise\w*", r"conforme au rgpd",
        r"aucune donnee personnelle", r"(?:sans|pas de) donnees? personnelles?",
        r"respectueu(?:x|ses?) de la vie privee",
        r"anonymisiert\w*", r"(?:sind|ist|vollig) anonym\b", r"dsgvo[- ]?konform\w*",
        r"datenschutz(?:konform|freundlich)\w*",
        r"kein(?:e|erlei) (?:personenbezogenen?|personlichen?) daten",
        r"ruckschlusse auf personen sind ausgeschlossen",
        r"anon[iy]mizad\w*", r"\banonimos?\b", r"\banonimas?\b", r"(?:sin|no contiene) datos personales",
        r"ningun dato personal", r"(?:sem|nao contem) dados pessoais", r"cumple con el rgpd",
        r"respeta la privacidad",
        r"conformidade com (?:a lgpd|o rgpd)",
    ),
    "safety": (
        r"\b(?:completely|totally|perfectly|fully|absolutely) (?:safe|secure|harmless)",
        r"\b(?:is|are) (?:very )?(?:safe|harmless|unbiased|bias[- ]free)\b", r"\bbias[- ]free\b",
        r"\b(?:is|are) not (?:biased|harmful|dangerous)\b", r"free of (?:bias|harm)",
        r"\bpos(?:es?|ing) no (?:danger|risk|threat)",
        r"\bno risk(?! (?:factor|assess|check|score)|[-,])", r"(?<!')risk[- ]free(?!')",
        r"cannot be (?:misused|abused)",
        r"without (?:any )?(?:bias|risk)\b(?! (?:factor|assess|check|score))",
        r"\bsans (?:aucun |le moindre )?(?:biais|risques?|dangers?)\b(?! connu|\?)",
        r"(?:totalement|parfaitement) sur\b",
        r"inoffensi[fv]\w*", r"aucun (?:risque|danger)", r"\b(?:vollig|absolut|vollkommen) sicher\b",
        r"frei von (?:vorurteilen|verzerrung\w*)", r"ohne (?:jedes )?risiko\b", r"risikofrei\w*", r"\bharmlos\b",
        r"unbedenklich\w*", r"vorurteilsfrei\w*", r"keine (?:risiken|gefahr\w*)\b",
        r"\bsin (?:ningun )?(?:sesgos?|riesgos?)(?=\s*(?:[.!;]|$))", r"no tiene riesgos?", r"inofensiv[oa]s?",
        r"libre de sesgos", r"\bsem (?:qualquer )?(?:viese?s?|riscos?)(?=\s*(?:[.!;]|$))", r"nao ha riscos?",
        r"(?:totalmente|completamente) segur[oa]s?",
    ),
    "languages": (
        r"(?:any|every|all) (?:human )?languages?(?! you)", r"language[- ](?:agnostic|independent)",
        r"(?<!trained on )(?<!tested in )(?<!tested on )(?<!measured in )\b\d[\d,.]{0,9}\d\+? languages",
        r"\b(?:fifty|sixty|seventy|eighty|ninety|hundreds? of|a hundred|a thousand|thousands of|dozens of) languages",
        r"(?:truly|fully|massively) multilingual", r"universal language", r"understands? (?:human )?language\b",
        r"toutes les langues", r"\b\d{2,} langues", r"centaines? de langues", r"multilingue\b",
        r"independant de la langue",
        r"n'importe quelle langue", r"alle[nr]? sprachen", r"\b\d{2,} sprachen", r"sprachunabhangig\w*",
        r"mehrsprachig\w*",
        r"in jeder sprache", r"tod[oa]s (?:los|os|las|as) (?:idiomas|lenguas|linguas)",
        r"\b\d{2,} (?:idiomas|lenguas|linguas)", r"(?:cual|qual)quier (?:lengua|idioma)",
        r"qualquer (?:lingua|idioma)",
    ),
    "detection": (
        r"\b(?:un|in)detectable\w*", r"cannot be (?:detected|told apart|distinguished)", r"indistinguishable",
        r"(?:easily|always|reliably) (?:be )?(?:detected|detectable|recogni[sz]ed)", r"can be (?:reliably )?detected",
        r"nobody can tell", r"\b(?:is|are) watermarked", r"watermarked (?:text|output)s?\b",
        r"facilement detectables?",
        r"indiscernable\w*", r"impossible a distinguer", r"texten? (?:ist|sind) nicht (?:zu )?erkenn\w*",
        r"nicht (?:unterscheidbar|von menschlichen \w+ zu unterscheiden)", r"ununterscheidbar\w*",
        r"indistinguibles?\b",
        r"indistinguive(?:l|is)", r"indetectave\w*", r"imposible de distinguir",
    ),
    "human-level": (
        r"human[- ](?:level|like|parity)",
        r"\b(?:as well as|better than|on par with) (?:humans?|people|experts|doctors)",
        r"outperforms? (?:humans?|people|experts|doctors)", r"like a human\b",
        r"understands? (?:what|how|why) (?:you|people|humans)", r"\bsentient\b", r"\bis conscious\b",
        r"niveau humain",
        r"comme un (?:etre )?humain", r"egale l'humain", r"mieux que les (?:medecins|humains|experts)",
        r"menschenahnlich\w*", r"menschlichem niveau", r"wie (?:ein mensch|von menschen)\b",
        r"ubertrifft (?:menschen|arzte)",
        r"besser als (?:menschen|arzte|experten)", r"nivel humano", r"como uma? (?:ser )?humano",
        r"como una persona", r"me(?:j|lh)or que (?:[lo]?os )?(?:humanos|medicos)",
    ),
}  # fmt: skip
KINDS = tuple(_WORDS)
_PATTERNS = {kind: re.compile("|".join(f"(?:{word})" for word in words)) for kind, words in _WORDS.items()}
# What turns a claim into its opposite, shortly before it: "not state of the art" claims nothing. Where a denial is part
# of the claim, as in "contains no personal data", it is part of the pattern, and "never without risk" denies it anew.
_DENIAL = (
    r"\b(?:not|no|never|neither|nor|cannot|can't|won't|isn't|aren't|doesn't|don't|far from|pas|jamais|nicht|"
    r"kein\w{0,3}|nie|nunca|nao|tampoco)"
)
_NOT = re.compile(
    rf"{_DENIAL}(?! (?:only|just|question|doubt)\b)\s+(?:[\w'-]+\s+){{0,2}}(?:[ld]')?$"
    rf"|{_DENIAL}\s+(?:claim|say|promise|guarantee|test|measure|know)\w*\s+(?:[\w'-]+\s+){{0,5}}$"
)
_NOT_AFTER = re.compile(r"^\s+(?:wird nicht beansprucht|is not claimed|n'est pas revendique)")
_ENDS = re.compile(r"(?<=[.!?。！？])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each on one line; headings and points of a list are sentences too."""
    return [line for part in _ENDS.split(text) if (line := " ".join(part.split()))]


def kinds_of(sentence: str) -> tuple[str, ...]:
    """The kinds of claims that a sentence makes."""
    plain = _plain(sentence)
    return tuple(
        kind for kind in KINDS if any(not _is_denied(plain, found) for found in _PATTERNS[kind].finditer(plain))
    )


def _is_denied(plain: str, found: re.Match[str]) -> bool:
    before = plain[max(0, found.start() - 60) : found.start()]
    return bool(_NOT.search(before) or _NOT_AFTER.match(plain[found.end() :]))


def _plain(sentence: str) -> str:
    folded = unicodedata.normalize("NFKD", sentence.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return "".join(character for character in folded if not unicodedata.combining(character))
