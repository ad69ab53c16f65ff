"""Pushes of a real release, through the real gate, to a real server on this machine."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.bundles import PEM, bundle_of
from fakes.decided import README, TABLE, Decided, decide_again, make_decided
from fakes.hub_server import TOKEN, Fault, HubState, hub_server
from weighbridge.adapters.formats.card_block import without
from weighbridge.core.bundle import opened
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Plain, digest_of_bytes
from weighbridge.core.errors import Differs, NotSettled, Outside, Unusable
from weighbridge.core.passage import Destination, Result
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.pushing import Gone, Pushing, push_path
from weighbridge.releasing import keyring, publishers
from weighbridge.wiring import Options, opened_ledger, weigh_path

pytestmark = pytest.mark.slow

TO = "hf:datasets/org/boxes"
RELEASED = {"boxes.csv", "README.md", "LICENSE"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    return make_decided(tmp_path_factory.mktemp("decided"))


@pytest.fixture
def made(original: Decided, tmp_path: Path) -> Decided:
    return original.copied(tmp_path)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubState]:
    with hub_server() as state:
        monkeypatch.setenv("HF_ENDPOINT", state.url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        yield state


def _push(made: Decided, to: str = TO, *components: Component, replaces: bool = False) -> Gone:
    return push_path(made.path, Pushing(to=to, components=components, replaces=replaces), made.options)


def _entries(made: Decided) -> list[dict[str, Plain]]:
    """What the ledger says of pushes, oldest first."""
    with opened_ledger(made.home) as ledger:
        ledger.verify()
        bodies = [e.body for e in ledger.entries("boxes") if e.kind is Kind.PASSAGE and isinstance(e.body, dict)]
    return [told for body in bodies if isinstance(told := body.get("push"), dict)]


def _states(made: Decided) -> list[Plain]:
    return [told["state"] for told in _entries(made)]


def _files(server: HubState) -> dict[str, bytes]:
    (repo,) = server.repos.values()
    return {label: data for label, (data, _) in repo.files.items() if label != ".gitattributes"}


def test_to_a_folder_go_the_released_files_and_nothing_else(made: Decided, tmp_path: Path) -> None:
    gone = _push(made, f"dir:{tmp_path / 'out'}")
    assert gone.pushed is not None
    assert gone.pushed.sent == 3
    assert {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*")} == RELEASED
    assert (tmp_path / "out" / "README.md").read_bytes() == README
    assert _states(made) == ["begun", "done"]
    assert str(tmp_path) not in str(_entries(made))
    assert _entries(made)[0]["manifest"] == _entries(made)[0]["decided"]
    again = _push(made, f"dir:{tmp_path / 'out'}")
    assert again.pushed is not None
    assert again.pushed.sent == 0
    assert _states(made) == ["begun", "done"]
    (tmp_path / "out" / "boxes.csv").write_text("other")
    with pytest.raises(NotSettled, match="not empty"):
        _push(made, f"dir:{tmp_path / 'out'}")


def test_to_the_hub_go_the_decided_bytes_and_a_card_with_its_block(made: Decided, server: HubState) -> None:
    gone = _push(made)
    assert gone.passage.destination is Destination.PUBLIC
    assert gone.pushed is not None
    files = _files(server)
    assert set(files) == RELEASED
    assert files["boxes.csv"] == TABLE.encode()
    assert without(files["README.md"]) == README
    card = files["README.md"].decode()
    assert f'decision: "{made.decision.digest}"' in card
    assert 'languages: ["en", "sw"]' in card
    assert 'signed: ["owner"]' in card
    assert "ann" not in card
    assert "bob" not in card
    assert server.seen == [("org/boxes", True, False)]
    assert not server.repos["dataset", "org/boxes"].private
    begun, done = _entries(made)
    assert (begun["state"], done["state"], begun["to"]) == ("begun", "done", TO)
    assert begun["made"] == [{"label": "README.md", "digest": digest_of_bytes(files["README.md"])}]
    assert begun["manifest"] == done["manifest"] == gone.pushed.load.manifest != begun["decided"]
    asked = len(server.asked)
    again = _push(made)
    assert again.pushed is not None
    assert again.pushed.sent == 0
    assert not [line for line in server.asked[asked:] if not line.startswith(("GET", "HEAD"))]
    assert _states(made) == ["begun", "done"]
    assert not [p for p in made.home.rglob("*") if p.is_file() and TOKEN.encode() in p.read_bytes()]


def test_what_was_decided_gated_is_asked_for_by_hand(made: Decided, server: HubState) -> None:
    again = decide_again(_fresh_key(made), Rung.GATED, conditions="not for war")
    assert _push(again).passage.destination is Destination.GATED
    repo = server.repos["dataset", "org/boxes"]
    assert (repo.private, repo.gated) == (False, "manual")
    card = _files(server)["README.md"]
    assert b'extra_gated_prompt: "Conditions of this release: not for war"' in card
    assert without(card) == README


def _fresh_key(made: Decided) -> Decided:
    assert keyring(made.options).entries()
    return made


def test_a_file_that_is_swapped_while_it_is_sent_is_not_what_is_sent(made: Decided, server: HubState) -> None:
    swapped: list[str] = []

    def swap(_line: str) -> None:
        if not swapped:  # the gate has let it through by now, and not a byte was sent
            (made.path / "boxes.csv").write_text("length,width\nevil,1\n")
            swapped.append("boxes.csv")

    server.hears = swap
    _push(made)
    assert swapped
    assert _files(server)["boxes.csv"] == TABLE.encode()
    asked = len(server.asked)
    after = _push(made)  # and afterwards it is refused
    assert (after.passage.result, after.pushed) == (Result.REFUSED, None)
    assert len(server.asked) == asked


def test_a_copy_that_is_swapped_while_it_is_sent_is_found_and_not_opened(made: Decided, server: HubState) -> None:
    """Nobody but its owner can write there; should they, what arrives is compared with what was decided on."""

    def swap(line: str) -> None:
        if "preupload" in line:
            for copy in made.home.glob("staging/*/copy/boxes/boxes.csv"):
                copy.chmod(0o600)
                copy.write_text("length,width\nevil,1\n")

    server.hears = swap
    with pytest.raises((Differs, Outside)):
        _push(made)
    assert server.repos["dataset", "org/boxes"].private
    assert _states(made) == ["begun"]


@pytest.mark.parametrize("label", ["boxes.csv", "LICENSE", "README.md"])
def test_one_changed_byte_is_refused_and_nothing_is_sent(made: Decided, server: HubState, label: str) -> None:
    data = (made.path / label).read_bytes()
    (made.path / label).write_bytes(bytes([data[0] ^ 1]) + data[1:])
    gone = _push(made)
    assert (gone.passage.result, gone.pushed) == (Result.REFUSED, None)
    assert server.asked == []
    assert _states(made) == []


def test_a_component_that_nobody_decided_on_does_not_leave(made: Decided, server: HubState) -> None:
    gone = _push(made, TO, Component.WEIGHTS)
    assert gone.pushed is None
    assert gone.passage.result is not Result.PASSES
    assert server.asked == []


@pytest.mark.parametrize("rung", [Rung.WITHHELD, Rung.SERVED])
def test_what_is_not_handed_out_does_not_leave(made: Decided, server: HubState, rung: Rung) -> None:
    gone = _push(decide_again(made, rung))
    assert (gone.passage.result, gone.pushed) == (Result.REFUSED, None)
    assert server.asked == []


def test_what_nobody_decided_on_does_not_leave(made: Decided, server: HubState, tmp_path: Path) -> None:
    gone = push_path(made.path, Pushing(to=TO, name="another"), made.options)
    assert (gone.passage.result, gone.pushed) == (Result.UNSETTLED, None)
    assert server.asked == []


def test_other_bytes_on_the_server_are_found_before_it_is_opened(made: Decided, server: HubState) -> None:
    server.spoils = "boxes.csv"
    with pytest.raises(Differs, match=r"boxes\.csv"):
        _push(made)
    assert server.repos["dataset", "org/boxes"].private
    assert _states(made) == ["begun"]


def test_a_push_that_broke_off_goes_on_and_sends_nothing_twice(made: Decided, server: HubState) -> None:
    server.faults = [Fault("POST", r"/api/datasets/.*/commit/main", 403)]
    with pytest.raises(Outside):
        _push(made)
    assert _states(made) == ["begun"]
    _push(made)
    assert _states(made) == ["begun", "begun", "done"]
    assert server.times(r"PUT /lfs/.*") == 1
    assert server.repos["dataset", "org/boxes"].commits == 2


def test_one_that_was_killed_after_its_bytes_arrived_commits_no_second_time(made: Decided, server: HubState) -> None:
    words = ["push", str(made.path), "--to", TO, "--home", str(made.home)]
    code = "import sys; from weighbridge.cli.push import command; command.main(sys.argv[1:], standalone_mode=False)"
    process = subprocess.Popen([sys.executable, "-c", code, *words[1:]], stdout=subprocess.DEVNULL)

    def kill(line: str) -> None:
        if re.search("commit/main", line):
            process.kill()

    server.hears = kill
    assert process.wait(60) == -9
    repo = server.repos["dataset", "org/boxes"]
    ends = time.monotonic() + 20
    while repo.commits < 2 and time.monotonic() < ends:  # what was under way arrives, in private
        time.sleep(0.05)
    assert (repo.commits, repo.private) == (2, True)
    assert _states(made) == ["begun"]
    server.hears = str
    _push(made)
    assert (repo.commits, repo.private) == (2, False)
    assert _states(made) == ["begun", "begun", "done"]
    assert list((made.home / "staging").iterdir()) == []


def test_files_of_others_there_are_left_alone_unless_they_are_to_go(made: Decided, server: HubState) -> None:
    _push(made)
    repo = server.repos["dataset", "org/boxes"]
    repo.files["old.csv"] = (b"old", False)
    with pytest.raises(NotSettled, match=r"old\.csv"):
        _push(made)
    gone = _push(made, replaces=True)
    assert gone.pushed is not None
    assert set(_files(server)) == RELEASED


@pytest.mark.parametrize("where", ["boxes", "boxes/out", "home", "home/decisions/out", "boxes/../home"])
def test_a_copy_goes_neither_into_the_candidate_nor_into_the_home(tmp_path: Path, where: str) -> None:
    (tmp_path / "boxes").mkdir()
    (tmp_path / "home").mkdir()
    with pytest.raises(Unusable, match="within the folder that is pushed, or within the home"):
        push_path(tmp_path / "boxes", Pushing(to=f"dir:{tmp_path / where}"), Options(home=tmp_path / "home"))


@pytest.mark.parametrize("to", ["", "boxes", "s3:bucket", "dir:", "hf:boxes", "hf:a/b/c"])
def test_what_names_no_place(made: Decided, to: str, server: HubState) -> None:
    with pytest.raises(Unusable, match="names no"):
        _push(made, to)


def test_no_token_is_said_before_anything_is_copied(made: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(Unusable, match="no token"):
        _push(made)
    assert not (made.home / "staging").exists()


def _with_bundle(to: Path, rung: Rung, *, conditions: str = "") -> Decided:
    """The release with a bundle of model-signing over all that leaves, by a publisher who is known."""
    made = make_decided(to)
    (made.path / "model.sig").write_bytes(bundle_of(made.path, sorted(RELEASED)))
    text = (made.path / "weighbridge.toml").read_text()
    entry = '[[artefact]]\nrole = "data"\npath = "model.sig"\nabout_people = false\n'
    (made.path / "weighbridge.toml").write_text(text + entry)
    weigh_path(made.path, made.options)
    publishers(made.options).add(PEM, "toys")
    return decide_again(made, rung, conditions=conditions)


def test_a_card_that_a_bundle_lists_goes_as_it_is(tmp_path: Path, server: HubState) -> None:
    made = _with_bundle(tmp_path, Rung.OPEN)
    gone = _push(made)
    assert gone.pushed is not None, gone.passage
    files = _files(server)
    assert files.keys() == {*RELEASED, "model.sig"}
    assert files["README.md"] == README
    listed = dict(opened(files["model.sig"]).files)
    assert all(digest_of_bytes(files[path]) == digest for path, digest in listed.items())
    assert _entries(made)[0]["manifest"] == _entries(made)[0]["decided"]


def test_where_the_card_must_bear_conditions_a_bundle_that_lists_it_holds_it_up(
    tmp_path: Path, server: HubState
) -> None:
    made = _with_bundle(tmp_path, Rung.GATED, conditions="tell us")
    with pytest.raises(Unusable, match="where access is gated"):
        _push(made)
    assert not server.repos
