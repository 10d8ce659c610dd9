"""The state of a training that has not come to its end: what an unfinished fit holds beside its networks.

From it, and from the data, the training goes on with the same bits as if it had never ended. A file of a fit holds it
as plain values and arrays by name, which `captured` takes from a run and `restore` puts into one (continuation.py):

    generator, discriminator, averaged          flat parameters of all members
    generator.first, .second, .count, ...       moments of the optimizers
    rows_rng, latent_rng, layers_rng            states of generators of random numbers, before their last draws
    rows_left                                   indices of rows (members, fewer than a batch) that were left over then
    losses.*                                    logits of the steps of the epoch under way
    records.*                                   losses and scores of the epochs before it
    good.*                                      parameters after the last epoch, if another one is under way
    best.*                                      the networks with the best score so far
    trace.*                                     traced samples
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..config import ROLES, Settings
from ..networks import Spec, check_state
from ..stored import anything, array, flag, listed, number, only, optional, refuse, require, text, values, whole
from .optimizers import MOMENTS
from .records import EpochRecord, from_arrays
from .selection import Kept

RULES = {
    "epochs": whole(1),
    "step": whole(0),
    "round": whole(0),
    "members": listed(whole(0, 1023)),
    "healthy": listed(flag),
    "rows_used": whole(0),
    "latent_used": whole(0),
    "next_checkpoint": whole(0, 2**53),
    "trace": optional(whole(1)),
    "messages": listed(text()),
    "best": anything,
}
BEST = {"member": whole(0, 1023), "epoch": whole(0), "step": whole(0), "score": number(0.0)}
STREAMS = ("rows", "latent", "layers")
GROUPS = ("losses", "records", "good", "best", "trace")


@dataclass(frozen=True, eq=False)
class TrainingState:
    """Plain values and arrays by name; see the top of this file."""

    plain: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @classmethod
    def from_state(cls, plain: Any, arrays: dict[str, np.ndarray]) -> TrainingState:
        """What `plain` and `arrays` of another one were. Raises BadFileError for what no run has."""
        return cls(values("training", plain, RULES), arrays)

    def group(self, name: str) -> dict[str, np.ndarray]:
        """Arrays whose names begin with that of a group, by the rest of their names."""
        prefix = f"{name}."
        return {key.removeprefix(prefix): part for key, part in self.arrays.items() if key.startswith(prefix)}

    @property
    def records(self) -> list[EpochRecord]:
        """The epochs so far."""
        return from_arrays("training.records", self.group("records"))

    @property
    def best(self) -> Kept | None:
        """The best networks so far, if any had a score."""
        if self.plain["best"] is None:
            return None
        networks = {role: {} for role in ROLES}  # type: dict[str, dict[str, torch.Tensor]]
        for name, part in self.group("best").items():
            role, _, of_layer = name.partition(".")
            require(role in networks, f"`training.best` has an unknown name, {role}")
            networks[role][of_layer] = torch.from_numpy(part.copy())
        found = values("training.best", self.plain["best"], BEST)
        return Kept(**found, generator=networks["generator"], discriminator=networks["discriminator"])

    def check(self, specs: tuple[Spec, ...], settings: Settings) -> None:
        """Raise BadFileError if it is no state of a training of such networks."""
        members, width = self.plain["members"], specs[0].outputs
        right = len(set(members)) == len(members) and len(members) in (1, settings.members)
        require(right and max(members) < settings.members, "`training.members` must be members of the fit")
        require(len(self.plain["healthy"]) == len(members), "`training.healthy` must be one for each member")
        require(any(self.plain["healthy"]), "`training.healthy` must be true for a member")
        known = self._check_buffers(specs, settings, len(members))
        for name in STREAMS:
            state = array("training", self.arrays, f"{name}_rng", "uint8", (None,))
            try:
                torch.Generator().set_state(torch.from_numpy(state.copy()))
            except (RuntimeError, TypeError):
                refuse(f"`training.{name}_rng` is no state of a generator of random numbers")
        left = array("training", self.arrays, "rows_left", "int64", (len(members), None), 0)
        require(left.shape[1] < settings.batch_size, "`training.rows_left` must be fewer than a batch")
        known |= {*(f"{name}_rng" for name in STREAMS), "rows_left"}
        only("training", (name for name in self.arrays if name.partition(".")[0] not in GROUPS), known)
        last = self.records[-1:]
        require(not last or len(last[0].generator_loss) in (1, settings.members), "`training.records` are of others")
        for name, logits in self.group("losses").items():
            require(name in ("real", "fake", "beside", "generated"), "`training.losses` has an unknown name")
            array("training.losses", {name: logits}, name, "float32", (len(members), None), finite=False)
        self._check_best(specs, settings.members)
        self._check_trace(settings.members, width)

    def _check_buffers(self, specs: tuple[Spec, ...], settings: Settings, members: int) -> set[str]:
        """Check parameters and moments; their names."""
        known = set()
        for role, spec in zip(ROLES, specs, strict=True):
            size = (members * spec.parameter_count,)
            moments = MOMENTS[settings.of("optimizer", role)]
            names = [role, *(f"{role}.{moment}" for moment in moments)]
            names += ["averaged"] if role == "generator" and settings.ema else []
            for name in names:
                array("training", self.arrays, name, "float32", size, finite=False)
            if f"good.{role}" in self.arrays:
                array("training", self.arrays, f"good.{role}", "float32", size, finite=False)
            known |= set(names)
            if settings.of("optimizer", role) == "adam":
                array("training", self.arrays, f"{role}.count", "float32", (1,), 0.0)
                known.add(f"{role}.count")
        only("training.good", self.group("good"), ROLES)
        require(len(self.group("good")) in (0, 2), "`training.good` must be of both networks")
        return known

    def _check_best(self, specs: tuple[Spec, ...], members: int) -> None:
        best = self.best
        require(best is not None or not self.group("best"), "`training.best` has networks without a score")
        if best is not None:
            require(best.member < members, "`training.best.member` must be a member of the fit")
            for spec, state in zip(specs, (best.generator, best.discriminator), strict=True):
                check_state(spec, state)

    def _check_trace(self, members: int, width: int) -> None:
        trace = self.group("trace")
        require(bool(trace) == (self.plain["trace"] is not None), "`training.trace` must have samples")
        if trace:
            only("training.trace", trace, ("epochs", "many", "one"))
            epochs = array("training.trace", trace, "epochs", "int64", (None,), 1)
            many = array("training.trace", trace, "many", "float32", (None, members, None, width), finite=False)
            one = array("training.trace", trace, "one", "float32", (None, many.shape[2], width), finite=False)
            require(len(many) + len(one) == len(epochs), "`training.trace` must have a sample of each epoch")


def with_prefix(prefix: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same arrays under longer names."""
    return {f"{prefix}.{name}": part for name, part in arrays.items()}
