"""redis-cli --tls, the first client anybody has at hand (O-5)."""

import json
import os
import subprocess

import pytest

from company import BID
from daemon import ADMIN, PASSWORDS
from wire import encode

SECONDS = 30


class RedisCli:
    """Runs Debian's redis-cli as one person; the password goes by its environment variable."""

    def __init__(self, daemon, login: str, *flags: str):
        self.command = ["redis-cli", "--tls", "--cacert", daemon.ca, "-h", "localhost"]
        self.command += ["-p", str(daemon.port), "--user", login, "--no-auth-warning", *flags]
        self.environment = os.environ | {"REDISCLI_AUTH": PASSWORDS[login]}

    def run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess:
        return subprocess.run(
            [*self.command, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            timeout=SECONDS,
        )

    def text(self, *arguments: str) -> str:
        ran = self.run(*arguments)
        output = ran.stdout.decode()
        assert ran.returncode == 0 and not ran.stderr, (ran.returncode, output, ran.stderr)
        return output

    def fields(self, *arguments: str) -> dict[str, str]:
        """A map as redis-cli prints it without a terminal: a line a key, a line a value."""
        lines = self.text(*arguments).splitlines()
        return dict(zip(lines[::2], lines[1::2]))


def test_o5_an_administrator_sets_the_company_up(own_daemon):
    """O-5, D-31: a unit, a person, a process, a customer and a deal by redis-cli in RESP2."""
    admin = RedisCli(own_daemon, ADMIN)
    assert admin.text("PING") == "PONG\n"
    unit = admin.fields("UNIT.CREATE", "华东销售部", "KIND", "department")["id"]
    password = PASSWORDS["xiaoli"]
    person = admin.fields(
        *("PERSON.CREATE", "xiaoli", "NAME", "小李", "UNIT", unit, "ROLE", "rep"),
        *("PASSWORD", password),
    )["id"]
    admin.fields("PROCESS.PUT", "bid", json.dumps(BID, ensure_ascii=False))
    admin.fields("PROCESS.PUBLISH", "bid")
    customer = admin.fields("CUSTOMER.CREATE", "方舟电子")["id"]
    create = ("OPP.CREATE", "年度投放", "CUSTOMER", customer, "PROCESS", "bid", "OWNER", person)
    deal = admin.fields(*create)["id"]
    rep = RedisCli(own_daemon, "xiaoli")
    seen = rep.fields("OPP.GET", deal)
    assert (seen["title"], seen["owner"], seen["stage"]) == ("年度投放", person, "chance")


def test_o5_the_same_in_resp3(daemon, company):
    """O-5, P-2: `redis-cli -3` reads maps, nulls, booleans and verbatim text."""
    li = RedisCli(daemon, "xiaoli", "-3")
    create = ("OPP.CREATE", "三号协议", "CUSTOMER", company.customer, "PROCESS", "bid")
    printed = li.text(*create)
    assert printed
    listed = RedisCli(daemon, "xiaoli", "-3", "--json").text("OPP.LIST")
    (row,) = json.loads(listed)
    assert row["title"] == "三号协议" and row["amount"] is None and row["pending"] is None
    assert "pipelined_version" in li.text("INFO")


@pytest.mark.parametrize("flags", [(), ("-3",)])
def test_p5_a_refusal_is_shown_whole(daemon, company, flags):
    """P-5: redis-cli prints the line, and `-e` makes it an exit code."""
    li = RedisCli(daemon, "xiaoli", *flags, "-e")
    ran = li.run("OPP.GET", "o777777")
    assert ran.returncode == 1
    assert (ran.stdout + ran.stderr).decode().startswith("NOTFOUND ")


def test_p1_typed_lines_from_a_file(daemon, company):
    """P-1: a script of typed lines on standard input."""
    script = "CUSTOMER.CREATE \"一家 客户\"\nCUSTOMER.CREATE '另一家'\nPING\n".encode()
    ran = RedisCli(daemon, "wangfang").run(stdin=script)
    assert ran.returncode == 0 and ran.stdout.endswith(b"PONG\n"), ran


def test_p1_mass_insertion(daemon, company):
    """P-1: `redis-cli --pipe` sends a thousand customers and counts every answer."""
    count = 1000
    batch = b"".join(encode("CUSTOMER.CREATE", f"批量客户 {number}") for number in range(count))
    ran = RedisCli(daemon, "xiaoli").run("--pipe", stdin=batch)
    assert ran.returncode == 0, ran
    assert f"errors: 0, replies: {count}" in ran.stdout.decode(), ran.stdout


def test_p4_wrong_password(daemon, company):
    """P-4: redis-cli says what AUTH answered and does not go on as somebody else."""
    cli = RedisCli(daemon, "xiaoli")
    cli.environment = cli.environment | {"REDISCLI_AUTH": "guess"}
    printed = cli.run("ME")
    assert b"WRONGPASS" in printed.stderr + printed.stdout
    assert b"NOAUTH" in printed.stdout + printed.stderr
