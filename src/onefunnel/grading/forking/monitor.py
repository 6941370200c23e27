"""One kernel: set its bounds, fork it, watch it, say how it ended.

The asker's connection carries one JSON line there ({"run", "cwd", "argv", "env", "limits"}) and lines back:
{"ready": true}, then {"ended": signal or exit code, "why", "peak_bytes", "cpu_seconds"}. Later bytes from the asker are
signal numbers. When the connection closes, the kernel is killed: no kernel outlives who asked for it, no process
outlives its kernel.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from onefunnel.grading.forking import system

SAMPLE_SECONDS = 0.1
SOCKETS = "ipc"  # the subfolder of a run's folder that both sides see
READY = b"ready"
PIECE_BYTES = 500_000
_PAGE = resource.getpagesize()
_TICK = os.sysconf("SC_CLK_TCK")


def watch(connection: socket.socket, isolate: bool, user: int | None, readable: list[str]) -> None:
    """Serve one request to its end. `readable`: the folders that the box shows."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked = json.loads(connection.makefile("rb").readline())
    ready, say_ready = os.pipe()
    if isolate:
        system.leave_namespaces()
    else:
        system.adopt_orphans()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(ready)
            connection.close()
            _become_kernel(asked, isolate, user, readable, say_ready)
        except BaseException as error:
            with contextlib.suppress(OSError):  # once it was ready nobody listens
                os.write(say_ready, f"{type(error).__name__}: {error}".encode()[:500])
        os._exit(70)
    os.close(say_ready)
    why = ""
    try:
        why = _watch(connection, pid, ready, asked, isolate)
    finally:
        _kill(pid, isolate)
        _, status, used = os.wait4(pid, 0)
        _kill_orphans(isolate)
    ended = {
        "ended": os.waitstatus_to_exitcode(status),
        "why": why,
        "peak_bytes": used.ru_maxrss * 1024,
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }
    with contextlib.suppress(OSError):
        _say(connection, ended)


def _watch(connection: socket.socket, pid: int, ready: int, asked: dict[str, Any], isolate: bool) -> str:
    """Wait until the kernel ends or has to. Returns why it has to: "", "wall", "cpu" or "memory"."""
    limits, started = asked["limits"], time.monotonic()
    kernel = os.pidfd_open(pid)
    waiting = {connection.fileno(): "asker", kernel: "kernel", ready: "ready"}
    while True:
        found, _, _ = select.select(list(waiting), [], [], SAMPLE_SECONDS)
        events = {waiting[one] for one in found}
        if "ready" in events:
            del waiting[ready]
            said = os.read(ready, 500)
            if said not in (b"", READY):
                return f"could not start: {said.decode(errors='replace')}"
            if said:
                if isolate:  # the sockets are bound; nobody may fill the disk by way of their folder
                    sockets = str(Path(asked["run"], SOCKETS))
                    flags = system.REMOUNT | system.BIND | system.READ_ONLY | system.NOSUID | system.NODEV
                    system.mount("none", sockets, flags=flags)
                _say(connection, {"ready": True})
        if "kernel" in events:
            return ""
        if "asker" in events:
            said = connection.recv(64)
            if not said:
                return "left"
            for number in said:
                signal.pidfd_send_signal(kernel, number)
        if time.monotonic() - started > limits["wall_seconds"]:
            return "wall"
        if not found:
            memory, cpu = _usage(isolate)
            if memory > limits["memory_bytes"]:
                return "memory"
            if cpu > limits["cpu_seconds"]:
                return "cpu"


def _become_kernel(asked: dict[str, Any], isolate: bool, user: int | None, readable: list[str], say_ready: int) -> None:
    """In the child: shut the doors, then be an ordinary IPython kernel."""
    os.setsid()
    limits, run = asked["limits"], asked["run"]
    if isolate:
        _own_file_system(run, limits["disk_bytes"], user, readable)
    _bound(limits, isolate)
    if isolate:
        system.drop_privileges(user)
    system.die_with_parent()
    _only_these_files_open(say_ready)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    _be_kernel(asked["argv"], say_ready)


def _own_file_system(run: str, size: int, user: int | None, readable: list[str]) -> None:
    """A /proc of its own, and of all folders that can be written to only bounded copies in memory."""
    system.mount("proc", "/proc", "proc", system.NOSUID | system.NODEV)
    hidden = [folder for folder in ("/tmp", "/dev/shm", str(Path(run).parent)) if folder not in readable]
    outside = os.open(run, os.O_PATH | os.O_DIRECTORY)
    seen = f"/proc/self/fd/{outside}"
    kept = {folder: os.open(folder, os.O_PATH) for folder in readable if folder.startswith("/tmp/")}
    bounded = f"size={size},nr_inodes=20000,mode=1777"
    for folder in hidden:
        if Path(folder).is_dir():  # a run's parent below /tmp is gone by then
            system.mount("tmpfs", folder, "tmpfs", system.NOSUID | system.NODEV, bounded)
    for folder, handle in kept.items():  # Python itself may lie there
        Path(folder).mkdir(mode=0o755, parents=True, exist_ok=True)
        system.mount(f"/proc/self/fd/{handle}", folder, flags=system.BIND)
        flags = system.REMOUNT | system.BIND | system.READ_ONLY | system.NOSUID | system.NODEV
        system.mount("none", folder, flags=flags)
        os.close(handle)
    shutil.copytree(seen, run, symlinks=True, ignore=shutil.ignore_patterns(SOCKETS))
    sockets = str(Path(run, SOCKETS))
    os.mkdir(sockets)  # noqa: PTH102
    system.mount(f"{seen}/{SOCKETS}", sockets, flags=system.BIND)
    os.close(outside)
    if user is not None:
        for folder, folders, files in os.walk(run):
            for name in [".", *folders, *files]:
                os.chown(Path(folder, name), user, user, follow_symlinks=False)


def _bound(limits: dict[str, Any], isolate: bool) -> None:
    """Limits of the system, each a process's own; the sum over a run's processes is sampled."""
    set_limit = resource.setrlimit
    cpu = max(1, int(limits["cpu_seconds"]) + 1)
    set_limit(resource.RLIMIT_CPU, (cpu, cpu))
    set_limit(resource.RLIMIT_CORE, (0, 0))
    set_limit(resource.RLIMIT_FSIZE, (limits["disk_bytes"], limits["disk_bytes"]))
    # Address space is far more than memory: threads, mapped libraries and what came with the fork count too.
    space = limits["memory_bytes"] + 3_000_000_000
    set_limit(resource.RLIMIT_AS, (space, space))
    if isolate:  # outside a box this would count all that the lead's account runs
        set_limit(resource.RLIMIT_NPROC, (limits["processes"], limits["processes"]))


def _only_these_files_open(keep: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, 4096)


def _be_kernel(argv: list[str], say_ready: int) -> None:
    sys.argv = ["ipykernel_launcher", *argv]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(argv)
    for stream in (sys.stdout, sys.stderr):
        _send_in_pieces(stream)
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if inline:  # imported before the fork, it met no shell to draw for
        inline._enable_matplotlib_integration()
    os.write(say_ready, READY)
    os.close(say_ready)
    app.start()
    os._exit(0)


def _send_in_pieces(stream: Any) -> None:
    """Let who counts the output see it as it comes. ipykernel packs what a fifth of a second brings: gigabytes."""
    write, waiting = stream.write, 0

    def write_and_send(text: str) -> int | None:
        nonlocal waiting
        written = write(text)
        waiting += len(text)
        if waiting > PIECE_BYTES:
            waiting = 0
            stream.flush()
        return written

    stream.write = write_and_send


def _usage(isolate: bool) -> tuple[int, float]:
    """Memory (each shared page once) in bytes and CPU in seconds over all processes of the run."""
    memory, cpu = 0, 0.0
    for pid in _run_processes(isolate):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            cpu += sum(map(int, fields[11:15])) / _TICK  # own time and that of children who ended
            memory += _proportional(pid, int(fields[21]) * _PAGE)
        except (OSError, ValueError, IndexError):
            continue  # gone meanwhile
    return memory, cpu


def _proportional(pid: str, resident: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return resident


def _run_processes(isolate: bool) -> list[str]:
    if isolate:  # this /proc shows the run's processes and no others
        return [one.name for one in Path("/proc").iterdir() if one.name.isdigit()]
    found, left = [], [str(os.getpid())]
    while left:
        one = left.pop()
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
            found += children
            left += children
    return found


def _kill(pid: int, isolate: bool) -> None:
    if isolate:  # process 1 of its namespace takes all others with it
        os.kill(pid, signal.SIGKILL)
    else:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _kill_orphans(isolate: bool) -> None:
    if isolate:
        return
    while found := _run_processes(isolate=False):
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.005)


def _say(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")
