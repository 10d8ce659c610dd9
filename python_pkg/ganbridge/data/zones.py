"""Time zones: what a clock shows in one, and when."""

from __future__ import annotations

import datetime
import re

from ..check import came

OFFSET = re.compile(r"(UTC)?[+-]\d\d:\d\d")  # fixed ones, as pandas writes them


def is_zone(zone: str) -> bool:
    """Whether it is a fixed offset or the name of a zone in the time zone database, and nothing else.

    pandas takes more, among them `dateutil/` and the path of a file, which it would then read.
    """
    import zoneinfo

    if OFFSET.fullmatch(zone):
        return True
    try:
        # Not by path: "Europe/../Rome" and "/etc/localtime" are refused here.
        zoneinfo.ZoneInfo(zone)
    except Exception:  # not found, no such path, no zone in that file, a folder
        return False
    return True


def check_zone(zone: str, where: str) -> str:
    """The name of a time zone, if pandas can look it up; otherwise a ValueError that says where it is."""
    import pandas as pd

    try:
        known = is_zone(zone) and pd.DatetimeTZDtype("us", zone) is not None
    except Exception:  # which class depends on the library that looks zones up
        known = False
    if not known:
        raise ValueError(
            f"{where} must have a time zone that this machine knows, not {came(zone)}. Convert it first, for instance"
            ' to "UTC".'
        )
    return zone


def clock_in(zone: str, utc: datetime.datetime) -> datetime.datetime:
    """What a clock shows in that time zone at a time without a zone, which is UTC's."""
    import pandas as pd

    return pd.Timestamp(utc).tz_localize("UTC").tz_convert(zone).tz_localize(None).to_pydatetime()


def timestamp_in(zone: str, clock: datetime.datetime) -> float:
    """Seconds since 1970-01-01 (UTC) of what a clock shows in that time zone."""
    import pandas as pd

    # An hour that a clock shows twice is the first of both; one that it leaves out is moved on.
    return float(pd.Timestamp(clock).tz_localize(zone, ambiguous=True, nonexistent="shift_forward").timestamp())
