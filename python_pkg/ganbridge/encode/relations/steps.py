"""All kinds of steps, by the names that files have for them."""

from __future__ import annotations

from .add_span import AddSpan
from .agree import Agree
from .bounds import Bounds, Difference
from .calendar import Calendar
from .compute import Compute, Flagged, Overwrite, Replace
from .join import Join
from .mask import Mask
from .seasonal import Seasonal
from .step import Step

_ALL = (Compute, AddSpan, Replace, Flagged, Overwrite, Agree, Mask, Bounds, Difference, Join, Calendar, Seasonal)
STEPS: dict[str, type[Step]] = {step.name: step for step in _ALL}
