"""How often one address of the service may be read, counted in this process: a brake, not a lock."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

_REMEMBERED = 10_000


class Limit:
    """At most `times` in each `window` for each key; the keys used longest ago are forgotten first."""

    def __init__(self, times: int, window: timedelta) -> None:
        self._times, self._window = times, window
        self._counted: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str, now: datetime) -> bool:
        """Count once more for `key`; say whether that is within the limit."""
        with self._lock:
            began, count = self._counted.pop(key, (now, 0))
            if now - began >= self._window:
                began, count = now, 0
            self._counted[key] = (began, count + 1)
            while len(self._counted) > _REMEMBERED:
                self._counted.popitem(last=False)
            return count < self._times
