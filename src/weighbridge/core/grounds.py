"""What a reason rests on, and the four grounds that carry none by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from weighbridge.core.wording import _


class Ground(StrEnum):
    """What a reason of a decision rests on."""

    EVIDENCE = "evidence"  # what was measured
    BENEFIT = "benefit"  # whom it serves
    HARM = "harm"  # whom it would hurt
    DEFENCE = "defence"  # whether the bad use can be countered
    DELAY = "delay"  # what keeping back buys
    CONSULTATION = "consultation"  # what people affected, or who know them, said
    REPRODUCTION = "reproduction"  # who needs to check or repeat it
    UNLAWFUL = "unlawful"  # the law forbids it
    RIGHT = "right"  # it is right, or wrong, whatever the law says
    PEERS = "peers"  # others do it
    LAWFUL = "lawful"  # nothing forbids it
    PRESS = "press"  # coverage, or a wish or demand of journalists
    GOVERNMENT = "government"  # a government wishes it

    @property
    def carries(self) -> bool:
        """Whether a decision may rest on it alone."""
        return self not in _WEAK


_WEAK = frozenset({Ground.PEERS, Ground.LAWFUL, Ground.PRESS, Ground.GOVERNMENT})


def why_too_weak(grounds: Iterable[Ground]) -> str:
    """Why reasons that rest on these alone are none; empty where one of them carries, or none was chosen."""
    chosen = tuple(dict.fromkeys(grounds))
    if not chosen or any(ground.carries for ground in chosen):
        return ""
    return " ".join(
        {
            Ground.PEERS: _("That everybody else does it is no reason: question your own effect."),
            Ground.LAWFUL: _("Obey the law; that it is lawful does not make it right."),
            Ground.PRESS: _(
                "Journalists do not decide: they have stories to sell, and lean to what is easier to tell."
            ),
            Ground.GOVERNMENT: _("Governments do not decide either: their aims are partly others than yours."),
        }[ground]
        for ground in chosen
    )
