"""How pipeline-client comes to believe a server, and how it logs in (S-6)."""

import re
import subprocess

import pexpect
import pytest

from client_shell import SECONDS, Shell
from daemon import CLIENT, PASSWORDS, Daemon


@pytest.fixture
def shell(own_company, tmp_path):
    """Profiles without a CA: the server's certificate is unknown."""
    shell = Shell(own_company.daemon, tmp_path / "home")
    lines = shell.profiles.read_text().splitlines()
    shell.profiles.write_text("\n".join(line for line in lines if "cacert" not in line) + "\n")
    return shell


def fingerprint(daemon):
    """As the server's owner reads it out."""
    ran = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", daemon.data / "tls/cert.pem"],
        capture_output=True,
        text=True,
    )
    return ran.stdout.strip().split("=")[1]


def test_s6_first_use_asks_and_pins_and_a_change_is_an_error(shell, tmp_path):
    """S-6: the fingerprint is shown and asked about; the pin is used; another one is refused."""
    first = shell.daemon
    for answer, pinned in (("no", False), ("yes", True)):
        terminal = shell.terminal("xiaoli", "whoami")
        terminal.expect(re.escape(fingerprint(first)))
        terminal.expect("yes/no")
        terminal.sendline(answer)
        terminal.expect("小李" if pinned else "not trusted")
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus == (0 if pinned else 3)
    pins = shell.profiles.parent / "pins"
    assert pins.stat().st_mode & 0o777 == 0o600
    assert shell.run("xiaoli", "whoami").returncode == 0
    # Another server takes the place of the first, with a certificate of its own.
    first.kill()
    (tmp_path / "other").mkdir()
    other = Daemon(tmp_path / "other")
    other.port = first.port
    other.init().serve()
    try:
        ran = shell.run("xiaoli", "whoami")
        assert ran.returncode == 3 and "HAS CHANGED" in ran.stderr, ran
        assert fingerprint(first) in ran.stderr and fingerprint(other) in ran.stderr
        assert ran.stdout == "" and "WRONGPASS" not in ran.stderr
    finally:
        other.close()


def test_s6_login_stores_a_profile(shell, tmp_path):
    """S-6: `login` with the password from standard input; what it stores is enough afterwards."""
    environment = shell.environment | {"XDG_CONFIG_HOME": str(tmp_path / "fresh")}

    def run(*words, stdin=""):
        return subprocess.run(
            [CLIENT, *words],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    url = f"rediss://xiaoli@localhost:{shell.daemon.port}"
    wrong = run("login", url, "--cacert", shell.daemon.ca, "--password-stdin", stdin="guess\n")
    assert wrong.returncode == 4 and not (tmp_path / "fresh/pipelined/credentials").exists()
    right = PASSWORDS["xiaoli"] + "\n"
    ran = run("login", url, "--cacert", shell.daemon.ca, "--password-stdin", stdin=right)
    assert ran.returncode == 0, ran
    assert (tmp_path / "fresh/pipelined/credentials").stat().st_mode & 0o777 == 0o600
    assert "小李" in run("whoami").stdout
    # A password on the command line is refused, whatever else is right.
    spelled = run("--url", f"rediss://xiaoli:x@localhost:{shell.daemon.port}", "whoami")
    assert spelled.returncode == 2 and "visible" in spelled.stderr


def test_s6_the_environment_is_enough(shell, tmp_path):
    """S-6: URL, password file and CA from the environment, as a scheduled job has them."""
    secret = tmp_path / "secret"
    secret.write_text(PASSWORDS["jiangyue"] + "\n")
    environment = {
        "PATH": shell.environment["PATH"],
        "HOME": str(tmp_path),
        "PIPELINED_URL": f"rediss://jiangyue@127.0.0.1:{shell.daemon.port}",
        "PIPELINED_PASSWORD_FILE": str(secret),
        "PIPELINED_CACERT": shell.daemon.ca,
    }
    ran = subprocess.run([CLIENT, "whoami"], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0 and "蒋跃" in ran.stdout, ran
