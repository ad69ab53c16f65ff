"""LinguaMeta: speakers, names and scripts of some 7,500 languages.

References
----------
Ritchie et al. 2024, LinguaMeta: Unified Metadata for Thousands of Languages, LREC-COLING; CC BY-SA 4.0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from weighbridge.adapters.languages.files import Folder
from weighbridge.adapters.languages.tags import canonical, language_of

_COLUMNS = ("bcp_47_code", "english_name", "estimated_number_of_speakers", "writing_systems", "is_macrolanguage")
_GROUP = "macrolanguage_bcp_47_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lingua:
    """What LinguaMeta says, by canonical tag."""

    names: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    speakers: dict[str, int] = field(default_factory=dict)  # of the language itself, else of its macrolanguage
    of_group: frozenset[str] = frozenset()  # languages whose figure is that of the whole macrolanguage
    groups: dict[str, str] = field(default_factory=dict)  # member to macrolanguage
    total: int = 0  # speaker-instances, no macrolanguage counted twice

    def instances(self, tags: frozenset[str]) -> int:
        """Speaker-instances of these languages; a member is not added to a macrolanguage that is counted whole."""
        whole = self.of_group & tags
        return sum(self.speakers.get(tag, 0) for tag in tags if tag in whole or self.groups.get(tag) not in whole)


def read_linguameta(folder: Folder) -> Lingua | None:
    """LinguaMeta's table, if the folder has it."""
    sheet = folder.with_columns(*_COLUMNS)
    if sheet is None:
        return None
    made = Lingua()
    own: dict[str, int] = {}
    whole: dict[str, int] = {}
    for row in sheet.rows:
        tag = canonical(row["bcp_47_code"])  # with its region, where the code is that of a regional variety
        if not tag:
            continue
        figure, is_whole = row["estimated_number_of_speakers"], row["is_macrolanguage"] == "True"
        if figure.isdecimal():
            (whole if is_whole else own)[tag] = int(figure)
        if row["bcp_47_code"] == tag or tag not in made.names:
            made.names[tag] = row["english_name"]
            made.scripts[tag] = tuple(part.strip() for part in row["writing_systems"].split(",") if part.strip())
        group = language_of(row.get(_GROUP, ""))
        if group and group != tag:
            made.groups[tag] = group
    return Lingua(
        names=made.names, scripts=made.scripts, speakers={**whole, **own}, groups=made.groups,
        of_group=frozenset(whole.keys() - own.keys()), total=_total(own, whole, made.groups),
    )  # fmt: skip


def _total(own: dict[str, int], whole: dict[str, int], groups: dict[str, str]) -> int:
    """All speaker-instances: of each macrolanguage either its own figure or its members', whichever is more."""
    members: dict[str, int] = {}
    alone = 0
    for tag, n in own.items():
        group = groups.get(tag, tag if tag in whole else "")
        if group:
            members[group] = members.get(group, 0) + n
        else:
            alone += n
    return alone + sum(max(members.get(group, 0), whole.get(group, 0)) for group in members.keys() | whole.keys())
