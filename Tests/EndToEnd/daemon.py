"""A real daemon for a test: a directory of its own, a free loopback port, TLS always."""

import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from wire import Wire

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TEST_PIPELINED", str(ROOT / ".build/release/pipelined"))
CLIENT = os.environ.get("TEST_PIPELINE_CLIENT", str(ROOT / ".build/release/pipeline-client"))

# Each redis-py is run in the protocol it is known for; TEST_RESP says otherwise.
REDIS_PY = int(redis.__version__.split(".")[0])
PROTOCOL = int(os.environ.get("TEST_RESP", "3" if REDIS_PY >= 8 else "2"))

ADMIN = "admin"
PASSWORDS = {
    ADMIN: "open sesame, said the lighthouse",
    "jiangyue": "head-of-the-team-9",
    "xiaoli": "works-the-arc-deal-4",
    "wangfang": "next-desk-over-77",
    "panglan": "another-branch-31",
}
COMPANY = "星河广告"
START_SECONDS = 60
STOP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """`init` once, then `serve`, `kill` and `terminate` as often as a test likes."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        self.data = root / "data"
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    # -- the process -----------------------------------------------------------------------

    def init(self) -> "Daemon":
        secret = self.root / "password"
        secret.touch(mode=0o600)
        secret.write_text(PASSWORDS[ADMIN] + "\n")
        command = [BINARY, "init", "--data", self.data, "--company", COMPANY, "--admin", ADMIN]
        command += ["--admin-password-file", secret, "--dev-tls"]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS)
        assert ran.returncode == 0, ran.stderr
        return self

    def command(self, *flags: str) -> list[str]:
        listen = f"127.0.0.1:{self.port}"
        return [BINARY, "serve", "--data", str(self.data), "--listen", listen, *flags]

    def serve(self, *flags: str) -> "Daemon":
        """Starts the daemon and returns once it answers over TLS."""
        with open(self.root / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(*flags), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            code = self.process.poll()
            assert code is None, f"the daemon ended with {code}:\n{self.log()[-3000:]}"
            if self.answers():
                return self
            time.sleep(0.03)
        raise AssertionError(f"no answer within {START_SECONDS} s:\n{self.log()[-3000:]}")

    def answers(self) -> bool:
        try:
            with Wire(self.port, self.ca, timeout=5) as wire:
                wire.send("PING")
                return "NOAUTH" in wire.read_raw().decode()
        except (OSError, EOFError):
            return False

    def refuses_to_serve(self, *flags: str) -> tuple[int, str]:
        """Runs `serve` where it must end by itself; its exit code and what it said."""
        ran = subprocess.run(
            self.command(*flags), capture_output=True, text=True, timeout=START_SECONDS
        )
        return ran.returncode, ran.stdout + ran.stderr

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """The plug: SIGKILL."""
        assert self.alive, f"the daemon had already ended:\n{self.log()[-3000:]}"
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def terminate(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def close(self) -> None:
        if self.alive:
            self.process.kill()
            self.process.wait(STOP_SECONDS)

    def log(self) -> str:
        path = self.root / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    # -- ways to speak to it ---------------------------------------------------------------

    @property
    def ca(self) -> str:
        return str(self.data / "tls" / "ca.pem")

    def client(self, login: str = ADMIN, **options) -> redis.Redis:
        """redis-py as people use it, except that it never resends on its own."""
        settings = {
            "username": login,
            "password": PASSWORDS[login],
            "protocol": PROTOCOL,
            "decode_responses": True,
            "socket_timeout": 30,
            "retry": Retry(NoBackoff(), 0),
        }
        settings.update(options)
        return redis.Redis(
            host="localhost", port=self.port, ssl=True, ssl_ca_certs=self.ca, **settings
        )

    def wire(self, login: str | None = ADMIN, protocol: int = PROTOCOL) -> Wire:
        """A raw TLS connection, greeted and authenticated unless `login` is None."""
        wire = Wire(self.port, self.ca)
        if login is not None:
            wire.greet(protocol, login, PASSWORDS[login])
        return wire

    def strict_handshake(self) -> str:
        """The TLS version agreed with a client that checks certificates by the book."""
        context = ssl.create_default_context(cafile=self.ca)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secured:
                return secured.version()
