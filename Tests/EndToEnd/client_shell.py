"""pipeline-client with a home of its own, for the tests of it."""

import json
import os
import subprocess

import pexpect

from client_screen import Terminal
from daemon import CLIENT, PASSWORDS

SECONDS = 30


class Shell:
    """pipeline-client with a home of its own and a profile for each person."""

    def __init__(self, daemon, home):
        self.daemon, self.home = daemon, home
        profiles = home / "config/pipelined/credentials"
        profiles.parent.mkdir(parents=True)
        profiles.touch(mode=0o600)
        profiles.write_text(
            "".join(
                f"[{login}]\nurl = rediss://{login}@localhost:{daemon.port}\n"
                f"password = {password}\ncacert = {daemon.ca}\n\n"
                for login, password in PASSWORDS.items()
            )
        )
        self.profiles = profiles
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "LANG": "C.UTF-8",
        }

    def run(self, login, *words, stdin: str | None = None) -> subprocess.CompletedProcess:
        return subprocess.run(
            [CLIENT, "--profile", login, *words],
            env=self.environment,
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    def json(self, login, *words):
        ran = self.run(login, "--json", *words)
        assert ran.returncode == 0, ran
        return json.loads(ran.stdout)

    def terminal(self, login, *words) -> pexpect.spawn:
        return pexpect.spawn(
            CLIENT,
            ["--profile", login, *words],
            env=self.environment | {"TERM": "xterm"},
            dimensions=(30, 100),
            encoding="utf-8",
            timeout=SECONDS,
        )

    def screen(self, login, *words, rows=24, columns=100, **environment) -> Terminal:
        """The shell at a terminal whose screen can be looked at."""
        return Terminal(
            CLIENT,
            [*(["--profile", login] if login else []), "--lang", "en", *words],
            self.environment | {"TERM": "xterm-256color"} | environment,
            rows,
            columns,
        )
