"""Which process this is, and whether another one on this machine still runs: proved by the kernel, never guessed.

A process number alone proves nothing, because numbers are used again. Together with the start of this boot, the
namespace that the number belongs to and the time the process started it names one process for ever.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_NAMESPACE = Path("/proc/self/ns/pid")
_STATE, _START_TIME = 0, 19  # fields of /proc/PID/stat, counted after the program's name in brackets
_ENDED = ("Z", "X")  # a process that has ended and whose parent has not asked yet


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessIdentity:
    """One process. `boot_id` is "" where the system does not name its boots: then nothing can be proved."""

    boot_id: str
    pid_namespace: str
    pid: int
    started_ticks: int  # clock ticks since the machine started

    def is_comparable(self, other: "ProcessIdentity") -> bool:
        """Return whether both live on one boot of one machine and number their processes together."""
        return bool(self.boot_id) and (self.boot_id, self.pid_namespace) == (other.boot_id, other.pid_namespace)


def identify_process() -> ProcessIdentity:
    """Return the identity of this process."""
    pid = os.getpid()
    try:
        boot_id = _BOOT_ID.read_text("ascii").strip()
        namespace = os.readlink(_PID_NAMESPACE)
        started_ticks = int(_read_stat(pid)[_START_TIME])
    except (OSError, ValueError, IndexError):  # no Linux, or a /proc that shows nothing
        return ProcessIdentity(boot_id="", pid_namespace="", pid=pid, started_ticks=0)
    return ProcessIdentity(boot_id=boot_id, pid_namespace=namespace, pid=pid, started_ticks=started_ticks)


def has_ended(identity: ProcessIdentity) -> bool:
    """Return True where it is certain that a process of this boot and namespace has ended."""
    try:
        os.kill(identity.pid, 0)  # sends nothing; asks also where /proc hides the processes of other users
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it is there, and another user's
    try:
        fields = _read_stat(identity.pid)
        return fields[_STATE] in _ENDED or int(fields[_START_TIME]) != identity.started_ticks
    except (OSError, ValueError, IndexError):
        return False


def _read_stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    return text.rpartition(")")[2].split()  # the program's name may hold blanks and brackets
