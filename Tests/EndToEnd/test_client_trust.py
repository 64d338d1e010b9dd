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


AUTHORITY = """
[ca]
default_ca = test
[test]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


class Authority:
    """A certificate authority of the test's own: for any name, valid whenever it is told."""

    def __init__(self, root):
        self.root = root
        root.mkdir()
        (root / "index").touch()
        (root / "serial").write_text("01\n")
        (root / "conf").write_text(AUTHORITY)
        self.openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"),
            *("-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem"),
        )
        self.pem = str(root / "ca.pem")

    def openssl(self, *words):
        ran = subprocess.run(
            ["openssl", *words], cwd=self.root, capture_output=True, text=True, timeout=60
        )
        assert ran.returncode == 0, ran.stderr

    def certificate(self, name, names, first, last):
        """Key and certificate for `names`, valid from `first` to `last` (YYYYMMDD)."""
        self.openssl(
            *("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        (self.root / f"{name}.ext").write_text(f"subjectAltName = {names}\n")
        self.openssl(
            *("ca", "-batch", "-config", "conf", "-cert", "ca.pem", "-keyfile", "ca.key"),
            *("-in", f"{name}.csr", "-out", f"{name}.pem", "-extfile", f"{name}.ext"),
            *("-startdate", f"{first}000000Z", "-enddate", f"{last}000000Z", "-notext"),
        )
        return ["--tls-cert", str(self.root / f"{name}.pem"), "--tls-key", str(self.root / f"{name}.key")]


LOCAL = "DNS:localhost,IP:127.0.0.1"


@pytest.mark.parametrize(
    ("names", "first", "last", "trusts", "said"),
    [
        (LOCAL, "20200101", "20210101", "ca", "expired on 2021-01-01; the server needs a new one"),
        (LOCAL, "20200101", "20210101", "nobody", "expired on 2021-01-01"),
        (LOCAL, "20900101", "20910101", "ca", "valid only from 2090-01-01; check the clock"),
        ("DNS:crm.example.com", "20200101", "20900101", "ca", "is for another host name"),
        (LOCAL, "20200101", "20900101", "other", "was not issued by the authority in"),
        (LOCAL, "20200101", "20900101", "nobody", "is not from a known authority"),
        (LOCAL, "20200101", "20900101", "ca", None),
    ],
)
def test_s6_each_fault_of_a_certificate_has_its_own_refusal(
    own_company, tmp_path, names, first, last, trusts, said
):
    """S-6: expired, not yet valid, another host, another authority, an unknown one: exit code 3, what
    is wrong and how to mend it; nothing is pinned."""
    daemon = own_company.daemon
    authority = Authority(tmp_path / "authority")
    daemon.kill()
    pipe = authority.certificate("server", names, first, last)
    trusted = {"ca": authority.pem, "other": daemon.ca, "nobody": None}[trusts]
    shell = Shell(daemon, tmp_path / "home")
    lines = shell.profiles.read_text().splitlines()
    lines = [line for line in lines if "cacert" not in line]
    shell.profiles.write_text("\n".join(lines) + "\n")
    words = [*(["--cacert", trusted] if trusted else []), "--lang", "en", "whoami"]
    daemon.process = subprocess.Popen(
        daemon.command(*pipe), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        ran = shell.run("xiaoli", *words)
        if "Connection refused" not in ran.stderr:
            break
    if said is None:
        assert ran.returncode == 0 and "小李" in ran.stdout, ran
        return
    assert ran.returncode == 3 and ran.stdout == "" and said in ran.stderr, ran
    assert len(ran.stderr.strip().splitlines()) == 1, "one refusal, not several"
    # In Chinese as well, and with no colour or control character in it.
    chinese = shell.run("xiaoli", *words, "--lang", "zh")
    assert chinese.returncode == 3 and "证书" in chinese.stderr, chinese
    assert daemon.alive and not (shell.profiles.parent / "pins").exists()
