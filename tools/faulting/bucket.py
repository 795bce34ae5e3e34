"""A real S3 server on loopback that can be cut off and come back."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

START_S = 60.0


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """SeaweedFS with its S3 gateway.

    Parameters
    ----------
    folder : Path
        What it stores; outlives `stop`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
        self.url = f"http://127.0.0.1:{self.ports['s3']}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens."""
        ports = [f"-{name}.port={port}" for name, port in self.ports.items() if name != "s3"]
        grpc = [f"-{name}.port.grpc={free_port()}" for name in self.ports]
        weed = Path(sys.executable).with_name("weed")
        command = [str(weed), "server", "-s3", f"-dir={self.folder}", "-ip=127.0.0.1", *ports]
        # What has a fixed port unless told would keep a second server from starting.
        command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
        self.process = subprocess.Popen(
            [*command, f"-s3.port={self.ports['s3']}", *grpc],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.ports["s3"])) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError("the S3 server doesn't answer")

    def stop(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()

    def options(self) -> dict[str, object]:
        """Return what fsspec needs to reach it."""
        return {
            "endpoint_url": self.url,
            "config_kwargs": {"retries": {"max_attempts": 1}, "connect_timeout": 2},
            "use_listings_cache": False,
        }
