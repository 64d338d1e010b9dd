"""Stopping on purpose, starting again, and what may not be started."""

import concurrent.futures
import socket
import ssl
import subprocess
import threading
import time

import redis

from company import new_deal
from daemon import BINARY, ROOT
from wire import as_map


def test_o3_sigterm_ends_with_zero_and_everything_is_kept(own_company):
    """O-3: what is in flight is answered, the log synced, exit code 0; then it starts again."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
        before = as_map(li.execute_command("OPP.GET", deal))
    assert daemon.terminate() == 0, daemon.log()
    daemon.serve()
    with daemon.client("xiaoli") as li:
        assert as_map(li.execute_command("OPP.GET", deal)) == before
    assert daemon.terminate() == 0


def test_o3_sigterm_says_farewell_to_clients_that_idle(own_company):
    """O-3: they have nothing in flight; each is told by TLS that this is the end, and not cut off."""
    daemon = own_company.daemon
    context = ssl.create_default_context(cafile=daemon.ca)
    idle = [
        context.wrap_socket(
            socket.create_connection(("127.0.0.1", daemon.port), timeout=20),
            server_hostname="localhost",
            suppress_ragged_eofs=False,
        )
        for _ in range(20)
    ]
    with socket.create_connection(("127.0.0.1", daemon.port)), daemon.wire("xiaoli") as listener:
        listener.ask("SUBSCRIBE", "inbox")
        assert daemon.terminate() == 0, daemon.log()
    for connection in idle:
        assert connection.recv(1) == b""
        connection.close()


def test_o3_sigterm_under_load_loses_nothing_answered(own_company):
    """O-3, W-2: writers at work when SIGTERM comes; every answered write is there afterwards."""
    daemon, started = own_company.daemon, threading.Barrier(5)

    def write(number: int) -> list[str]:
        answered = []
        client = daemon.client("xiaoli")
        started.wait(30)
        try:
            for count in range(100_000):
                answered.append(new_deal(client, own_company, EXTID=f"x{number}-{count}"))
        except (redis.ConnectionError, redis.TimeoutError):
            return answered
        raise AssertionError("the daemon never stopped")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, number) for number in range(4)]
        started.wait(30)
        deadline = time.monotonic() + 30
        while len(deal_ids(daemon)) < 40 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert daemon.terminate() == 0, daemon.log()[-3000:]
        answered = [deal for writer in writers for deal in writer.result(60)]
    daemon.serve()
    assert len(answered) >= 40
    assert set(answered) <= deal_ids(daemon)


def deal_ids(daemon) -> set[str]:
    with daemon.client("jiangyue") as jiang:
        found, page = set(), ["more"]
        while page:
            page = jiang.execute_command("OPP.LIST", "LIMIT", len(found), 1000)
            found |= {as_map(row)["id"] for row in page}
        return found


def test_w13_a_second_daemon_is_refused(own_daemon):
    """W-13: the lock file keeps a second one off the same directory; the first goes on."""
    code, said = own_daemon.refuses_to_serve()
    assert code not in (0, None) and "lock" in said.lower(), (code, said)
    assert own_daemon.answers()


def test_o2_serve_without_a_company_explains_init(tmp_path):
    """O-2: `serve` on an empty directory says how to found one."""
    ran = subprocess.run(
        [BINARY, "serve", "--data", tmp_path / "empty", "--listen", "127.0.0.1:0"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode != 0 and "init" in ran.stderr, ran


def test_o2_init_twice_is_refused(own_daemon):
    """O-2: a company that stands is never founded over."""
    ran = subprocess.run(
        [BINARY, "init", "--data", own_daemon.data, "--company", "别家", "--admin", "someone"]
        + ["--admin-password-file", own_daemon.root / "password", "--dev-tls"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode != 0, ran
    assert own_daemon.answers()


def test_o4_the_log_holds_no_secret(own_company):
    """O-4: neither a password nor what a deal says is in the log."""
    daemon = own_company.daemon
    with daemon.client("xiaoli") as li:
        new_deal(li, own_company)
    with daemon.wire(None) as wire:
        wire.ask("AUTH", "xiaoli", "a-guess-that-fails")
    daemon.terminate()
    for secret in ("works-the-arc-deal-4", "a-guess-that-fails", "方舟电子年度投放"):
        assert secret not in daemon.log()


def test_o2_the_example_configuration_is_read():
    """O-2: every key of deploy/pipelined.conf is known, and print-config says where it stands."""
    example = ROOT / "deploy/pipelined.conf"
    ran = subprocess.run(
        [BINARY, "print-config", "--config", example], capture_output=True, text=True, timeout=30
    )
    assert ran.returncode == 0, ran
    (listen,) = [line for line in ran.stdout.splitlines() if line.startswith("listen")]
    assert "0.0.0.0:6699" in listen and f"{example}:" in listen
