"""What somebody who knows some columns of a real row, the keys, learns from generated rows.

Measures of identity and attribute disclosure as the R package synthpop reports them (Raab, Nowok and Dibben 2024,
"Practical privacy metrics for synthetic data", arXiv 2406.16826). Keys and targets are codes: (n,) of real, (k,) of
generated rows.
"""

from __future__ import annotations

import numpy as np


def unique_share(keys: np.ndarray) -> float:
    """UiO: share of rows whose keys no other row has."""
    return float((_counts(keys)[keys] == 1).mean()) if len(keys) else float("nan")


def replicated_uniques(real: np.ndarray, generated: np.ndarray) -> float:
    """repU: share of real rows whose keys are unique among real rows, and are those of exactly one generated row."""
    if not len(real):
        return float("nan")
    levels = 1 + max(int(real.max()), int(generated.max(initial=0)))
    return float(((_counts(real, levels) == 1) & (_counts(generated, levels) == 1)).sum() / len(real))


def correct_disclosures(
    keys: np.ndarray, target: np.ndarray, generated_keys: np.ndarray, generated_target: np.ndarray
) -> float:
    """DiSCO: share of real rows for which all generated rows of the same keys have one target, and that is right."""
    return float((_attribution(keys, target, generated_keys, generated_target) == 1.0).mean())


def correct_attribution(
    keys: np.ndarray, target: np.ndarray, generated_keys: np.ndarray, generated_target: np.ndarray
) -> float:
    """DCAP: how often a generated row of the same keys has the target of a real row; 0 if there is none of them."""
    return float(_attribution(keys, target, generated_keys, generated_target).mean())


def _attribution(
    keys: np.ndarray, target: np.ndarray, generated_keys: np.ndarray, generated_target: np.ndarray
) -> np.ndarray:
    """Share (n,) of the generated rows with the keys of a real row that have its target, too; 0 for none."""
    levels = 1 + max(int(target.max()), int(generated_target.max()))
    both = _dense(np.concatenate([keys * levels + target, generated_keys * levels + generated_target]))
    alone = _dense(np.concatenate([keys, generated_keys]))
    count = len(keys)
    same, of = (_counts(codes[count:], int(codes.max()) + 1)[codes[:count]] for codes in (both, alone))
    return np.asarray(same / np.maximum(of, 1))


def _counts(codes: np.ndarray, levels: int = 0) -> np.ndarray:
    return np.bincount(codes, minlength=levels)


def joint_codes(parts: list[np.ndarray]) -> np.ndarray:
    """One code from 0 on for each combination of codes (n,)."""
    codes = _dense(parts[0])
    for part in parts[1:]:
        codes = _dense(codes * (int(part.max()) + 1) + part)
    return codes


def _dense(codes: np.ndarray) -> np.ndarray:
    return np.asarray(np.unique(codes, return_inverse=True)[1].ravel())
