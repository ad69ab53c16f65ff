"""A server that speaks the Hub's upload protocol as `huggingface_hub` 2.4 sends it: what it asks, byte for byte stored.

It was written by running that library against it, request by request: create, settings, preupload, LFS batch, upload,
verify, commit, tree, resolve. Faults are injected by the place where they strike. It refuses what it does not know, so
that a version of the library that asks for something else is noticed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_a_token_for_tests"  # noqa: S105  nobody's
LARGE = 1000  # files from this size on are kept by their sha256, as the Hub keeps those of 10 MB


@dataclass
class Fault:
    """What strikes a request, once for each of `times`."""

    method: str
    path: str  # a regular expression
    status: int = 0  # 0: the connection is cut in the middle
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1


@dataclass
class Repo:
    """One repository: its settings and the files at its head; every commit has a number."""

    private: bool
    gated: str | bool = False
    files: dict[str, tuple[bytes, bool]] = field(default_factory=dict)  # bytes, and whether kept by sha256
    commits: int = 1

    @property
    def head(self) -> str:
        return f"{self.commits:040x}"


@dataclass
class HubState:
    """All that the server knows, and all that it was asked."""

    repos: dict[tuple[str, str], Repo] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)  # by sha256
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # "METHOD path"
    seen: list[tuple[str, bool, str | bool]] = field(default_factory=list)  # at each commit: access as it was
    tokens: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    spoils: str = ""  # the file of this name is kept with other bytes
    ignores_settings: bool = False
    hears: Callable[[str], object] = str  # called with each request before it is served
    url: str = ""

    def times(self, pattern: str) -> int:
        """How many requests were of this kind."""
        return sum(re.fullmatch(pattern, line) is not None for line in self.asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: HubState

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_HEAD(self) -> None:
        self._serve("HEAD")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def _serve(self, method: str) -> None:
        path = unquote(urlsplit(self.path).path)
        state = self.state
        state.asked.append(f"{method} {path}")
        state.hears(f"{method} {path}")
        state.agents.add(self.headers.get("User-Agent", ""))
        if (said := self.headers.get("Authorization", "")) and not path.startswith("/lfs/"):
            state.tokens.add(said.removeprefix("Bearer "))
        fault = next((f for f in state.faults if f.times and f.method == method and re.fullmatch(f.path, path)), None)
        if fault is not None:
            fault.times -= 1
            if not fault.status:
                self.rfile.read(10)
                self.close_connection = True
                self.connection.close()
                return
        body = self._body()
        if fault is not None:
            self._tell(fault.status, {"error": f"injected, and {TOKEN} is no part of it"}, fault.headers)
            return
        if said != f"Bearer {TOKEN}" and not path.startswith("/lfs/"):
            self._tell(401, {"error": "Invalid username or password."})
            return
        for pattern, act in _ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                getattr(self, f"_{act}")(body, **found.groupdict())
                return
        self._tell(501, {"error": f"not in the contract: {method} {path}"})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            pieces = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _tell(self, status: int, told: Any = None, headers: dict[str, str] | None = None, data: bytes = b"") -> None:
        data = data if told is None else json.dumps(told).encode()
        given = {"Content-Length": str(len(data)), "Content-Type": "application/json", **(headers or {})}
        self.send_response(status)
        for name, text in given.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _repo(self, kind: str, repo: str) -> Repo | None:
        found = self.state.repos.get((kind, repo))
        if found is None:
            self._tell(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
        return found

    def _post_create(self, body: bytes) -> None:
        asked = json.loads(body)
        kind, name = asked.get("type", "model"), f"{asked['organization']}/{asked['name']}"
        if (kind, name) in self.state.repos:
            self._tell(409, {"error": "You already created this model repo"})
            return
        made = Repo(private=asked.get("visibility") == "private" or asked.get("private") is True)
        made.files[".gitattributes"] = (b"*.safetensors filter=lfs\n", False)
        self.state.repos[kind, name] = made
        self._tell(200, {"url": f"{self.state.url}/{name}"})

    def _get_info(self, _body: bytes, kind: str, repo: str, revision: str = "") -> None:
        if found := self._repo(kind, repo):
            told = {
                "id": repo, "modelId": repo, "sha": found.head, "private": found.private, "gated": found.gated,
                "tags": [], "downloads": 0, "likes": 0, "disabled": False,
                "siblings": [{"rfilename": path} for path in sorted(found.files)],
            }  # fmt: skip
            self._tell(200, told)

    def _put_settings(self, body: bytes, kind: str, repo: str) -> None:
        if found := self._repo(kind, repo):
            asked = json.loads(body)
            if not self.state.ignores_settings:
                found.gated = asked.get("gated", found.gated)
                if "visibility" in asked:
                    found.private = asked["visibility"] == "private"
            self._tell(200, {"private": found.private, "gated": found.gated})

    def _post_yaml(self, body: bytes) -> None:
        from huggingface_hub import ModelCard

        try:
            ModelCard(json.loads(body)["content"])
        except Exception:  # noqa: BLE001  whatever a reader of YAML raises
            self._tell(400, {"errors": [{"message": "bad"}], "warnings": []})
            return
        self._tell(200, {"errors": [], "warnings": []})

    def _post_preupload(self, body: bytes, kind: str, repo: str) -> None:
        if self._repo(kind, repo):
            rows = [
                {
                    "path": file["path"],
                    "uploadMode": "lfs" if file["size"] >= LARGE else "regular",
                    "shouldIgnore": False,
                }
                for file in json.loads(body)["files"]
            ]
            self._tell(200, {"files": rows})

    def _post_batch(self, body: bytes, repo: str, prefix: str | None) -> None:
        rows: list[dict[str, Any]] = []
        for item in json.loads(body)["objects"]:
            row: dict[str, Any] = {"oid": item["oid"], "size": item["size"]}
            if item["oid"] not in self.state.stored:
                row["actions"] = {
                    "upload": {"href": f"{self.state.url}/lfs/{item['oid']}"},
                    "verify": {"href": f"{self.state.url}/{repo}.git/info/lfs/verify"},
                }
            rows.append(row)
        self._tell(200, {"transfer": "basic", "objects": rows})

    def _put_object(self, body: bytes, oid: str) -> None:
        self.state.stored[oid] = body
        self._tell(200, data=b"")

    def _post_verify(self, body: bytes, repo: str, prefix: str | None) -> None:
        asked = json.loads(body)
        data = self.state.stored.get(asked["oid"], b"")
        self._tell(200 if hashlib.sha256(data).hexdigest() == asked["oid"] else 422, {})

    def _post_commit(self, body: bytes, kind: str, repo: str, revision: str) -> None:
        found = self._repo(kind, repo)
        if found is None:
            return
        lines = [json.loads(line) for line in body.splitlines()]
        if lines[0]["value"].get("parentCommit") not in (None, found.head):
            self._tell(412, {"error": "A commit has happened since. Please refresh and try again."})
            return
        self.state.seen.append((repo, found.private, found.gated))
        for line in lines[1:]:
            self._apply(found, line["key"], line["value"])
        found.commits += 1
        told = {"commitUrl": f"{self.state.url}/{repo}/commit/{found.head}", "commitOid": found.head}
        self._tell(200, told)

    def _apply(self, repo: Repo, key: str, value: dict[str, Any]) -> None:
        if key == "deletedFile":
            del repo.files[value["path"]]
            return
        data = base64.b64decode(value["content"]) if key == "file" else self.state.stored[value["oid"]]
        if value["path"] == self.state.spoils:
            data = bytes([data[0] ^ 1]) + data[1:]
        repo.files[value["path"]] = (data, key == "lfsFile")

    def _get_tree(self, _body: bytes, kind: str, repo: str, revision: str) -> None:
        if found := self._repo(kind, repo):
            assert revision == found.head
            rows: list[dict[str, Any]] = [
                {"type": "directory", "path": folder, "oid": "0" * 40, "size": 0}
                for folder in sorted({path.rpartition("/")[0] for path in found.files if "/" in path})
            ]
            for path, (data, is_large) in sorted(found.files.items()):
                row: dict[str, Any] = {"type": "file", "path": path, "size": len(data), "oid": _git_oid(data)}
                if is_large:
                    row["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
                rows.append(row)
            self._tell(200, rows)

    def _get_resolve(self, _body: bytes, repo: str, revision: str, path: str, prefix: str | None) -> None:
        found = self._repo("dataset" if prefix else "model", repo)
        if found is not None:
            data, _ = found.files[path]
            headers = {"ETag": f'"{_git_oid(data)}"', "X-Repo-Commit": revision, "Content-Type": "text/plain"}
            self._tell(200, headers=headers, data=data)

    _head_resolve = _get_resolve


def _git_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


_REPO = r"(?P<repo>[\w.-]+/[\w.-]+)"
_API = rf"/api/(?P<kind>model|dataset)s/{_REPO}"
_ROUTES = (
    (r"POST /api/repos/create", "post_create"),
    (rf"GET {_API}", "get_info"),
    (rf"GET {_API}/revision/(?P<revision>[^/]+)", "get_info"),
    (rf"PUT {_API}/settings", "put_settings"),
    (r"POST /api/validate-yaml", "post_yaml"),
    (rf"POST {_API}/preupload/main", "post_preupload"),
    (rf"POST /(?P<prefix>datasets/)?{_REPO}\.git/info/lfs/objects/batch", "post_batch"),
    (r"PUT /lfs/(?P<oid>[0-9a-f]{64})", "put_object"),
    (rf"POST /(?P<prefix>datasets/)?{_REPO}\.git/info/lfs/verify", "post_verify"),
    (rf"POST {_API}/commit/(?P<revision>main)", "post_commit"),
    (rf"GET {_API}/tree/(?P<revision>[0-9a-f]{{40}})", "get_tree"),
    (rf"GET /(?P<prefix>datasets/)?{_REPO}/resolve/(?P<revision>[0-9a-f]{{40}})/(?P<path>.+)", "get_resolve"),
    (rf"HEAD /(?P<prefix>datasets/)?{_REPO}/resolve/(?P<revision>[0-9a-f]{{40}})/(?P<path>.+)", "head_resolve"),
)


@contextmanager
def hub_server() -> Iterator[HubState]:
    """The server on a port of its own, and what it knows."""
    state = HubState()
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
