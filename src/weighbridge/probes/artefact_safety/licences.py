"""Licences: what each allows, and how its text is recognised. Names are SPDX identifiers where there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

UNKNOWN = "unknown"
CLOSED = "all-rights-reserved"


class Trait(StrEnum):
    """What a licence asks of those who hand the work on."""

    DEDICATION = "dedication"  # gives up all rights: asks for nothing
    CREDIT = "credit"  # the makers must be named, the notice kept
    COPYLEFT = "copyleft"  # what holds it must be handed on as a whole under the same licence
    FILE_COPYLEFT = "file-copyleft"  # the same, for its own files only
    SHARE_ALIKE = "share-alike"  # what is adapted from it goes under the same licence
    NON_COMMERCIAL = "non-commercial"
    NO_DERIVATIVES = "no-derivatives"
    USE_RESTRICTED = "use-restricted"  # forbids uses, and must be handed on with these terms
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence. `family` joins versions and variants that may take each other's place."""

    name: str
    traits: frozenset[Trait]
    family: str


def _made(name: str, *traits: Trait, family: str = "") -> Licence:
    return Licence(name=name, traits=frozenset(traits), family=family or name)


def _creative_commons() -> tuple[Licence, ...]:
    parts = {
        "BY": (Trait.CREDIT,),
        "BY-SA": (Trait.CREDIT, Trait.SHARE_ALIKE),
        "BY-NC": (Trait.CREDIT, Trait.NON_COMMERCIAL),
        "BY-ND": (Trait.CREDIT, Trait.NO_DERIVATIVES),
        "BY-NC-SA": (Trait.CREDIT, Trait.NON_COMMERCIAL, Trait.SHARE_ALIKE),
        "BY-NC-ND": (Trait.CREDIT, Trait.NON_COMMERCIAL, Trait.NO_DERIVATIVES),
    }
    versions = ("1.0", "2.0", "2.5", "3.0", "4.0")
    return tuple(
        _made(f"CC-{part}-{v}", *traits, family=f"CC-{part}") for part, traits in parts.items() for v in versions
    )


_T = Trait
_ALL: tuple[Licence, ...] = (
    *(_made(n, _T.DEDICATION) for n in ("CC0-1.0", "PDDL-1.0", "Unlicense", "0BSD", "MIT-0", "WTFPL")),
    *(_made(n, _T.CREDIT) for n in ("MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause", "Zlib",
                                    "BSL-1.0", "AFL-3.0", "Artistic-2.0", "ECL-2.0", "NCSA", "PostgreSQL", "PSF-2.0",
                                    "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "ODC-By-1.0")),
    *(_made(n, _T.CREDIT, _T.FILE_COPYLEFT) for n in ("MPL-2.0", "EPL-1.0", "EPL-2.0", "CDDL-1.0")),
    *(_made(f"LGPL-{v}{tail}", _T.CREDIT, _T.FILE_COPYLEFT, family="LGPL")
      for v in ("2.1", "3.0") for tail in ("", "-only", "-or-later")),
    *(_made(f"GPL-{v}{tail}", _T.CREDIT, _T.COPYLEFT, family="GPL")
      for v in ("2.0", "3.0") for tail in ("", "-only", "-or-later")),
    *(_made(f"AGPL-3.0{tail}", _T.CREDIT, _T.COPYLEFT, family="AGPL") for tail in ("", "-only", "-or-later")),
    *(_made(n, _T.CREDIT, _T.COPYLEFT) for n in ("EUPL-1.1", "EUPL-1.2", "OSL-3.0")),
    *(_made(n, _T.CREDIT, _T.SHARE_ALIKE) for n in ("ODbL-1.0", "GFDL-1.3", "CDLA-Sharing-1.0")),
    *_creative_commons(),
    *(_made(n, _T.CREDIT, _T.USE_RESTRICTED, family="RAIL")
      for n in ("OpenRAIL", "CreativeML-OpenRAIL-M", "CreativeML-OpenRAIL++", "BigScience-OpenRAIL-M",
                "BigScience-BLOOM-RAIL-1.0", "BigCode-OpenRAIL-M")),
    *(_made(n, _T.CREDIT, _T.USE_RESTRICTED, family="Llama")
      for n in ("Llama-2", "Llama-3", "Llama-3.1", "Llama-3.2", "Llama-3.3", "Llama-4")),
    _made("Gemma", _T.CREDIT, _T.USE_RESTRICTED),
    _made(CLOSED, _T.CLOSED),
)  # fmt: skip
LICENCES = {licence.name: licence for licence in _ALL}

_SPOKEN = {
    "apache": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache2": "Apache-2.0",
    "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0", "mit license": "MIT", "the mit license": "MIT", "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause", "gpl": "GPL-3.0", "gplv2": "GPL-2.0", "gplv3": "GPL-3.0",
    "gpl-2.0+": "GPL-2.0-or-later", "gpl-3.0+": "GPL-3.0-or-later", "lgpl": "LGPL-3.0", "lgplv3": "LGPL-3.0",
    "lgpl-lr": "LGPL-3.0", "agplv3": "AGPL-3.0", "cc0": "CC0-1.0", "pddl": "PDDL-1.0", "odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0", "gfdl": "GFDL-1.3", "openrail-m": "OpenRAIL",
    "creativeml-openrail-m": "CreativeML-OpenRAIL-M", "openrail++": "CreativeML-OpenRAIL++",
    "bigscience-openrail-m": "BigScience-OpenRAIL-M", "bigcode-openrail-m": "BigCode-OpenRAIL-M",
    "llama2": "Llama-2", "llama3": "Llama-3", "llama3.1": "Llama-3.1", "llama3.2": "Llama-3.2",
    "llama3.3": "Llama-3.3", "llama4": "Llama-4", "cc-by-4": "CC-BY-4.0", "cc-by": "CC-BY-4.0",
    "cc-by-sa": "CC-BY-SA-4.0", "cc-by-nc": "CC-BY-NC-4.0", "cc-by-nc-sa": "CC-BY-NC-SA-4.0",
    "cc-by-nc-nd": "CC-BY-NC-ND-4.0", "cc-by-nd": "CC-BY-ND-4.0", "proprietary": CLOSED, "unlicensed": CLOSED,
    "all rights reserved": CLOSED, "other": UNKNOWN,
}  # fmt: skip
_NAMES = {name.lower(): name for name in LICENCES} | _SPOKEN


def named(identifier: str) -> str:
    """The name of the licence that this identifier means, as SPDX, model hubs or people write it; else `UNKNOWN`."""
    key = identifier.strip().strip("\"'()").lower().replace("_", "-")
    return _NAMES.get(key) or _NAMES.get(key.replace(" ", "-")) or UNKNOWN


@dataclass(frozen=True, slots=True)
class _Print:
    name: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...] = ()


_PERMIT = "permission is hereby granted free of charge to any person obtaining a copy"
_BSD = "redistribution and use in source and binary forms"
_ISC = "permission to use copy modify and or distribute this software for any purpose with or without fee"
# In this order, the more particular first. All phrases are from the licences' own titles and first grants.
_PRINTS: tuple[_Print, ...] = (
    _Print("AGPL-3.0", ("gnu affero general public license version 3 19 november 2007",)),
    _Print("LGPL-3.0", ("gnu lesser general public license version 3 29 june 2007",)),
    _Print("LGPL-2.1", ("gnu lesser general public license version 2 1 february 1999",)),
    _Print("GPL-3.0", ("gnu general public license version 3 29 june 2007",)),
    _Print("GPL-2.0", ("gnu general public license version 2 june 1991",)),
    _Print("GFDL-1.3", ("gnu free documentation license version 1 3",)),
    _Print("MPL-2.0", ("mozilla public license version 2 0",)),
    _Print("EPL-2.0", ("eclipse public license v 2 0",)),
    _Print("EUPL-1.2", ("european union public licence v 1 2",)),
    _Print("Llama-4", ("llama 4 community license agreement",)),
    _Print("Llama-3.3", ("llama 3 3 community license agreement",)),
    _Print("Llama-3.2", ("llama 3 2 community license agreement",)),
    _Print("Llama-3.1", ("llama 3 1 community license agreement",)),
    _Print("Llama-3", ("llama 3 community license agreement",)),
    _Print("Llama-2", ("llama 2 community license agreement",)),
    _Print("Gemma", ("gemma terms of use",)),
    _Print("BigScience-BLOOM-RAIL-1.0", ("bigscience rail license",)),
    _Print("BigScience-OpenRAIL-M", ("bigscience openrail m",)),
    _Print("BigCode-OpenRAIL-M", ("bigcode", "openrail m")),
    _Print("CreativeML-OpenRAIL++", ("creativeml open rail m",)),
    _Print("CreativeML-OpenRAIL-M", ("creativeml openrail m",)),
    _Print("OpenRAIL", ("open rail",)),
    _Print("OpenRAIL", ("openrail",)),
    _Print("ODbL-1.0", ("open database license odbl",)),
    _Print("ODbL-1.0", ("odc open database license",)),
    _Print("PDDL-1.0", ("public domain dedication", "pddl")),
    _Print("ODC-By-1.0", ("open data commons attribution license",)),
    _Print("CDLA-Sharing-1.0", ("community data license agreement sharing",)),
    _Print("CDLA-Permissive-2.0", ("community data license agreement permissive version 2 0",)),
    _Print("CC0-1.0", ("cc0 1 0 universal",)),
    _Print("Apache-2.0", ("apache license version 2 0",)),
    _Print("Unlicense", ("this is free and unencumbered software released into the public domain",)),
    _Print("MIT", (_PERMIT, "shall be included in all copies or substantial portions")),
    _Print("MIT-0", (_PERMIT,)),
    _Print("BSD-4-Clause", (_BSD, "all advertising materials")),
    _Print("BSD-3-Clause", (_BSD, "neither the name")),
    _Print("BSD-2-Clause", (_BSD,)),
    _Print("ISC", (_ISC, "provided that the above copyright notice")),
    _Print("0BSD", (_ISC,)),
    _Print(CLOSED, ("all rights reserved",), lacks=("permission", "licensed under", "license", "licence")),
    _Print(CLOSED, ("proprietary", "confidential")),
)  # fmt: skip
_CC = re.compile(
    r"attribution( non ?commercial)?( share ?alike| no ?(?:derivs|derivatives)(?: works)?)?"
    r" (?:licen[cs]e )?([1-4] [05])\b"
)
_CC_ADDRESS = re.compile(r"creativecommons\.org/licenses/(by(?:-nc)?(?:-sa|-nd)?)/(\d\.\d)", re.IGNORECASE)
_CC0_ADDRESS = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0", re.IGNORECASE)


def recognised(text: str) -> str:
    """The licence that a text is, or is the notice of; else `UNKNOWN`."""
    words = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
    for known in _PRINTS:
        if all(phrase in words for phrase in known.holds) and not any(phrase in words for phrase in known.lacks):
            return known.name
    return _creative_commons_in(text, words)


def _creative_commons_in(text: str, words: str) -> str:
    if address := _CC_ADDRESS.search(text):
        return named(f"cc-{address[1]}-{address[2]}")
    if _CC0_ADDRESS.search(text):
        return "CC0-1.0"
    title = _CC.search(words)
    if title is None or "creative commons" not in words:
        return UNKNOWN
    part = "by" + ("-nc" if title[1] else "")
    part += "" if not title[2] else "-sa" if "share" in title[2] else "-nd"
    return named(f"cc-{part}-{title[3].replace(' ', '.')}")
