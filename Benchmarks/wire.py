"""One connection that sends a line and waits for the whole reply, no more: measured time is the server's."""

import pathlib
import socket
import ssl


class Wire:
    def __init__(self, port: int, ca: pathlib.Path, user: str, password: str):
        context = ssl.create_default_context(cafile=str(ca))
        plain = socket.create_connection(("127.0.0.1", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.bytes = b""
        if not self.run("AUTH", user, password).startswith(b"+OK"):
            raise SystemExit("the login was refused")

    def close(self) -> None:
        self.socket.close()

    def run_all(self, lines: list[str]) -> bytes:
        """The replies as they came, to commands sent all at once, their words divided by blanks."""
        return self._exchange([line.split() for line in lines])

    def repeat(self, line: str, count: int) -> None:
        """One command so many times at once, where nothing changes in between: replies of one length are
        counted and not looked at, which would take longer than making them."""
        words = [word.encode() for word in line.split()]
        body = b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)
        self.socket.sendall((b"*%d\r\n" % len(words) + body) * count)
        self.bytes = b""
        rest = self._reply(0) * count - len(self.bytes)
        while rest > 0:
            received = len(self.socket.recv(1 << 16))
            if received == 0:
                raise SystemExit("the connection was closed")
            rest -= received

    def run(self, *words: str) -> bytes:
        return self._exchange([list(words)])

    def _exchange(self, commands: list[list[str]]) -> bytes:
        request = b""
        for words in commands:
            encoded = [word.encode() for word in words]
            body = b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in encoded)
            request += b"*%d\r\n" % len(words) + body
        self.socket.sendall(request)
        self.bytes, end = b"", 0
        for _ in commands:
            end = self._reply(end)
        return self.bytes[:end]

    def _line(self, start: int) -> tuple[bytes, int]:
        while (end := self.bytes.find(b"\r\n", start)) < 0:
            self._more()
        return self.bytes[start:end], end + 2

    def _more(self) -> None:
        received = self.socket.recv(1 << 16)
        if not received:
            raise SystemExit("the connection was closed")
        self.bytes += received

    def _reply(self, start: int) -> int:
        line, end = self._line(start)
        kind, count = line[:1], line[1:]
        if kind == b"$" and int(count) >= 0:
            end += int(count) + 2
            while len(self.bytes) < end:
                self._more()
        elif kind == b"*":
            for _ in range(max(0, int(count))):
                end = self._reply(end)
        return end
