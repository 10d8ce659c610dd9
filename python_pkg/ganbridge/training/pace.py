"""When something that takes time is due again."""

from __future__ import annotations

import time

LARGEST_SHARE = 0.01  # of the time of a training, for what only prepares for its end


class Pace:
    """Due every so many seconds, and less often where it takes more than a hundredth of the time."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.next = seconds, time.monotonic() + seconds
        self.started = 0.0

    def due(self) -> bool:
        """Whether it is due; it then counts as begun."""
        self.started = time.monotonic()
        return self.started >= self.next

    def done(self) -> None:
        """It has been done."""
        now = time.monotonic()
        self.next = now + max(self.seconds, (now - self.started) / LARGEST_SHARE)
