"""Identifies this process, and finds out whether another one on this machine still runs. The kernel proves
it.

A process number alone proves nothing, because numbers are used again. Together with the boot, the namespace
of the number and the start time of the process, it identifies one process permanently.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_NAMESPACE = Path("/proc/self/ns/pid")
_STATE, _START_TIME = 0, 19  # fields of /proc/PID/stat, counted after the name of the program in brackets
_ENDED = ("Z", "X")  # a process that has ended and whose parent has not read its status


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessIdentity:
    """One process. `boot_id` is "" if the system does not identify boots: then nothing can be proved."""

    boot_id: str
    pid_namespace: str
    pid: int
    started_ticks: int  # clock ticks since the machine started

    def is_comparable(self, other: "ProcessIdentity") -> bool:
        """Return whether both run in the same boot of a machine and the same process namespace."""
        return bool(self.boot_id) and (self.boot_id, self.pid_namespace) == (
            other.boot_id,
            other.pid_namespace,
        )


def identify_process() -> ProcessIdentity:
    """Return the identity of this process."""
    pid = os.getpid()
    try:
        boot_id = _BOOT_ID.read_text("ascii").strip()
        namespace = os.readlink(_PID_NAMESPACE)
        started_ticks = int(_read_stat(pid)[_START_TIME])
    except (OSError, ValueError, IndexError):  # not Linux, or an empty /proc
        return ProcessIdentity(boot_id="", pid_namespace="", pid=pid, started_ticks=0)
    return ProcessIdentity(boot_id=boot_id, pid_namespace=namespace, pid=pid, started_ticks=started_ticks)


def has_ended(identity: ProcessIdentity) -> bool:
    """Return True if a process of this boot and namespace has certainly ended."""
    try:
        os.kill(identity.pid, 0)  # sends no signal; works also if /proc hides the processes of other users
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it exists and belongs to another user
    try:
        fields = _read_stat(identity.pid)
        return fields[_STATE] in _ENDED or int(fields[_START_TIME]) != identity.started_ticks
    except (OSError, ValueError, IndexError):
        return False


def _read_stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    return text.rpartition(")")[2].split()  # the program's name may contain spaces and brackets
