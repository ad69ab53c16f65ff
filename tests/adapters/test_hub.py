from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.test_staging import _released
from fakes.hub_server import TOKEN, Fault, HubState, Repo, hub_server
from weighbridge.adapters.hub import Hub, HubPlace, Repository, _environment, hub, hub_token, repository
from weighbridge.adapters.staging import Staging, staged
from weighbridge.app.push import Shown
from weighbridge.core.canon import Digest
from weighbridge.core.errors import Outside, Unusable, WeighbridgeError
from weighbridge.core.passage import Destination

pytestmark = pytest.mark.slow  # a real server, a child per upload

LARGE = {"one.safetensors": b"1" * 4000, "two.safetensors": b"2" * 5000}
SMALL = {"README.md": b"---\nlicense: mit\n---\n# A\n", "deep/empty.txt": b"", "deep/é %20 b?.txt": b"x"}
DATA = {**LARGE, **SMALL}
TO = Repository(name="org/model", kind="model")


@pytest.fixture(scope="module")
def server() -> Iterator[HubState]:
    with hub_server() as state:
        yield state


@pytest.fixture
def state(server: HubState, monkeypatch: pytest.MonkeyPatch) -> HubState:
    fresh = HubState(url=server.url)
    for name, value in vars(fresh).items():
        setattr(server, name, value)
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # as loading models is kept, here and in the Makefile
    return server


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    root = tmp_path / "root"
    for label, data in DATA.items():
        (root / label).parent.mkdir(parents=True, exist_ok=True)
        (root / label).write_bytes(data)
    released = tuple(r for r in _released(**DATA) if r.label in DATA)
    with staged(root, released, home=tmp_path / "home", name="c") as made:
        yield made


@contextmanager
def _at(staging: Staging, to: Destination = Destination.PUBLIC, repo: Repository = TO) -> Iterator[HubPlace]:
    with hub(repo, TOKEN, below=staging.made.parent) as line:
        yield HubPlace(line, to, staging, staging.files)


def _digests(shown: Shown) -> dict[str, Digest | None]:
    return {file.label: file.digest for file in shown.files}


def _sent() -> dict[str, str]:
    return {label: "sha256:" + hashlib.sha256(data).hexdigest() for label, data in DATA.items()}


def test_sends_all_of_it_in_private_and_opens_it_only_then(state: HubState, staging: Staging) -> None:
    with _at(staging) as place:
        assert place.show() == Shown(files=(), is_let_in=False)
        place.send(tuple(DATA), ())
        shown = place.show()
        assert _digests(shown) == _sent()
        assert not shown.is_let_in
        assert state.seen == [("org/model", True, False)]
        place.let_in()
        assert place.show().is_let_in
    repo = state.repos["model", "org/model"]
    assert (repo.private, repo.gated) == (False, False)
    assert {label: data for label, (data, _) in repo.files.items() if label != ".gitattributes"} == DATA
    assert state.tokens == {TOKEN}
    assert not any("agent" in asked for asked in state.asked)
    assert not any("telemetry" in asked for asked in state.asked)


@pytest.mark.parametrize(
    ("to", "private", "gated"),
    [(Destination.PARTNERS, True, False), (Destination.GATED, False, "manual"), (Destination.PUBLIC, False, False)],
)
def test_access_is_as_it_was_decided(
    state: HubState, staging: Staging, to: Destination, private: bool, gated: str | bool
) -> None:
    with _at(staging, to) as place:
        place.send(("README.md",), ())
        place.let_in()
        assert place.show().is_let_in
    repo = state.repos["model", "org/model"]
    assert (repo.private, repo.gated) == (private, gated)


@pytest.mark.parametrize(
    ("to", "before", "while_it_arrives"),
    [
        (Destination.PARTNERS, Repo(private=False), (True, False)),
        (Destination.GATED, Repo(private=False), (False, "manual")),
        (Destination.GATED, Repo(private=False, gated="auto"), (False, "manual")),
        (Destination.GATED, Repo(private=True), (True, False)),
        (Destination.PUBLIC, Repo(private=False, gated="manual"), (False, "manual")),
    ],
)
def test_a_repository_that_is_too_open_is_narrowed_before_the_first_byte(
    state: HubState, staging: Staging, to: Destination, before: Repo, while_it_arrives: tuple[bool, str | bool]
) -> None:
    state.repos["model", "org/model"] = before
    with _at(staging, to) as place:
        assert not place.show().is_let_in
        place.send(("README.md",), ())
        assert state.seen == [("org/model", *while_it_arrives)]


def test_a_server_that_keeps_its_own_settings_is_told(state: HubState, staging: Staging) -> None:
    state.ignores_settings = True
    with _at(staging) as place:
        place.send(("README.md",), ())
        with pytest.raises(Outside, match="did not set the access"):
            place.let_in()


@pytest.mark.parametrize("label", ["one.safetensors", "README.md"])
def test_other_bytes_than_those_sent_are_seen(state: HubState, staging: Staging, label: str) -> None:
    state.spoils = label
    with _at(staging) as place:
        place.send(tuple(DATA), ())
        wrong = {name for name, digest in _digests(place.show()).items() if digest != _sent()[name]}
    assert wrong == {label}


def test_takes_out_what_it_is_told_to(state: HubState, staging: Staging) -> None:
    made = Repo(private=True)
    made.files["old.bin"] = (b"old", False)
    state.repos["model", "org/model"] = made
    with _at(staging) as place:
        assert set(_digests(place.show())) == {"old.bin"}
        place.send(tuple(DATA), ("old.bin",))
        assert _digests(place.show()) == _sent()


def test_a_data_set_has_a_repository_of_its_kind(state: HubState, staging: Staging) -> None:
    with _at(staging, repo=Repository(name="org/rows", kind="dataset")) as place:
        place.send(tuple(DATA), ())
        assert _digests(place.show()) == _sent()
    assert set(state.repos) == {("dataset", "org/rows")}


COMMIT, BATCH, PUT = r"/api/models/.*/commit/main", r".*/objects/batch", r"/lfs/.*"
FAULTS: dict[str, tuple[Fault, str]] = {
    "a token of nobody": (Fault("GET", r"/api/models/.*", 401), "does not let this token"),
    "a token that may not make one": (Fault("POST", "/api/repos/create", 403), "does not let this token"),
    "a token that may not write": (Fault("POST", COMMIT, 403), "does not let this token"),
    "somebody else at work": (Fault("POST", COMMIT, 409), "somebody else"),
    "a commit in between": (Fault("POST", COMMIT, 412), "somebody else"),
    "too many commits": (Fault("POST", COMMIT, 429, {"Retry-After": "1"}), "asks to wait"),
    "a server that is broken": (Fault("POST", COMMIT, 500), "status 500"),
    "a commit that is cut": (Fault("POST", COMMIT), "broke off"),
    "storage that is closed": (Fault("PUT", PUT, 403), "does not let this token"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "says"), FAULTS.values(), ids=FAULTS)
def test_what_the_hub_answers_is_told_without_its_words(
    state: HubState, staging: Staging, fault: Fault, says: str
) -> None:
    state.faults = [fault]
    with _at(staging) as place, pytest.raises(Outside, match=says) as caught:
        place.send(tuple(DATA), ())
    assert TOKEN not in str(caught.value)
    assert "injected" not in str(caught.value)
    assert caught.value.__cause__ is None
    # Nothing is open to anybody by that, and the same again goes through, with what has arrived not sent twice.
    assert all(repo.private for repo in state.repos.values())
    with _at(staging) as place:
        place.send(tuple(DATA), ())
        assert _digests(place.show()) == _sent()
    assert state.times("PUT /lfs/.*") == len(LARGE) + (1 if fault.method == "PUT" else 0)


PASSING: dict[str, Fault] = {
    "asked to wait": Fault("POST", BATCH, 429, {"Retry-After": "0"}),
    "broken for a moment": Fault("POST", BATCH, 500, times=2),
    "storage broken for a moment": Fault("PUT", PUT, 503),
    "cut in the middle of a file": Fault("PUT", PUT),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_waited_for(state: HubState, staging: Staging, fault: Fault) -> None:
    state.faults = [fault]
    with _at(staging) as place:
        place.send(tuple(DATA), ())
        assert _digests(place.show()) == _sent()
    assert fault.times == 0


def test_a_server_that_is_not_there(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with _at(staging) as place, pytest.raises(Outside, match="broke off"):
        place.show()


def test_a_process_that_ends_is_told(state: HubState, staging: Staging) -> None:
    with hub(TO, TOKEN, below=staging.made.parent) as line:
        line._process.kill()
        line._process.wait()
        with pytest.raises(Outside, match="broke off"):
            HubPlace(line, Destination.PUBLIC, staging, staging.files).show()
    assert state.asked == []


def test_the_process_ends_with_the_block_and_leaves_nothing(tmp_path: Path) -> None:
    with hub(TO, TOKEN, below=tmp_path) as line:
        process = line._process
        assert isinstance(line, Hub)
        assert len(list(tmp_path.iterdir())) == 1
    assert process.returncode is not None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [("org/name", "org/name", "model"), ("datasets/o-1/n.2_x", "o-1/n.2_x", "dataset"), ("models/o/n", "o/n", "model")],
)
def test_names_of_repositories(text: str, name: str, kind: str) -> None:
    assert repository(text) == Repository(name=name, kind=kind)
    assert repository(str(repository(text)).removeprefix("hf:")) == repository(text)


@pytest.mark.parametrize("text", ["", "name", "a/b/c", "../x", "o/n?x", "o/n\n", "spaces/o/n", "-o/n", "o/" + "n" * 97])
def test_what_names_no_repository(text: str) -> None:
    with pytest.raises(Unusable, match="names no repository"):
        repository(text)


def test_a_token_comes_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "WEIGHBRIDGE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WeighbridgeError, match="no token"):
        hub_token()
    monkeypatch.setenv("HF_TOKEN", " a ")
    assert hub_token() == "a"
    monkeypatch.setenv("WEIGHBRIDGE_HUB_TOKEN", "b")
    assert hub_token() == "b"


def test_the_process_gets_its_own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_HOME", "HF_DEBUG", "TRANSFORMERS_OFFLINE", "WEIGHBRIDGE_PASSPHRASE"):
        monkeypatch.setenv(name, "1")
    told = _environment("t", tmp_path)
    assert {
        name for name in told if name.startswith(("HF_HUB_OFFLINE", "HF_DEBUG", "TRANSFORMERS_OFFLINE", "WEIGH"))
    } == set()
    assert (told["HF_HOME"], told["HF_TOKEN"], told["HF_HUB_DISABLE_XET"]) == (str(tmp_path), "t", "1")
    assert told.get("PATH") == os.environ.get("PATH")


def test_no_file_of_the_folder_it_is_called_in_is_run(
    state: HubState, staging: Staging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "huggingface_hub.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert sys.executable
    with _at(staging) as place:
        assert place.show().files == ()
