"""PUBSUB, SLOWLOG, LATENCY, MODULE and MONITOR through ordinary clients, held against Redis 7.0."""

import json
import shutil
import socket
import subprocess
import time

import pytest

from company import new_deal
from daemon import ADMIN, PASSWORDS, free_port
from subscriber import Subscriber
from wire import encode

# Commands whose replies do not depend on what else goes on.
ALIKE = [
    ("PUBSUB",),
    ("PUBSUB", "HELP"),
    ("PUBSUB", "HELP", "x"),
    ("PUBSUB", "nosuch"),
    ("PUBSUB", "CHANNELS", "nothing*"),
    ("PUBSUB", "CHANNELS", "a", "b"),
    ("PUBSUB", "NUMSUB"),
    ("PUBSUB", "NUMSUB", "a", "b"),
    ("PUBSUB", "NUMPAT"),
    ("PUBSUB", "NUMPAT", "x"),
    ("PUBSUB", "SHARDCHANNELS"),
    ("PUBSUB", "SHARDCHANNELS", "a", "b"),
    ("PUBSUB", "SHARDNUMSUB", "a"),
    ("SLOWLOG",),
    ("SLOWLOG", "HELP"),
    ("SLOWLOG", "FOO"),
    ("SLOWLOG", "RESET"),
    ("SLOWLOG", "LEN"),
    ("SLOWLOG", "LEN", "x"),
    ("SLOWLOG", "GET"),
    ("SLOWLOG", "GET", "0"),
    ("SLOWLOG", "GET", "-1"),
    ("SLOWLOG", "GET", "-2"),
    ("SLOWLOG", "GET", "x"),
    ("SLOWLOG", "GET", "1", "2"),
    ("LATENCY",),
    ("LATENCY", "FOO"),
    ("LATENCY", "LATEST"),
    ("LATENCY", "HISTORY"),
    ("LATENCY", "HISTORY", "command"),
    ("LATENCY", "RESET"),
    ("LATENCY", "RESET", "a", "b"),
    ("MODULE", "LIST"),
    ("MODULE", "LIST", "x"),
    ("MODULE", "FOO"),
    ("MONITOR", "x"),
    ("CONFIG", "GET", "slowlog-max-len"),
    ("CONFIG", "GET", "latency-monitor-threshold"),
]


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory):
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    directory = tmp_path_factory.mktemp("redis")
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory],
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield port
    process.kill()
    process.wait()


class Plain:
    """Reads raw replies of a real Redis with the same parser."""

    def __init__(self, port: int):
        from wire import Wire

        self.wire = Wire.__new__(Wire)
        self.wire.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.wire.protocol = 2
        self.wire.buffer = b""


@pytest.mark.parametrize("protocol", [2, 3])
def test_p4_replies_are_redis_own(daemon, redis_port, protocol):
    """P-4: byte for byte, error texts included."""
    redis = Plain(redis_port).wire
    redis.ask("HELLO", protocol)
    with daemon.wire(ADMIN, protocol) as ours:
        for command in ALIKE:
            redis.send(*command)
            ours.send(*command)
            assert ours.read_raw() == redis.read_raw(), command
    redis.close()


def test_p4_pubsub_counts_listeners(daemon, company):
    """P-4: channels, listeners, patterns; somebody who is no admin sees their own only."""
    with daemon.client() as admin, daemon.client("panglan") as stranger:
        with Subscriber(daemon.client("xiaoli"), "inbox", "events"):
            with Subscriber(daemon.client("jiangyue"), "inbox"), daemon.wire("xiaoli") as third:
                third.ask("PSUBSCRIBE", "events:*")
                deadline = time.monotonic() + 10
                while admin.pubsub_numsub("inbox") != [("inbox", 2)]:
                    assert time.monotonic() < deadline
                assert admin.pubsub_channels() == ["events", "inbox"]
                assert admin.pubsub_channels("ev*") == ["events"]
                assert admin.pubsub_numpat() == 1
                assert stranger.pubsub_channels() == []
                assert stranger.pubsub_numsub("inbox") == [("inbox", 0)]


def test_p4_the_slow_log_holds_what_took_long_without_secrets(daemon, company):
    """P-4: AUTH takes long by design and is none of it; whatever is there has six members."""
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        for entry in admin.slowlog_get(128):
            assert PASSWORDS[ADMIN] not in str(entry)
            assert entry["duration"] >= 10_000
        assert admin.slowlog_len() >= 0
        assert admin.slowlog_reset()
        assert admin.slowlog_len() == 0
        assert admin.latency_latest() == [] and admin.module_list() == []
        for command in ("SLOWLOG GET", "LATENCY LATEST", "MODULE LIST", "MONITOR"):
            with pytest.raises(Exception, match="has no permissions"):
                li.execute_command(*command.split())


def test_p4_monitor_shows_commands_without_secrets(daemon, company):
    """P-4, O-4: through redis-py; passwords never appear, and nothing once the role is gone."""
    secret = "never-to-be-shown-1"
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        with daemon.wire(ADMIN, 2) as monitor:
            assert monitor.ask("MONITOR") == "OK"
            deal = new_deal(li, company)
            admin.execute_command("PERSON.PASSWORD", "wangfang", secret)
            daemon.client("xiaoli").ping()
            admin.execute_command("PERSON.PASSWORD", "wangfang", PASSWORDS["wangfang"])
            li.execute_command("OPP.NOTE", deal, "最后")
            lines = []
            while not lines or "OPP.NOTE" not in lines[-1]:
                lines.append(monitor.read())
        shown = "\n".join(lines)
        assert '"OPP.CREATE"' in shown and '"PERSON.PASSWORD" "wangfang" "(redacted)"' in shown
        assert secret not in shown
        assert not any(password in shown for password in PASSWORDS.values())
        stamp, place, _ = lines[0].split(" ", 2)
        assert abs(float(stamp) - time.time()) < 60 and place == "[0"


def test_p4_redis_py_and_redis_cli_monitor(daemon, company):
    """P-4: redis-py's monitor() and redis-cli's."""
    with daemon.client() as admin, daemon.client("xiaoli") as li, admin.monitor() as monitor:
        li.execute_command("ME")
        entry = monitor.next_command()
        while entry["command"] != "ME":
            entry = monitor.next_command()
        assert entry["client_address"] == "127.0.0.1"
    if shutil.which("redis-cli") is None:
        return
    command = ["redis-cli", "--tls", "--cacert", daemon.ca, "-h", "localhost"]
    command += ["-p", str(daemon.port), "--user", ADMIN, "--pass", PASSWORDS[ADMIN]]
    cli = subprocess.Popen(
        [*command, "--no-auth-warning", "MONITOR"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert cli.stdout.readline() == "OK\n"
        with daemon.wire("xiaoli") as wire:
            wire.ask("ECHO", json.dumps("a"))
            line = cli.stdout.readline()
            while '"ECHO"' not in line:
                line = cli.stdout.readline()
        assert line.endswith('"ECHO" "\\"a\\""\n')
    finally:
        cli.kill()
        cli.wait()


def test_n7_a_monitor_that_reads_nothing_is_cut_off(daemon, company):
    """N-7: what waits for a monitor is bounded as for any subscriber."""
    import ssl

    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(30)
    plain.connect(("127.0.0.1", daemon.port))
    context = ssl.create_default_context(cafile=daemon.ca)
    with context.wrap_socket(plain, server_hostname="localhost") as silent:
        silent.sendall(encode("AUTH", ADMIN, PASSWORDS[ADMIN]) + encode("MONITOR"))
        assert silent.recv(10) == b"+OK\r\n+OK\r\n"
        with daemon.wire("xiaoli") as li:
            for _ in range(400):
                li.ask("ECHO", "x" * 60_000)
        taken = 0
        try:
            while chunk := silent.recv(65536):
                taken += len(chunk)
        except (ConnectionError, ssl.SSLError):
            pass
        assert taken < 400 * 60_000
