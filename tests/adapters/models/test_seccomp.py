from __future__ import annotations

import errno
import platform
import struct

import pytest

from weighbridge.adapters.models import seccomp
from weighbridge.adapters.models.seccomp import ALLOW, ERRNO, KILL, MACHINES, Machine, NoFilter, program

PID = 4711
DENIED = ERRNO | errno.EPERM
ABSENT = ERRNO | errno.ENOSYS


def _run(instructions: seccomp.Program, number: int, audit: int, arguments: tuple[int, ...] = ()) -> int:
    """What the kernel would answer: the few instructions that the filter is made of, followed."""
    data = struct.pack("<IIQ6Q", number, audit, 0, *[a & (1 << 64) - 1 for a in (*arguments, *[0] * 6)[:6]])
    held, place = 0, 0
    while True:
        code, yes, no, value = instructions[place]
        place += 1
        match code:
            case 0x20:
                held = struct.unpack_from("<I", data, value)[0]
            case 0x15:
                place += yes if held == value else no
            case 0x35:
                place += yes if held >= value else no
            case 0x45:
                place += yes if held & value else no
            case 0x06:
                return value
            case _:
                raise AssertionError(code)


@pytest.fixture(params=sorted(MACHINES))
def on(request: pytest.FixtureRequest) -> Machine:
    return MACHINES[request.param]


def _answer(on: Machine, pair: tuple[int, int], *arguments: int, may_write: bool = True) -> int:
    made = program(on, pid=PID, may_write=may_write)
    assert len(made) < 4096  # the kernel takes no more
    return _run(made, pair[on.column], on.audit, arguments)


@pytest.mark.parametrize(
    "call",
    ["socket", "socketpair", "connect", "sendto", "sendmsg", "bind", "io_uring_setup", "ptrace", "process_vm_readv",
     "process_vm_writev", "execve", "execveat", "fork", "vfork", "setsid", "unshare", "setns", "mount", "bpf",
     "pidfd_getfd", "keyctl", "memfd_create", "shmget", "chmod", "fchmodat", "fchownat", "setrlimit", "tkill"],
)  # fmt: skip
def test_what_is_refused(on: Machine, call: str) -> None:
    every = {
        **seccomp._NETWORK, **seccomp._PROCESSES, **seccomp._SYSTEM, **seccomp._MEMORY, **seccomp._ATTRIBUTES,
    }  # fmt: skip
    if every[call][on.column] >= 0:
        assert _answer(on, every[call]) == DENIED


def test_no_two_names_have_one_number() -> None:
    tables = (
        seccomp._NETWORK, seccomp._PROCESSES, seccomp._SYSTEM, seccomp._MEMORY, seccomp._ATTRIBUTES, seccomp._CHANGES,
        seccomp._ABSENT,
    )  # fmt: skip
    for column in (0, 1):
        numbers = [pair[column] for table in tables for pair in table.values() if pair[column] >= 0]
        assert len(set(numbers)) == len(numbers)


def test_what_every_program_needs_is_allowed(on: Machine) -> None:
    read, write, mmap, futex = (0, 63), (1, 64), (9, 222), (202, 98)
    for pair in (read, write, mmap, futex):
        assert _answer(on, pair) == ALLOW


def test_threads_are_started_and_processes_are_not(on: Machine) -> None:
    assert _answer(on, seccomp._CLONE, 0x003D0F00) == ALLOW  # what pthread_create asks for
    assert _answer(on, seccomp._CLONE, 17) == DENIED  # SIGCHLD: a fork
    assert _answer(on, seccomp._ABSENT["clone3"]) == ABSENT  # so that clone is tried


def test_only_itself_can_be_signalled(on: Machine) -> None:
    for call in (seccomp._KILL_CALL, seccomp._TGKILL):
        assert _answer(on, call, PID, 6) == ALLOW
        for other in (1, 0, -1, -PID, PID + 1):
            assert _answer(on, call, other, 9) == DENIED


def test_limits_can_be_read_and_not_set(on: Machine) -> None:
    assert _answer(on, seccomp._PRLIMIT, 0, 9, 0) == ALLOW
    assert _answer(on, seccomp._PRLIMIT, 0, 9, 0x7FFE00001000) == DENIED
    assert _answer(on, seccomp._PRLIMIT, 0, 9, 0x700000000) == DENIED  # an address whose low word is 0


def test_without_landlock_nothing_can_be_changed(on: Machine) -> None:
    for name, (*pair, argument) in seccomp._OPENS.items():
        if pair[on.column] < 0:
            continue
        numbers = (pair[0], pair[1])
        for flags in (1, 2, 0o101, 0o1000):
            arguments = [0] * argument + [flags]
            assert _answer(on, numbers, *arguments) == ALLOW, name
            assert _answer(on, numbers, *arguments, may_write=False) == DENIED, name
        assert _answer(on, numbers, *[0] * argument, 0o2000000, may_write=False) == ALLOW
    for pair2 in seccomp._CHANGES.values():
        if pair2[on.column] >= 0:
            assert _answer(on, pair2, may_write=False) == DENIED


def test_other_numberings_end_the_process(on: Machine) -> None:
    made = program(on, pid=PID, may_write=True)
    assert _run(made, 0, 0x40000003) == KILL  # i386
    assert _run(made, 41 | 0x40000000, on.audit) == KILL  # x32


def test_calls_of_later_kernels_are_not_there(on: Machine) -> None:
    assert _answer(on, (463, 463)) == ABSENT
    assert _answer(on, (10_000, 10_000)) == ABSENT


@pytest.mark.parametrize(("system", "kind"), [("Linux", "riscv64"), ("Darwin", "aarch64"), ("Windows", "x86_64")])
def test_machines_that_are_not_known(monkeypatch: pytest.MonkeyPatch, system: str, kind: str) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: kind)
    with pytest.raises(NoFilter):
        seccomp.machine()
