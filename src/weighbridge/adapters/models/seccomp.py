"""A filter of system calls that leaves a process no network, no other process, and no say over one.

Standard library only.

The kernel runs it on each call of the process and of its threads, and nothing can take it off again. What is refused
fails with "operation not permitted"; what a later kernel adds is refused as if it were not there; calls in another
machine's numbering end the process.

References
----------
Linux kernel documentation, userspace-api/seccomp_filter.rst; numbers: arch/x86/entry/syscalls/syscall_64.tbl,
include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS, JEQ, JGE, JSET, RET|K
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # places in struct seccomp_data
_X32 = 0x40000000
_FIRST_UNKNOWN = 463  # one above mseal, the last call that was looked at
_CLONE_THREAD = 0x00010000
_SET_FILTER, _ALL_THREADS = 1, 1  # SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC
# O_WRONLY, O_RDWR, O_CREAT and O_TRUNC, the same on both machines.
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A processor's numbering of system calls."""

    audit: int  # AUDIT_ARCH_...
    column: int  # in the tables below
    seccomp: int
    capset: int


MACHINES = {
    "x86_64": Machine(audit=0xC000003E, column=0, seccomp=317, capset=126),
    "aarch64": Machine(audit=0xC00000B7, column=1, seccomp=277, capset=91),
}

# Name: number on x86_64, on aarch64; -1 where the machine has no such call.
_NETWORK = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "bind": (49, 200), "listen": (50, 201), "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211),
    "recvmsg": (47, 212), "sendmmsg": (307, 269), "recvmmsg": (299, 243),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
_PROCESSES = {
    "fork": (57, -1), "vfork": (58, -1), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "kcmp": (312, 272), "setsid": (112, 157), "setpgid": (109, 154),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "setrlimit": (160, 164),
}  # fmt: skip
_SYSTEM = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "quotactl": (179, 60),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "syslog": (103, 116), "modify_ldt": (154, -1),
}  # fmt: skip
# Memory that no limit on the process counts, and that may outlive it.
_MEMORY = {
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
}  # fmt: skip
# Changes to files that Landlock does not watch.
_ATTRIBUTES = {
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1),
    "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "utime": (132, -1), "utimes": (235, -1), "futimesat": (261, -1), "utimensat": (280, 88),
}  # fmt: skip
# What else changes files; refused where there is no Landlock to keep it to one folder.
_CHANGES = {
    "creat": (85, -1), "truncate": (76, 45), "rename": (82, -1), "renameat": (264, 38), "renameat2": (316, 276),
    "link": (86, -1), "linkat": (265, 37), "symlink": (88, -1), "symlinkat": (266, 36), "unlink": (87, -1),
    "unlinkat": (263, 35), "mkdir": (83, -1), "mkdirat": (258, 34), "rmdir": (84, -1), "mknod": (133, -1),
    "mknodat": (259, 33),
}  # fmt: skip
_ABSENT = {"clone3": (435, 435), "openat2": (437, 437)}  # their arguments lie where no filter can look
_OPENS = {"open": (2, -1, 1), "openat": (257, 56, 2)}  # and which argument holds the flags
_CLONE, _KILL_CALL, _TGKILL, _PRLIMIT = (56, 220), (62, 129), (234, 131), (302, 261)

Program = list[tuple[int, int, int, int]]


class NoFilter(Exception):
    """The kernel takes no filter, or the machine is none of those known here."""


def machine() -> Machine:
    """The numbering of the machine that this runs on.

    Raises
    ------
    NoFilter
        Where it is not known, or the process uses another numbering than the machine's own.
    """
    found = MACHINES.get(platform.machine())
    if found is None or struct.calcsize("P") != 8 or platform.system() != "Linux":
        raise NoFilter(f"{platform.system()} {platform.machine()}")
    return found


def program(on: Machine, *, pid: int, may_write: bool) -> Program:
    """The filter's instructions: code, jump if true, jump if false, value.

    Parameters
    ----------
    pid : of the process itself, the only one that it may signal
    may_write : whether files may be changed at all
    """
    denied = {**_NETWORK, **_PROCESSES, **_SYSTEM, **_MEMORY, **_ATTRIBUTES, **({} if may_write else _CHANGES)}
    made: Program = [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, on.audit), (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, KILL),
        (_AT_LEAST, 0, 1, _FIRST_UNKNOWN), (_RETURN, 0, 0, ERRNO | errno.ENOSYS),
    ]  # fmt: skip
    for numbers, answer in ((denied, errno.EPERM), (_ABSENT, errno.ENOSYS)):
        for pair in numbers.values():
            if pair[on.column] >= 0:
                made += [(_EQUAL, 0, 1, pair[on.column]), (_RETURN, 0, 0, ERRNO | answer)]
    made += _unless(_CLONE[on.column], 0, (_ANY_BIT, _CLONE_THREAD))  # a thread, but no process
    made += _unless(_KILL_CALL[on.column], 0, (_EQUAL, pid))
    made += _unless(_TGKILL[on.column], 0, (_EQUAL, pid))
    made += _unless(_PRLIMIT[on.column], 2, (_EQUAL, 0), both_words=True)  # limits may be read, not set
    for *places, argument in () if may_write else _OPENS.values():
        if places[on.column] >= 0:
            made += _if_any_bit(places[on.column], argument, _WRITES)
    return [*made, (_RETURN, 0, 0, ALLOW)]


def install(instructions: Program, on: Machine) -> None:
    """Put the filter on this process and all of its threads; it must already be without new privileges.

    Raises
    ------
    NoFilter
        Where the kernel refuses it.
    """
    packed = b"".join(struct.pack("HBBI", *one) for one in instructions)
    held = ctypes.create_string_buffer(packed, len(packed))
    head = struct.pack("HxxxxxxP", len(instructions), ctypes.addressof(held))
    kernel = ctypes.CDLL(None, use_errno=True)
    answer = kernel.syscall(on.seccomp, _SET_FILTER, _ALL_THREADS, head)
    if answer != 0:
        raise NoFilter(os.strerror(ctypes.get_errno()))
    if kernel.socket(1, 1, 0) >= 0 or ctypes.get_errno() != errno.EPERM:  # AF_UNIX, SOCK_STREAM: even that
        raise NoFilter("a socket could be opened under it")


def _argument(n: int, *, high: bool = False) -> int:
    """Where a word of an argument lies; both machines put the low one first."""
    return _ARGUMENTS + 8 * n + (4 if high else 0)


def _unless(number: int, argument: int, test: tuple[int, int], *, both_words: bool = False) -> Program:
    """Refuse this call unless its argument passes the test."""
    code, value = test
    checks: Program = [(_LOAD, 0, 0, _argument(argument)), (code, 0, 2 if both_words else 0, value)]
    if both_words:
        checks += [(_LOAD, 0, 0, _argument(argument, high=True)), (code, 1, 0, value)]
    else:
        checks[-1] = (code, 1, 0, value)
    body: Program = [*checks, (_RETURN, 0, 0, ERRNO | errno.EPERM), (_RETURN, 0, 0, ALLOW)]
    return [(_EQUAL, 0, len(body), number), *body]


def _if_any_bit(number: int, argument: int, bits: int) -> Program:
    """Refuse this call if its argument has any of these bits."""
    body: Program = [
        (_LOAD, 0, 0, _argument(argument)), (_ANY_BIT, 0, 1, bits), (_RETURN, 0, 0, ERRNO | errno.EPERM),
        (_RETURN, 0, 0, ALLOW),
    ]  # fmt: skip
    return [(_EQUAL, 0, len(body), number), *body]
