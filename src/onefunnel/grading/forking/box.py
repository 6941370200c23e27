"""Start the warm process: inside bubblewrap where it works, else in the open.

In the box there is no network, no environment of the lead, and of the file system only what Python, the kernel and the
lessons' library need. Each kernel gets its own, still smaller view from its monitor.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from onefunnel.home import home

SUPPORTED = sys.platform == "linux"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "mime.types", "alternatives")
# What a root fork server needs to give every kernel its own view and another user's rights; kernels keep none of it.
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "CHOWN", "DAC_OVERRIDE", "KILL", "SYS_PTRACE")


@dataclass(frozen=True)
class Address:
    """Where to ask for a kernel, and whether it will be boxed. Each run's folder lies in `root`."""

    root: Path
    boxed: bool

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return self.root / "server"


@dataclass
class ForkServer:
    """The warm process of one grading run, started anew when it was killed."""

    warm: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    boxed: bool = True
    root: Path = field(default_factory=lambda: _short_folder())
    process: subprocess.Popen | None = None

    @property
    def address(self) -> Address:
        """What workers need to know."""
        return Address(self.root, self.boxed)

    def start(self) -> None:
        """Start it unless it runs. Returns at once; who asks waits until the imports are done."""
        if self.process is not None and self.process.poll() is None:
            return
        address = self.address
        with contextlib.suppress(FileNotFoundError):
            address.socket.unlink()
        given = {"socket": str(address.socket), "isolate": self.boxed, "warm": list(self.warm)}
        given["readable"] = [*_python_folders(), *self.readable]
        command = [sys.executable, "-c", _PROGRAM.format(path=_import_path()), json.dumps(given)]
        if self.boxed:
            command = [*_box(self.root, self.readable), *command]
        nothing = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=_environment(self.boxed), stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
        while not address.socket.exists():
            if self.process.poll() is not None:
                raise OSError("the process that kernels are forked from did not start")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.01)

    def stop(self) -> None:
        """Kill it with all kernels, and remove its folder."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)


_PREFIX = "onefunnel-grader-"
_PROGRAM = "import sys; sys.path[:] = {path!r}; from onefunnel.grading.forking.server import main; main()"


@cache
def missing() -> str:
    """Return why learners' code cannot be boxed here, "" where it can."""
    if not SUPPORTED:
        return "boxes need Linux"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (Debian and Ubuntu: apt install bubblewrap)"
    with tempfile.TemporaryDirectory() as folder:
        probe = "from onefunnel.grading.forking import system as s; s.leave_namespaces(); import os\n"
        probe += "if os.fork() == 0: s.mount('proc', '/proc', 'proc'); os._exit(0)\n"
        probe += "sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))"
        program = f"import sys; sys.path[:] = {_import_path()!r}\n{probe}"
        command = [*_box(Path(folder), ()), sys.executable, "-c", program]
        done = subprocess.run(command, env=_environment(True), capture_output=True, text=True, timeout=60)
    if done.returncode:
        return f"bubblewrap does not work here: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
    return ""


def _box(root: Path, readable: Iterable[str]) -> list[str]:
    """The bubblewrap command before the program's own."""
    command = ["bwrap", "--die-with-parent", "--new-session", "--clearenv"]
    command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        command += [word for name in _CAPABILITIES for word in ("--cap-add", f"CAP_{name}")]
    else:
        command += ["--unshare-user"]
    for name in _SYSTEM:
        if Path(name).is_symlink():
            command += ["--symlink", str(Path(name).readlink()), name]
        elif Path(name).is_dir():
            command += ["--ro-bind", name, name]
    for name in _ETC:
        command += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for name, value in _environment(True).items():
        command += ["--setenv", name, value]
    for folder in [*_python_folders(), *readable]:
        command += [*_parents(folder), "--ro-bind-try", folder, folder]
    return [*command, *_parents(str(root)), "--bind", str(root), str(root), "--chdir", "/", "--"]


def _python_folders() -> list[str]:
    """Python, its packages, our package, the truth and the tables: nothing else of a checkout (it holds solutions)."""
    package = Path(__file__).parents[2]
    found = [sys.prefix, sys.base_prefix, *site.getsitepackages(), str(package), str(home().playbooks)]
    found += [str(home().datasets), str(Path(sys.executable).resolve().parents[1])]
    inside = tuple(f"{name}/" for name in _SYSTEM)
    return [folder for folder in dict.fromkeys(found) if Path(folder).is_dir() and not f"{folder}/".startswith(inside)]


def _parents(folder: str) -> list[str]:
    """bubblewrap would make missing parents unreadable for the kernels' users."""
    above = [str(one) for one in reversed(Path(folder).parents) if str(one) not in ("/", "/tmp", *_SYSTEM)]
    return [word for one in above for word in ("--perms", "0755", "--dir", one)]


def _import_path() -> list[str]:
    return [folder for folder in sys.path if folder and Path(folder).exists()]


def _environment(boxed: bool) -> dict[str, str]:
    """What the warm process starts with: in the box nothing of the lead's own."""
    kept = {} if boxed else {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": "/tmp" if boxed else str(Path.home()),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **({"MPLCONFIGDIR": "/tmp/matplotlib"} if boxed else {}),
        # One thread each: a kernel is one of many, and threads would not survive the fork.
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }


def _short_folder() -> Path:
    """A new folder whose path leaves room for a socket's name (107 bytes in all); those of killed graders go."""
    place = Path(tempfile.gettempdir())
    place = place if len(str(place)) < 50 else Path("/tmp")
    for old in place.glob(f"{_PREFIX}*"):
        if not Path(f"/proc/{old.name.removeprefix(_PREFIX).partition('-')[0]}").exists():
            shutil.rmtree(old, ignore_errors=True)  # another account's stays: it is not ours to remove
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
