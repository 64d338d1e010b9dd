"""`make demo` without a terminal (O-1)."""

import os
import re
import socket
import subprocess

import pexpect

from daemon import ROOT


def test_o1_the_demo_tells_its_story_and_ends():
    """O-1, A-2: exit code 0, both requests pushed live, the comment, and S0's 26 850 000."""
    ran = subprocess.run(
        [ROOT / "deploy/demo.sh"],
        env=os.environ | {"DEMO_IS_BUILT": "yes"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert ran.stdout.count("approval.requested") >= 2
    for told in ("先去见他", "26850000.00", "kill -9"):
        assert told in ran.stdout


def test_o1_at_a_terminal_it_ends_in_a_shell():
    """O-1: the daemon goes on for the shell of 小李; the line for the manager's works beside it; with
    the shell everything ends."""
    terminal = pexpect.spawn(
        str(ROOT / "deploy/demo.sh"),
        env=os.environ | {"DEMO_IS_BUILT": "yes", "TERM": "xterm", "LANG": "C.UTF-8"},
        dimensions=(40, 200),
        encoding="utf-8",
        timeout=120,
    )
    try:
        terminal.expect("the manager's shell:\r\n +XDG_CONFIG_HOME=(\\S+) (\\S+) --profile jiangyue")
        configuration, client = terminal.match.groups()
        terminal.expect(r"redis-cli --tls --cacert \S+ -h localhost -p (\d+)")
        port = int(terminal.match[1])
        terminal.expect("leave with quit")
        terminal.expect(re.escape("as xiaoli. 'help'"))
        terminal.expect("> ")
        terminal.send("deal 1\r")
        terminal.expect("方舟电子年度投放")
        manager = subprocess.run(
            [client, "--profile", "jiangyue", "whoami"], cwd=ROOT, stdin=subprocess.DEVNULL,
            env=os.environ | {"XDG_CONFIG_HOME": configuration}, capture_output=True, text=True,
        )
        assert manager.returncode == 0 and "蒋跃" in manager.stdout, manager
        terminal.send("quit\r")
        terminal.expect(pexpect.EOF)
    finally:
        terminal.close()
    assert terminal.exitstatus == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the daemon goes on"
    assert not os.path.exists(configuration)
