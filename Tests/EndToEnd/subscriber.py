"""A person listening to an inbox through redis-py's ordinary subscribe call (P-7)."""

import json
import time

import redis


class Subscriber:
    def __init__(self, client: redis.Redis, *channels: str):
        self.client = client
        self.pubsub = client.pubsub(ignore_subscribe_messages=True)
        self.pubsub.subscribe(*(channels or ("inbox",)))

    def __enter__(self) -> "Subscriber":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.pubsub.close()
        self.client.close()

    def next(self, seconds: float = 10) -> dict:
        """The next message's payload; fails when none comes in time."""
        payload = self.next_or_none(seconds)
        assert payload is not None, f"no message within {seconds} s"
        return payload

    def next_or_none(self, seconds: float) -> dict | None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            message = self.pubsub.get_message(timeout=min(left, 0.5))
            if message and message["type"] in ("message", "pmessage"):
                return json.loads(message["data"])
        return None

    def take(self, count: int) -> list[dict]:
        return [self.next() for _ in range(count)]
