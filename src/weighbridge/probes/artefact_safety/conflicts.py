"""Which licence of a part stands against the licence of the whole. Not legal advice: a table of what the texts say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from weighbridge.probes.artefact_safety.licences import LICENCES, Licence, Trait, named

_CC4, _GNU = "https://creativecommons.org/licenses/", "https://www.gnu.org/licenses/license-list.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way in which two licences do not go together."""

    slug: str
    clashes: Callable[[Licence, Licence], bool]  # of the part, of the whole
    source: str


def _gnu(version: str) -> frozenset[str]:
    return frozenset(f"{version}{tail}" for tail in ("", "-only", "-or-later"))


# What may hold the whole where a part is copyleft. A version without "-only" means "or later": in doubt, no conflict.
_SUCCESSORS: dict[str, frozenset[str]] = {
    "GPL-2.0-only": frozenset({"GPL-2.0-only", "GPL-2.0"}),
    **dict.fromkeys(("GPL-2.0", "GPL-2.0-or-later"), _gnu("GPL-2.0") | _gnu("GPL-3.0") | _gnu("AGPL-3.0")),
    **dict.fromkeys(_gnu("GPL-3.0"), _gnu("GPL-3.0") | _gnu("AGPL-3.0")),
    **dict.fromkeys(_gnu("AGPL-3.0"), _gnu("AGPL-3.0")),
    "EUPL-1.1": frozenset({"EUPL-1.1", "EUPL-1.2"}) | _gnu("GPL-2.0"),
    "EUPL-1.2": frozenset({"EUPL-1.2"}) | _gnu("GPL-2.0") | _gnu("GPL-3.0") | _gnu("AGPL-3.0"),
    "CC-BY-SA-4.0": frozenset({"CC-BY-SA-4.0"}) | _gnu("GPL-3.0"),
}


def _versions_from(part: Licence, whole: Licence) -> bool:
    """Whether the whole has the part's Creative Commons licence, in the same version or a later one."""
    return part.family == whole.family and part.name.startswith("CC-") and whole.name >= part.name


def _is_same(part: Licence, whole: Licence) -> bool:
    return part.name == whole.name or _versions_from(part, whole)


def _not_commercial(part: Licence, whole: Licence) -> bool:
    return Trait.NON_COMMERCIAL in part.traits and Trait.NON_COMMERCIAL not in whole.traits


def _not_derived(part: Licence, whole: Licence) -> bool:
    return Trait.NO_DERIVATIVES in part.traits and not _is_same(part, whole)


def _must_stay(part: Licence, whole: Licence) -> bool:
    binding = part.traits & {Trait.COPYLEFT, Trait.SHARE_ALIKE}
    return bool(binding) and not _is_same(part, whole) and whole.name not in _SUCCESSORS.get(part.name, frozenset())


def _keeps_terms(part: Licence, whole: Licence) -> bool:
    return Trait.USE_RESTRICTED in part.traits and part.family != whole.family


def _is_closed(part: Licence, whole: Licence) -> bool:
    return Trait.CLOSED in part.traits and Trait.CLOSED not in whole.traits


def _wants_credit(part: Licence, whole: Licence) -> bool:
    return Trait.CREDIT in part.traits and Trait.DEDICATION in whole.traits


def _patents(part: Licence, whole: Licence) -> bool:
    return part.name == "Apache-2.0" and whole.name == "GPL-2.0-only"


RULES: tuple[Rule, ...] = (
    Rule(slug="non-commercial", clashes=_not_commercial, source=_CC4 + "by-nc/4.0/legalcode section 2(a)(1)"),
    Rule(slug="no-derivatives", clashes=_not_derived, source=_CC4 + "by-nd/4.0/legalcode section 2(a)(1)(B)"),
    Rule(slug="same-licence", clashes=_must_stay,
         source=_CC4 + "by-sa/4.0/legalcode section 3(b); GNU GPL 3 section 5(c); Open Database License section 4.4"),
    Rule(slug="terms-of-use", clashes=_keeps_terms,
         source="CreativeML OpenRAIL-M sections 4 and 5; Llama 2 Community License 1(b); Gemma Terms of Use 3.1"),
    Rule(slug="closed", clashes=_is_closed,
         source="Berne Convention articles 9 and 12: without licence no right to hand on"),
    Rule(slug="credit", clashes=_wants_credit,
         source=_CC4 + "by/4.0/legalcode section 3(a); MIT and Apache 2.0 section 4"),
    Rule(slug="patents", clashes=_patents, source=_GNU + "#apache2"),
)  # fmt: skip
_FOR_BASE = Rule(
    slug="file-copyleft-base",
    clashes=lambda part, whole: Trait.FILE_COPYLEFT in part.traits and part.family != whole.family,
    source="Mozilla Public License 2.0 section 3.2; GNU LGPL 3 section 4: changed versions of the work itself keep it",
)


def conflict(part: str, whole: str, *, is_base: bool = False) -> str | None:
    """The slug of the first rule by which a part's licence stands against the whole's; None where none does, or may.

    Both are SPDX expressions. A choice in the part is taken as it suits; of a whole that joins several licences with
    AND, one that goes with the part is enough; a whole that offers a choice must be able to keep every offer.
    What is not a licence we know stands against nothing.
    """
    rules = (*RULES, _FOR_BASE) if is_base else RULES
    offers = [[_clash(part, one, rules) for one in joined] for joined in _alternatives(whole)]
    unmet = [clashes[0] for clashes in offers if clashes and all(clash is not None for clash in clashes)]
    return unmet[0] if unmet else None


def _clash(part: str, whole: str, rules: tuple[Rule, ...]) -> str | None:
    found = [[_first(one, whole, rules) for one in joined] for joined in _alternatives(part)]
    choices = [next((slug for slug in joined if slug), None) for joined in found]
    return choices[0] if choices and all(choices) else None


def _first(part: str, whole: str, rules: tuple[Rule, ...]) -> str | None:
    one, other = LICENCES.get(part), LICENCES.get(whole)
    if one is None or other is None or one == other:
        return None
    return next((rule.slug for rule in rules if rule.clashes(one, other)), None)


def _alternatives(expression: str) -> list[list[str]]:
    """An SPDX expression as alternatives of joined licences; brackets are not looked into."""
    plain = re.sub(r"(?i)\s+with\s+[\w.-]+", "", expression)
    return [[named(one) for one in re.split(r"(?i)\s+and\s+", joined)] for joined in re.split(r"(?i)\s+or\s+", plain)]
