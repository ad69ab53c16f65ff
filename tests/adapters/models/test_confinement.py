from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.models.sandboxed import in_child
from weighbridge.adapters.models import landlock, seccomp
from weighbridge.adapters.models.confinement import readable

try:
    seccomp.machine()
except seccomp.NoFilter:
    pytest.skip("no seccomp filter is known for this machine", allow_module_level=True)


@pytest.fixture(params=[True, False], ids=["landlock", "without"])
def landlocked(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


def test_no_way_leads_to_a_server(tmp_path: Path, landlocked: bool, listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    code = f"""
import socket, ctypes
kernel = ctypes.CDLL(None, use_errno=True)
print(tried(lambda: socket.create_connection(("127.0.0.1", {port}))), tried(lambda: socket.socket(socket.AF_UNIX)),
      tried(socket.socketpair), kernel.syscall(425, 8, ctypes.create_string_buffer(256)), kernel.socket(17, 3, 0))
"""
    assert in_child(code, tmp_path, landlocked=landlocked) == "PermissionError PermissionError PermissionError -1 -1"
    with pytest.raises(TimeoutError):
        listening.accept()


def test_no_other_process(tmp_path: Path, landlocked: bool) -> None:
    code = f"""
import os, subprocess, threading
seen = []
thread = threading.Thread(target=seen.append, args=(1,)); thread.start(); thread.join()
print(tried(os.fork), tried(lambda: subprocess.run(["true"])), tried(lambda: os.execv("/bin/true", ["true"])),
      tried(lambda: os.kill({os.getpid()}, 0)), tried(lambda: os.kill(0, 0)), tried(lambda: os.kill(os.getpid(), 0)),
      tried(os.setsid), seen)
"""
    refused = " ".join(["PermissionError"] * 5)
    assert in_child(code, tmp_path, landlocked=landlocked) == f"{refused} done PermissionError [1]"


def test_limits_stay(tmp_path: Path) -> None:
    code = """
import resource
print(resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CORE),
      tried(lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))), tried(lambda: bytearray(1 << 32)),
      tried(lambda: open("big", "wb").write(bytes(1 << 21))))
"""
    told = in_child(code, tmp_path)
    assert told == f"({1 << 31}, {1 << 31}) (0, 0) ValueError MemoryError OSError"


@pytest.mark.skipif(landlock.version() == 0, reason="the kernel has no Landlock")
def test_only_its_own_folder_is_open(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (other / "a.txt").write_text("secret")
    code = f"""
import os, sys
from pathlib import Path
own, other = Path({str(own)!r}), Path({str(other)!r})
print(tried(lambda: (own / "new").write_text("x")), tried(lambda: (own / "new").read_text()),
      tried(lambda: os.rename(own / "new", other / "new")), tried(lambda: (other / "a.txt").read_text()),
      tried(lambda: (other / "a.txt").write_text("x")), tried(lambda: os.unlink(other / "a.txt")),
      tried(lambda: os.chmod(other / "a.txt", 0)), tried(lambda: os.listdir(other)), tried(lambda: os.listdir("/etc")),
      tried(lambda: Path("/proc/{os.getpid()}/environ").read_bytes()), tried(lambda: __import__("decimal")))
"""
    told = in_child(code, own).split()
    assert told[:2] == ["done", "done"]
    assert set(told[2:-1]) <= {"PermissionError", "OSError"}
    assert told[-1] == "done"
    assert (other / "a.txt").read_text() == "secret"


def test_without_landlock_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("kept")
    code = """
import os
from pathlib import Path
print(tried(lambda: Path("new").write_text("x")), tried(lambda: Path("a.txt").write_text("x")),
      tried(lambda: os.rename("a.txt", "b.txt")), tried(lambda: os.unlink("a.txt")), tried(lambda: os.mkdir("d")),
      tried(lambda: os.symlink("a.txt", "c")), tried(lambda: os.truncate("a.txt", 0)), Path("a.txt").read_text())
"""
    told = in_child(code, tmp_path, landlocked=False)
    assert told == " ".join(["PermissionError"] * 7) + " kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_what_may_be_read_holds_the_interpreter_and_no_home() -> None:
    paths = readable()
    assert any(Path(os.__file__).is_relative_to(path) for path in paths)
    assert "/" not in paths
    assert str(Path.home()) not in paths
