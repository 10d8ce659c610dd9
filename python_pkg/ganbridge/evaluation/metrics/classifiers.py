"""The models that metrics use: a linear one and a tree one, from scikit-learn, which is imported when first needed."""

from __future__ import annotations

from typing import Any

import numpy as np

INSTALL = (
    "Evaluation needs scikit-learn, which is not installed. Run: pip install scikit-learn (in R, gan_sitrep() has the"
    " command for R's own Python)."
)
MODELS = ("linear", "tree")
TREES = 60
LEAF = 5  # rows in a leaf at least


def needs_sklearn() -> None:
    """Raise ImportError, which says how to install it, if scikit-learn is missing."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise ImportError(INSTALL) from None


def classifier(model: str, seed: int) -> Any:
    """A classifier with `fit` and `predict_proba`."""
    needs_sklearn()
    if model == "linear":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(max_iter=1000)
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(TREES, min_samples_leaf=LEAF, random_state=seed)


def regressor(model: str, seed: int) -> Any:
    """A regressor with `fit` and `predict`."""
    needs_sklearn()
    if model == "linear":
        from sklearn.linear_model import LinearRegression

        return LinearRegression()
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(TREES, min_samples_leaf=LEAF, max_features=0.5, random_state=seed)


def auc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Area under the receiver operating characteristic: how often a true case scores above a false one, ties half.

    scores (n,), truth bool (n,); NaN if all cases are of one kind.
    """
    positive = int(truth.sum())
    negative = len(truth) - positive
    if positive == 0 or negative == 0:
        return float("nan")
    _, positions, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[positions.ravel()]
    return float((ranks[truth].sum() - positive * (positive + 1) / 2.0) / (positive * negative))
