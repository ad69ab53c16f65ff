"""Keep a process to some folders: Linux's Landlock. Standard library only.

References
----------
Linux kernel documentation, userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_VERSION, _BENEATH = 1, 1  # LANDLOCK_CREATE_RULESET_VERSION, LANDLOCK_RULE_PATH_BENEATH

_EXECUTE, _WRITE, _READ, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _DEVICE = 1 << 14, 1 << 15
_KNOWN = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}  # bits by version
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _DEVICE
_TO_READ = _READ | _READ_FOLDER
_NO_TCP = 0b11  # binding and connecting, from version 4
_NO_OTHERS = 0b11  # abstract sockets of others and signals to others, from version 6


def version() -> int:
    """Landlock's version in this kernel, 0 where it has none."""
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, 0, _VERSION)))


def restrict(read: Iterable[str], write: Iterable[str]) -> bool:
    """Let this thread, and those it starts, read below some paths and write below others, and nothing else.

    Paths that are not there are passed over. The process must already be without new privileges.

    Returns
    -------
    Whether it is so now; False where the kernel has no Landlock or refuses.
    """
    there = version()
    if not there:
        return False
    known = _KNOWN[min(there, max(_KNOWN))]
    attributes = [known, *([_NO_TCP] if there >= 4 else []), *([_NO_OTHERS] if there >= 6 else [])]
    kernel = ctypes.CDLL(None, use_errno=True)
    rules = kernel.syscall(_CREATE, struct.pack(f"{len(attributes)}Q", *attributes), 8 * len(attributes), 0)
    if rules < 0:
        return False
    try:
        added = [_allow(kernel, rules, path, _TO_READ & known) for path in read]
        added += [_allow(kernel, rules, path, known & ~_EXECUTE) for path in write]
        return all(added) and int(kernel.syscall(_RESTRICT, rules, 0)) == 0
    finally:
        os.close(rules)


def _allow(kernel: ctypes.CDLL, rules: int, path: str, access: int) -> bool:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no rule
        return True
    try:
        allowed = access if os.path.isdir(path) else access & _OF_FILES  # noqa: PTH112  a child imports no more than it must
        return int(kernel.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", allowed, place), 0)) == 0
    finally:
        os.close(place)
