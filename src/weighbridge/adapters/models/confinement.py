"""What a child does to itself before it runs anybody's code: limits, no privileges, no network.

Standard library only, so that nothing is loaded before the process is shut in.
"""

from __future__ import annotations

import ctypes
import os
import resource
import site
import struct
import sys
from dataclasses import dataclass

from weighbridge.adapters.models import landlock, seccomp

_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT, _AMBIENT, _CLEAR = 38, 1, 47, 4  # prctl
_SIGKILL = 9
_CAPABILITIES = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
# Of the system, what interpreters and libraries of numbers look at. Nothing of a user lies there.
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/proc/self", "/proc/cpuinfo", "/proc/meminfo",
    "/sys/devices/system/cpu", "/sys/devices/system/node", "/dev/urandom", "/dev/zero",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child may use."""

    memory_bytes: int  # of addresses, which is more than what it fills
    cpu_s: int
    file_bytes: int  # of one file
    folder_bytes: int  # of all that lies in its folder; looked at from outside, a few times a second


class Unconfined(Exception):
    """The child could not be shut in; nothing may run in it."""


def confine(folder: str, limits: Limits, *, landlocked: bool = True) -> bool:
    """Shut this process in for good. It must have one thread.

    Parameters
    ----------
    folder : where it may write
    landlocked : False leaves Landlock out, as if the kernel had none

    Returns
    -------
    Whether it is kept to its folder. Otherwise it can change no file at all, and can read what its user can read.

    Raises
    ------
    Unconfined
        Where the network cannot be taken from it.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    try:
        on = seccomp.machine()
        _limit(limits)
        kernel.prctl(_DIE_WITH_PARENT, _SIGKILL, 0, 0, 0)
        kernel.prctl(_AMBIENT, _CLEAR, 0, 0, 0)
        kernel.syscall(
            on.capset, struct.pack("Ii", _CAPABILITIES, 0), bytes(24)
        )  # none effective, permitted, inherited
        if kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise Unconfined("no_new_privs")
        kept = landlocked and landlock.restrict(readable(), (folder, "/dev/null"))
        seccomp.install(seccomp.program(on, pid=os.getpid(), may_write=kept), on)
    except (seccomp.NoFilter, OSError, ValueError) as error:
        raise Unconfined(str(error)) from error
    return kept


def readable() -> tuple[str, ...]:
    """The paths that an interpreter and its packages lie in, with what they look at in the system."""
    packages = [*sys.path, *site.getsitepackages(), sys.prefix, sys.base_prefix]
    return tuple(dict.fromkeys([*(path for path in packages if path), *_SYSTEM]))


def _limit(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
    ):
        _soft, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
