"""National numbers of persons: how each is written, what checks it, and which words stand before it.

The checks are those of python-stdnum. A number without a check digit is told by its format alone, and one of bare
digits only where a date stands in it, or where a word, a column's name or a region says what it is: any long
number passes the check of some country.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.scanner.kinds import Kind, Pattern, Tier

_TELLING, _ADJACENT = 4, 14  # letters of a word that tells from afar; bytes within which a shorter one stands. Ours
_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A national number.

    `written` is how it is set off by signs, `bare` how it stands without them (empty: the same digits). `alone` says
    that the written form speaks for itself, `dated` that the bare one does, as a date stands in it. `chance` is the
    share of random digits in the bare or written form that pass: measured, see the test.
    """

    module: str
    written: str
    words: str
    chance: float
    bare: str = ""
    alone: bool = False
    dated: bool = False
    check: str = ""  # where it is not the module of its own name

    @property
    def region(self) -> str:
        """ISO 3166 code."""
        return self.module.partition(".")[0].strip("_").upper()

    @property
    def slug(self) -> str:
        """How its patterns are called."""
        return f"id-{self.module.replace('_', '').replace('.', '-')}"


def _row(module: str, written: str, words: str, chance: float, **more: Any) -> Official:
    return Official(module=module, written=written, words=words, chance=chance, **more)


OFFICIALS: tuple[Official, ...] = (
    _row("ar.dni", r"\d{1,2}\.\d{3}\.\d{3}", "dni|documento", 1.0, bare=r"\d{7,8}"),
    _row("ar.cuit", r"(?:20|23|24|27|30|33|34)-\d{8}-\d", "cuit|cuil", 0.09, alone=True),
    _row("at.vnr", rf"\d{{4}} ?{_DAY}{_MONTH}\d\d", "svnr|sv-nr|sozialversicherung", 0.09),
    _row("au.tfn", r"\d{3} \d{3} \d{2,3}", "tfn|tax file", 0.09),
    _row("be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", "rijksregister|registre national|nrn|insz|niss", 0.02,
         bare=rf"\d\d{_MONTH}{_DAY}\d{{5}}", alone=True, dated=True),
    _row("bg.egn", rf"\d\d(?:[024][1-9]|[135][0-2]){_DAY}\d{{4}}", "егн|egn", 0.1),
    _row("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}", "cpf", 0.01, alone=True),
    _row("ca.sin", r"\d{3}[ -]\d{3}[ -]\d{3}", "sin|social insurance|nas", 0.1),
    _row("ch.ssn", r"756\.\d{4}\.\d{4}\.\d{2}", "ahv|avs|sozialversicherung", 0.1,
         bare=r"756\d{10}", alone=True, dated=True),
    _row("cl.rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", "rut|run", 0.09, alone=True, bare=r"\d{7,8}-[\dkK]"),
    _row("cn.ric", rf"\d{{6}}(?:19|20)\d\d{_MONTH}{_DAY}\d{{3}}[\dXx]", "身份证|公民身份|shenfenzheng|resident id",
         0.09, dated=True, check="iso7064.mod_11_2"),
    _row("co.nit", r"\d{1,3}\.\d{3}\.\d{3}-\d", "nit|cedula", 0.09),
    _row("cr.cpf", r"\d-\d{4}-\d{4}", "cedula|cédula", 1.0),
    _row("cu.ni", rf"\d\d{_MONTH}{_DAY}\d{{5}}", "carnet|carné|identidad", 1.0),
    _row("cz.rc", r"\d{6}/\d{3,4}", "rodné|rodne|rč|r.č.|rc", 0.08, alone=True),
    _row("de.idnr", r"\d{2} \d{3} \d{3} \d{3}", "steuer|idnr|tin|identifikationsnummer", 0.01),
    _row("dk.cpr", rf"{_DAY}{_MONTH}\d\d-\d{{4}}", "cpr|personnummer", 1.0, alone=True),
    _row("do.cedula", r"\d{3}-\d{7}-\d", "cedula|cédula", 0.1, alone=True),
    _row("ec.ci", r"\d{9}-\d", "cedula|cédula|ci|c.i.", 0.03, bare=r"\d{10}"),
    _row("ee.ik", rf"[1-6]\d\d{_MONTH}{_DAY}\d{{4}}", "isikukood", 0.09, dated=True),
    _row("es.dni", r"\d{8}-?[A-Z]", "dni|nif", 0.04, alone=True),
    _row("es.nie", r"[XYZ]-?\d{7}-?[A-Z]", "nie|nif", 0.04, alone=True),
    _row("fi.hetu", rf"{_DAY}{_MONTH}\d\d[-+A-FU-Y]\d{{3}}[0-9A-Y]", "hetu|henkilötunnus", 0.04, alone=True),
    _row("fr.nir", r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}",
         "nir|sécurité sociale|securite sociale|insee", 0.01, alone=True, dated=True),
    _row("gb.nhs", r"\d{3}[ -]\d{3}[ -]\d{4}", "nhs", 0.09),
    _row("gr.amka", rf"{_DAY}{_MONTH}\d{{7}}", "αμκα|amka", 0.1, dated=True),
    _row("gt.nit", r"\d{7,8}-[\dkK]", "nit", 0.09),
    _row("hr.oib", r"\d{11}", "oib", 0.1),
    _row("id.nik", rf"\d{{6}}(?:0[1-9]|[1256]\d|[37][01]|4[1-9]){_MONTH}\d{{6}}", "nik|ktp", 1.0),
    _row("ie.pps", r"\d{7}[A-W][AHWTX]?", "pps", 0.045, alone=True),
    _row("il.idnr", r"\d{8}-\d", "תעודת זהות|teudat|מספר זהות|israeli id", 0.1, bare=r"\d{9}"),
    _row("in_.aadhaar", r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}", "aadhaar|aadhar|आधार|uidai", 0.1, alone=True),
    _row("in_.pan", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", "pan|income tax|permanent account", 1.0, alone=True),
    _row("in_.epic", r"[A-Z]{3}\d{7}", "epic|voter|elector", 0.1),
    _row("is_.kennitala", rf"{_DAY}{_MONTH}\d\d-\d{{4}}", "kennitala|kt", 0.09, alone=True),
    _row("it.codicefiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", "codice fiscale|cf|c.f.", 0.03,
         alone=True),
    _row("jp.in_", r"\d{4} \d{4} \d{4}", "マイナンバー|個人番号|my number", 0.1),
    _row("ke.pin", r"[AP]\d{9}[A-Z]", "kra|pin", 1.0),
    _row("kr.rrn", rf"\d\d{_MONTH}{_DAY}-[1-8]\d{{6}}", "주민|rrn|resident reg", 0.09, alone=True),
    _row("lt.asmens", rf"[1-6]\d\d{_MONTH}{_DAY}\d{{4}}", "asmens", 0.09, dated=True),
    _row("lv.pvn", rf"{_DAY}{_MONTH}\d\d-[012]\d{{4}}", "personas kod|pk", 0.09, alone=True),
    _row("mu.nid", r"[A-Z]\d{12}[A-Z0-9]", "nid|national id", 0.03),
    _row("mx.curp", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d", "curp", 0.03, alone=True),
    _row("mx.rfc", r"[A-Z]{4}\d{6}[A-Z0-9]{3}", "rfc", 0.06),
    _row("my.nric", rf"\d\d{_MONTH}{_DAY}-\d{{2}}-\d{{4}}", "nric|mykad|ic", 1.0, alone=True),
    _row("mz.nuit", r"\d{3} \d{3} \d{3}", "nuit", 0.1),
    _row("nl.bsn", r"\d{9}|\d{4}\.\d{2}\.\d{3}", "bsn|burgerservice|sofi", 0.09),
    _row("no.fodselsnummer", rf"{_DAY}{_MONTH}\d\d ?\d{{5}}", "fødselsnummer|fodselsnummer|personnummer|fnr",
         0.01, dated=True),
    _row("nz.ird", r"\d{2,3}-\d{3}-\d{3}", "ird", 0.09),
    _row("pe.cui", r"\d{8}-\d", "dni|cui", 0.09),
    _row("pk.cnic", r"[1-7]\d{4}-\d{7}-\d", "cnic|nic", 1.0, alone=True),
    _row("pl.pesel", rf"\d\d(?:[02468][1-9]|[13579][0-2]){_DAY}\d{{5}}", "pesel", 0.1, dated=True),
    _row("pt.cc", r"\d{8} ?\d ?[A-Z]{2}\d", "cartão de cidadão|cc", 0.1),
    _row("pt.nif", r"\d{3} \d{3} \d{3}", "nif|contribuinte", 0.09),
    _row("ro.cnp", rf"[1-8]\d\d{_MONTH}{_DAY}\d{{6}}", "cnp|cod numeric", 0.05, dated=True),
    _row("ru.inn", r"\d{12}", "инн|inn", 0.01),
    _row("se.personnummer", rf"(?:19|20)?\d\d{_MONTH}{_DAY}[-+]\d{{4}}", "personnummer|personnr|pnr", 0.1, alone=True),
    _row("si.emso", rf"{_DAY}{_MONTH}[09]\d\d\d{{6}}", "emšo|emso|jmbg|јмбг|матични број", 0.09, dated=True),
    _row("sk.rc", r"\d{6}/\d{3,4}", "rodné|rodne", 0.09, alone=True),
    _row("sv.nit", r"\d{4}-\d{6}-\d{3}-\d", "nit|dui", 0.1, alone=True),
    _row("th.pin", r"[1-8]-\d{4}-\d{5}-\d{2}-\d", "บัตรประชาชน|thai id|เลขประจำตัวประชาชน", 0.1, alone=True),
    _row("tr.tckimlik", r"[1-9]\d{10}", "kimlik|tc|t.c.|tckn", 0.01),
    _row("ua.rntrc", r"\d{10}", "рнокпп|інн|ипн|іпн", 0.1),
    _row("us.ssn", r"\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}", "ssn|social security|soc sec|soc. sec", 1.0, alone=True),
    _row("us.itin", r"9\d{2}-\d{2}-\d{4}", "itin|taxpayer", 1.0, alone=True),
    _row("ve.rif", r"[VE]-?\d{7,9}-?\d", "rif|ci|c.i.|cedula|cédula", 0.09),
    _row("za.idnr", rf"\d\d{_MONTH}{_DAY}\d{{4}}[01]\d\d", "identity|id n", 0.1, dated=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A national number with its check and its four patterns."""

    official: Official
    bare: re.Pattern[bytes]
    written: re.Pattern[bytes]
    words: tuple[bytes, ...]
    is_valid: Callable[[str], bool]
    spoken: Pattern  # a word before it, or a column's name, says what it is
    alone: Pattern
    dated: Pattern  # bare digits with a date in them
    by_region: Pattern
    example: Pattern

    loose: re.Pattern[bytes]  # both forms, any digit where a certain one stands: to choose by shape

    def is_named(self, before: bytes) -> bool:
        """Whether what stands before it, in small letters, says what it is; a short word stands close."""
        for word in self.words:
            at = before.rfind(word)
            if len(word) < _TELLING and at < len(before) - _ADJACENT:
                continue
            if at >= 0 and not before[max(0, at - 1) : at].isalpha() and not before[at + len(word) :][:1].isalpha():
                return True
        return False

    def fits(self, written: bytes) -> bool:
        """Whether it is written like one."""
        return self.written.fullmatch(written) is not None or self.bare.fullmatch(written) is not None


@functools.cache
def checked() -> tuple[Checked, ...]:
    """All national numbers; leaves through `Silent` where python-stdnum is not installed."""
    try:
        importlib.import_module("stdnum")
    except ImportError:
        not_measured(
            phrase("the check digits of identifiers cannot be checked: python-stdnum is not installed"),
            phrase("pip install 'weighbridge[identifiers]'"),
        )
    return tuple(_checked(official) for official in OFFICIALS)


_TWO_DIGITS = (
    _DAY, _MONTH, "(?:20|23|24|27|30|33|34)", "(?:[024][1-9]|[135][0-2])", "(?:[02468][1-9]|[13579][0-2])", "(?:19|20)",
    r"(?:0[1-9]|[1256]\d|[37][01]|4[1-9])",
)  # fmt: skip
_ONE_DIGIT = ("[1-6]", "[1-8]", "[2-9]", "[1-9]", "[1-7]", "[12]", "[01]", "[012]", "[09]")


def _loose(shape: str) -> str:
    """An expression in which every digit may be any, so that a shape of zeros fits."""
    for certain in _TWO_DIGITS:
        shape = shape.replace(certain, r"(?:\d\d)")
    for certain in _ONE_DIGIT:
        shape = shape.replace(certain, r"\d")
    return shape.replace("756", r"\d{3}").replace(r"9\d{2}", r"\d{3}")


_ZEROS = bytes(48 if 48 <= c <= 57 else c for c in range(256))
_shaped: dict[bytes, tuple[Checked, ...]] = {}


def shaped_like(written: bytes) -> tuple[Checked, ...]:
    """The national numbers that have this shape, whatever the digits; kept for each shape."""
    shape = written.translate(_ZEROS)
    found = _shaped.get(shape)
    if found is None:
        found = tuple(entry for entry in checked() if entry.loose.fullmatch(shape))
        if len(_shaped) < 10_000:
            _shaped[shape] = found
    return found


def _never_breaking(valid: Callable[[str], bool]) -> Callable[[str], bool]:
    def check(written: str) -> bool:
        try:
            return bool(valid(written))
        except (KeyError, IndexError, ValueError):  # a table of stdnum that lacks an entry, such as a county's
            return False

    return check


def _checked(official: Official) -> Checked:
    bare = official.bare or re.sub(r"(?<!\\)[ ]\??|\[ -\]|\\\.|-\??(?![^\[]*\])|/", "", official.written)
    valid = importlib.import_module(f"stdnum.{official.check or official.module}").is_valid

    def pattern(slug: str, tier: Tier, chance: float) -> Pattern:
        return Pattern(slug=slug, kind=Kind.NATIONAL_ID, tier=tier, chance=chance)

    # One in ten, in a format that hardly anything else has, is enough; three groups of four are as often years. Ours.
    strong = official.alone and official.chance <= 0.1 and official.module != "in_.aadhaar"
    formatted = official.module in ("us.ssn", "kr.rrn", "us.itin")
    return Checked(
        official=official,
        written=re.compile(official.written.encode()),
        bare=re.compile(bare.encode()),
        loose=re.compile(_loose(f"(?:{official.written})|(?:{bare})").encode()),
        words=tuple(word.encode() for word in official.words.split("|")),
        is_valid=_never_breaking(valid),
        spoken=pattern(f"{official.slug}-named", Tier.VALIDATED, official.chance if official.chance < 1 else 0.0),
        alone=pattern(official.slug, Tier.VALIDATED if strong or formatted else Tier.WEAK, official.chance),
        dated=pattern(f"{official.slug}-bare", Tier.WEAK, official.chance),
        by_region=pattern(
            f"{official.slug}-region", Tier.VALIDATED if official.chance <= 0.1 else Tier.WEAK, official.chance
        ),
        example=pattern(f"{official.slug}-example", Tier.EXAMPLE, 0.0),
    )
