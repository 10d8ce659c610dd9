"""One result from the same analysis of several synthetic data sets, with the standard errors of real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import check

if TYPE_CHECKING:
    import pandas as pd

NORMAL = 1.959963984540054  # the .975 quantile


def pool(estimates: Any, variances: Any, *, rows: int, synthetic_rows: int) -> pd.DataFrame:
    """Combine the same analysis of m synthetic data sets (Raab, Nowok and Dibben 2016).

    With estimates q and variances v of m data sets of k rows each, drawn from one fit to n real rows, the pooled
    estimate is mean(q), and its variance mean(v) (k / n + 1 / m): the variance that n real rows would give, and what
    the m samples add. However large k and m are, it is not below that of the n real rows. The rule takes for granted
    that the fit is right: it knows of sampling, not of what the generator got wrong. Compare the estimates with those
    of the real rows where you can.

    Args:
        estimates: of each data set, as a Series, a dict of names to numbers, a number, or a sequence of numbers.
        variances: the squared standard errors of them, in the same form.
        rows: number n of real rows that the fit was made from.
        synthetic_rows: number k of rows of each synthetic data set.

    Returns:
        A DataFrame with one row for each estimate: term, estimate, std_error, low and high, the 95 percent interval
        of a normal distribution.

    Raises:
        ValueError: if estimates and variances do not have the same shape, or a variance is negative.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> import pandas as pd
        >>> rng = np.random.default_rng(1)
        >>> people = pd.DataFrame({"height": rng.normal(170, 8, 200)})
        >>> samples = ganbridge.fit(people, seed=1, epochs=5).sample(1000, m=5, seed=2)
        >>> means = [{"height": s["height"].mean()} for s in samples]
        >>> variances = [{"height": s["height"].var() / len(s)} for s in samples]
        >>> ganbridge.pool(means, variances, rows=200, synthetic_rows=1000).columns.tolist()
        ['term', 'estimate', 'std_error', 'low', 'high']
    """
    import pandas as pd

    names, q = _numbers("estimates", estimates)
    other_names, v = _numbers("variances", variances)
    if v.shape != q.shape or (names and other_names and names != other_names):
        remedy = "Pass the same names and numbers of both."
        check.fail("variances", f"{q.shape[1]} of each of {q.shape[0]} data sets, as `estimates`", v, remedy)
    columns = pooled(q, v, check.rows("rows", rows), check.rows("synthetic_rows", synthetic_rows))
    terms = names or other_names or [str(i + 1) for i in range(q.shape[1])]
    return pd.DataFrame({"term": terms, **columns})


def pooled(q: np.ndarray, v: np.ndarray, n: int, k: int) -> dict[str, np.ndarray]:
    """Pooled estimates, standard errors and intervals, (p,) each, of estimates and variances (m, p)."""
    if (v < 0).any():
        check.fail("variances", "numbers of at least 0", float(v[v < 0][0]))
    estimate = q.mean(axis=0)
    error = np.sqrt(v.mean(axis=0) * (k / n + 1.0 / len(q)))
    return {
        "estimate": estimate,
        "std_error": error,
        "low": estimate - NORMAL * error,
        "high": estimate + NORMAL * error,
    }


def _numbers(name: str, values: Any) -> tuple[list[str] | None, np.ndarray]:
    """Names of the estimates, if they have any, and the numbers (m, p)."""
    wanted = "finite numbers of each data set: a list of Series, dicts, sequences or numbers"
    if isinstance(values, (str, dict)) or not hasattr(values, "__len__") or len(values) == 0:
        check.fail(name, wanted, values)
    each = [value.to_dict() if hasattr(value, "to_dict") else value for value in values]
    names = list(each[0]) if isinstance(each[0], dict) else None
    if any((list(value) if isinstance(value, dict) else None) != names for value in each):
        check.fail(name, "of the same terms in every data set", values)
    try:
        numbers = np.array([list(v.values()) if isinstance(v, dict) else np.atleast_1d(v) for v in each], dtype=float)
    except (TypeError, ValueError):
        check.fail(name, wanted, values)
    if numbers.ndim != 2 or not numbers.size or not np.isfinite(numbers).all():
        check.fail(name, wanted, values)
    return None if names is None else [str(term) for term in names], numbers
