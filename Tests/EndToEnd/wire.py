"""The protocol by hand, over TLS: what stands on the wire, not what a library makes of it."""

import socket
import ssl


class Refusal(str):
    """An error reply, the whole line without its dash."""

    @property
    def code(self) -> str:
        return self.split(" ", 1)[0]


class Push(list):
    """A RESP3 push (in RESP2 a message is an ordinary array)."""


def encode(*arguments: str | bytes | int) -> bytes:
    """A request as an array of bulk strings."""
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        value = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(value), value))
    return b"".join(parts)


class Wire:
    """One TLS connection. Reading fails on any reply type that its protocol forbids (P-2)."""

    def __init__(self, port: int, ca: str, timeout: float = 30):
        context = ssl.create_default_context(cafile=ca)
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        try:
            self.socket = context.wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise
        self.protocol = 2
        self.buffer = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    # -- asking ----------------------------------------------------------------------------

    def send(self, *arguments: str | bytes | int) -> None:
        self.socket.sendall(encode(*arguments))

    def send_raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, *arguments: str | bytes | int):
        self.send(*arguments)
        return self.read()

    def granted(self, *arguments: str | bytes | int):
        """The reply to a command that must not be refused; a map as a dict in both protocols."""
        reply = self.ask(*arguments)
        assert not isinstance(reply, Refusal), f"{arguments[0]} was refused: {reply}"
        return reply

    def fields(self, *arguments: str | bytes | int) -> dict:
        return as_map(self.granted(*arguments))

    def refusal(self, *arguments: str | bytes | int) -> Refusal:
        """The error line of a command that must be refused: one line of ASCII (P-5)."""
        reply = self.ask(*arguments)
        assert isinstance(reply, Refusal), f"{arguments[0]} was accepted: {reply!r}"
        return reply

    def greet(self, protocol: int, login: str, password: str) -> None:
        hello = self.ask("HELLO", protocol, "AUTH", login, password)
        assert not isinstance(hello, Refusal), hello

    # -- reading ---------------------------------------------------------------------------

    def read_raw(self) -> bytes:
        """The bytes of exactly one reply."""
        return self._reply()[1]

    def read(self):
        """One reply as a Python value."""
        return self._reply()[0]

    def is_closed(self) -> bool:
        """Reads until the other side closes; False when it stays silent instead."""
        try:
            while chunk := self.socket.recv(65536):
                self.buffer += chunk
            return True
        except (ConnectionError, ssl.SSLEOFError):
            return True
        except TimeoutError:
            return False

    def _more(self) -> None:
        chunk = self.socket.recv(65536)
        if not chunk:
            raise EOFError("the daemon closed the connection")
        self.buffer += chunk

    def _line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self._more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self._more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def _reply(self) -> tuple[object, bytes]:
        line = self._line()
        kind, rest, raw = line[:1], line[1:], line + b"\r\n"
        allowed = b"+-:$*" if self.protocol == 2 else b"+-:$*_,#%>~="
        if kind == b"%" and self.protocol == 2:  # the answer to HELLO 3 is the first in RESP3
            self.protocol, allowed = 3, b"%"
        assert kind in allowed, f"{raw[:80]!r} is no RESP{self.protocol} reply of P-2's set"
        if kind == b"-":
            text = rest.decode("ascii")
            assert text.isprintable(), f"unescaped control characters in {text!r}"
            return Refusal(text), raw
        if kind in b"+,":
            return rest.decode(), raw
        if kind == b":":
            return int(rest), raw
        if kind == b"#":
            return {b"t": True, b"f": False}[rest], raw
        if kind == b"_":
            return None, raw
        if kind in b"$=":
            return self._bulk(kind, int(rest), raw)
        return self._aggregate(kind, int(rest), raw)

    def _bulk(self, kind: bytes, count: int, raw: bytes) -> tuple[object, bytes]:
        if count < 0:
            assert self.protocol == 2, "a null is `_` in RESP3, `$-1` hangs redis-py there (P-2)"
            return None, raw
        data = self._exactly(count + 2)
        assert data.endswith(b"\r\n"), "a bulk string does not end where its length says"
        text = data[:-2].decode()
        return (text[4:] if kind == b"=" else text), raw + data

    def _aggregate(self, kind: bytes, count: int, raw: bytes) -> tuple[object, bytes]:
        if count < 0:
            assert self.protocol == 2 and kind == b"*", f"{raw!r} is no reply of P-2's set"
            return None, raw
        values = []
        for _ in range(count * 2 if kind == b"%" else count):
            value, more = self._reply()
            values.append(value)
            raw += more
        if kind == b"%":
            return dict(zip(values[::2], values[1::2])), raw
        return (Push(values) if kind == b">" else values), raw


def as_map(reply) -> dict:
    """A map reply as a dict, whichever protocol it came in: RESP2 has the pairs flat (P-2)."""
    if isinstance(reply, dict):
        return reply
    assert len(reply) % 2 == 0, f"{reply!r} is no flat map"
    return dict(zip(reply[::2], reply[1::2], strict=True))


def as_maps(reply) -> list[dict]:
    return [as_map(row) for row in reply]


def whole(error: Exception) -> str:
    """A refusal's line as it was on the wire: redis-py tells the command of a pipeline before it, and
    takes off the first word of the errors that it has a class for."""
    text = str(error)
    if text.startswith("Command # "):
        text = text.split(" caused error: ", 1)[1]
    code = text.split(" ", 1)[0]
    if code.isupper() and code in OWN_CODES:
        return text
    return ("NOPERM " if type(error).__name__ == "NoPermissionError" else "ERR ") + text


OWN_CODES = {"NOTFOUND", "CONFLICT", "INVALID", "GATE", "PENDING", "DISKFULL", "NOPERM", "ERR"}
