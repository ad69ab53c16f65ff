"""What a reason argues from, and the four arguments that carry no decision by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from weighbridge.core.wording import _


class Argument(StrEnum):
    """What a reason of a decision argues from."""

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


_WEAK = frozenset({Argument.PEERS, Argument.LAWFUL, Argument.PRESS, Argument.GOVERNMENT})


def why_too_weak(arguments: Iterable[Argument]) -> str:
    """Why reasons that argue from these alone are none; empty where one of them carries, or none was chosen."""
    chosen = tuple(dict.fromkeys(arguments))
    if not chosen or any(argument.carries for argument in chosen):
        return ""
    return " ".join(
        {
            Argument.PEERS: _("That everybody else does it is no reason: question your own effect."),
            Argument.LAWFUL: _("Obey the law; that it is lawful does not make it right."),
            Argument.PRESS: _(
                "Journalists do not decide: they have stories to sell, and lean to what is easier to tell."
            ),
            Argument.GOVERNMENT: _("Governments do not decide either: their aims are partly others than yours."),
        }[argument]
        for argument in chosen
    )
