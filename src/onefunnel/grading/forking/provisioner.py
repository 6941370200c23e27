"""Jupyter's side of the fork server: a kernel provisioner, and a client that does not wait for nothing.

A kernelspec asks for it with `"metadata": {"kernel_provisioner": {"provisioner_name": "onefunnel-fork", "config":
{"server": "/path/of/the/socket", "run": …, "limits": {…}}}}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import time
from importlib.metadata import EntryPoint
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Dict, Int, Unicode

NAME = "onefunnel-fork"
START_SECONDS = 120.0  # the warm process may still be importing on a cold disk


class ServerLost(Exception):
    """The fork server or a kernel's monitor went away; nothing is known about the submission."""


class ForkedKernel:
    """What `subprocess.Popen` is to a started kernel, this is to a forked one."""

    stdin = stdout = stderr = None
    pid = 0

    def __init__(self, server: str, request: dict[str, Any]) -> None:
        """Ask for a kernel and return when its sockets are bound. Raises ServerLost."""
        self.returncode: int | None = None
        self.lost = False
        self.ended: dict[str, Any] = {}
        self._said = b""
        self._monitor = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._monitor.connect(server)
            self._monitor.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            self._monitor.close()
            raise ServerLost(str(error)) from error
        self.ready = False
        deadline = time.monotonic() + START_SECONDS
        while not self.ready and self.returncode is None:
            self._listen(deadline - time.monotonic())
        if not self.ready and self.lost:
            raise ServerLost("it ended before the kernel was ready")
        if not self.ready:
            raise RuntimeError(f"the kernel {self.ended.get('why') or 'ended at once'}")

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        if self.returncode is None:
            self._listen(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended."""
        deadline = time.monotonic() + (timeout if timeout is not None else 60.0)
        while self.returncode is None and time.monotonic() < deadline:
            self._listen(deadline - time.monotonic())
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal the kernel's first process."""
        if self.returncode is None:
            with contextlib.suppress(OSError):
                self._monitor.sendall(bytes([int(number)]))

    def kill(self) -> None:
        """End it with all that it started."""
        self.send_signal(signal.SIGKILL)

    terminate = kill

    def close(self) -> None:
        """Hang up: the monitor kills what is left."""
        self._monitor.close()

    def _listen(self, seconds: float) -> None:
        self._monitor.settimeout(max(seconds, 0.0))
        try:
            said = self._monitor.recv(4096)
        except (TimeoutError, BlockingIOError):
            if seconds > 0:
                self.returncode, self.lost = -1, True
            return
        except OSError:
            said = b""
        if not said:
            self.returncode, self.lost = -1, True
            return
        *lines, self._said = (self._said + said).split(b"\n")
        for line in lines:
            message = json.loads(line)
            self.ready = self.ready or message.get("ready", False)
            if "ended" in message:
                self.ended, self.returncode = message, message["ended"]


class ForkProvisioner(LocalProvisioner):
    """Forks IPython kernels of this environment; any other kernel is started as Jupyter starts it."""

    server = Unicode(help="The fork server's socket.").tag(config=True)
    run = Unicode(help="The folder of this run; its subfolder `ipc` holds the sockets.").tag(config=True)
    limits = Dict(help="Bounds, as in `settings.Limits`.").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start the command."""
        argv = cmd[cmd.index("ipykernel_launcher") + 1 :]
        env = {name: value for name, value in kwargs["env"].items() if name != "JPY_PARENT_PID"}
        request = {"run": self.run, "cwd": kwargs["cwd"], "argv": argv, "env": env, "limits": self.limits}
        self.process = ForkedKernel(self.server, request)
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill and wait: it takes milliseconds, and the caller would poll a hundred of them."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10.0)

    async def wait(self) -> int | None:
        """Return the exit code when it has ended."""
        return self.process.wait() if self.process is not None else 0


class QuickClient(AsyncKernelClient):
    """A client for a kernel that already answers. Bounds what it reads: a huge message is not taken in whole."""

    largest = Int(100_000_000, help="Bytes of one message.")

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Without heartbeat (the monitor knows better) and input (nobody is there)."""
        self.context.setsockopt(zmq.MAXMSGSIZE, self.largest)
        super().start_channels(stdin=False, hb=False)
        self.overflowed = False
        self._events = self.iopub_channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)

    def stop_channels(self) -> None:
        """Close them, and what watches them."""
        self.iopub_channel.socket.disable_monitor()
        super().stop_channels()

    async def is_alive(self) -> bool:
        """Whether the kernel lives and its messages still come in: ZeroMQ hangs up over one that is too large."""
        alive = await super().is_alive()
        if alive and await self._events.poll(0):
            self.overflowed = True
        return alive and not self.overflowed

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once both directions are known to work."""
        deadline = time.monotonic() + (timeout or START_SECONDS)
        while time.monotonic() < deadline:
            self.kernel_info()
            try:
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.05)
                return
            except Empty:
                await asyncio.sleep(0)
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError("Kernel did not answer")


def register() -> None:
    """Make the provisioner known to this process, whether or not the package was installed with its entry point."""
    factory = KernelProvisionerFactory.instance()
    if NAME not in factory.provisioners:
        value = f"{ForkProvisioner.__module__}:{ForkProvisioner.__name__}"
        factory.provisioners[NAME] = EntryPoint(NAME, value, KernelProvisionerFactory.GROUP_NAME)
