"""A pytest fixture: a release that the gate does not let through fails the tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from weighbridge.core.passage import Passage


class WeighbridgeGate(Protocol):
    """What `weighbridge_gate` gives: call it with what is to leave and where it is to go."""

    def __call__(  # noqa: PLR0913  the options of the command
        self,
        path: Path | str,
        to: str = "public",
        *,
        components: tuple[str, ...] = (),
        name: str = "",
        leave_evidence: bool = False,
        home: Path | str | None = None,
        policy: Path | str | None = None,
    ) -> Passage:
        """The passage, where the gate lets it through; else the test fails with every check that does not pass."""
        ...  # fmt: skip


@pytest.fixture
def weighbridge_gate() -> WeighbridgeGate:
    """Assert that what lies at a path may go to a destination today.

    Each call is a passage in the ledger, as of `weighbridge gate`. The home is `WEIGHBRIDGE_HOME`, else `.weighbridge`
    below the folder that pytest runs in.
    """
    return _gate


def _gate(  # noqa: PLR0913  the options of the command
    path: Path | str,
    to: str = "public",
    *,
    components: tuple[str, ...] = (),
    name: str = "",
    leave_evidence: bool = False,
    home: Path | str | None = None,
    policy: Path | str | None = None,
) -> Passage:
    # Imported here: pytest loads the plugin in every run, and hardly any asks for it.
    from weighbridge.core.candidate import Component
    from weighbridge.core.errors import WeighbridgeError
    from weighbridge.core.passage import Destination, Result
    from weighbridge.releasing import Passing, gate_path
    from weighbridge.report.passage import render_passage
    from weighbridge.wiring import Options

    asked = Passing(
        destination=Destination(to), components=tuple(Component(one) for one in components), name=name,
        leave_evidence=leave_evidence,
    )  # fmt: skip
    options = Options(home=Path(home) if home else None, policy=Path(policy) if policy else None)
    try:
        passage = gate_path(Path(path), asked, options)
    except WeighbridgeError as error:
        pytest.fail(str(error), pytrace=False)
    if passage.result is not Result.PASSES:
        pytest.fail(render_passage(passage, style="table", path=str(path)), pytrace=False)
    return passage
