"""The state of a run under way, and the way back into a run that has just begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from ..config import ROLES
from ..stored import require
from .batches import Latent, Position
from .callbacks import TraceRecorder
from .records import to_arrays
from .state import TrainingState, with_prefix
from .streams import later_stream
from .trainer import Trainer

if TYPE_CHECKING:
    from .run import Run


def captured(run: Run) -> TrainingState:
    """The state of a run between two rounds."""
    trainer, best = run.trainer, run.selection.best
    assert isinstance(trainer.latent, Latent)
    rows, latent = trainer.real_rows.position, trainer.latent.position
    assert rows.left is not None
    plain: dict[str, Any] = {
        "epochs": run.epochs,
        "step": trainer.step,
        "round": trainer.round,
        "members": list(run.selection.members),
        "healthy": trainer.healthy.tolist(),
        "rows_used": rows.used,
        "latent_used": latent.used,
        "next_checkpoint": run.selection.next_checkpoint,
        "trace": run.trace,
        "messages": list(run.messages),
        "best": None,
    }
    arrays = {name: _copied(buffer).reshape(-1) for name, buffer in _buffers(trainer).items()}
    arrays |= {"rows_rng": _copied(rows.rng), "latent_rng": _copied(latent.rng), "rows_left": _copied(rows.left)}
    arrays |= {"layers_rng": _copied(trainer.streams["layers"].get_state())}
    arrays |= with_prefix("losses", trainer.losses.to_arrays()) | with_prefix("records", to_arrays(run.records))
    if trainer.round and run.health.good:
        arrays |= with_prefix("good", dict(zip(ROLES, map(_copied, run.health.good), strict=True)))
    if best is not None:
        plain["best"] = {name: getattr(best, name) for name in ("member", "epoch", "step", "score")}
        for role in ROLES:
            arrays |= with_prefix(f"best.{role}", {name: _copied(v) for name, v in getattr(best, role).items()})
    if run.recorder is not None:
        arrays |= with_prefix("trace", _traced(run.recorder, run.config.members, trainer.width))
    return TrainingState(plain, arrays)


def restore(run: Run, state: TrainingState) -> None:
    """Put the state into a run of the same data, settings and seed that has not begun."""
    trainer, plain = run.trainer, state.plain
    run.messages[:] = plain["messages"]
    run.records = state.records
    scores = [record.scores for record in run.records if record.scores is not None]
    run.selection.go_on(plain["members"], scores, state.best, plain["next_checkpoint"])
    for name, buffer in _buffers(trainer).items():
        buffer.copy_(torch.from_numpy(state.arrays[name]).view(buffer.shape))
    trainer.step, trainer.round = plain["step"], plain["round"]
    trainer.healthy = np.array(plain["healthy"], dtype=bool)
    rng = {name: torch.from_numpy(state.arrays[f"{name}_rng"].copy()) for name in ("rows", "latent", "layers")}
    left = torch.from_numpy(state.arrays["rows_left"].copy())
    rows = trainer.real_rows
    require(not left.numel() or int(left.max()) < rows.count, "`training.rows_left` must be rows of the data")
    require(trainer.round <= trainer.rounds, "`training.round` must be one of an epoch")
    assert isinstance(trainer.latent, Latent)
    require(plain["latent_used"] <= trainer.latent.steps, "`training.latent_used` must be one of a draw")
    rows.seek(Position(rng["rows"], plain["rows_used"], left))
    trainer.latent.seek(Position(rng["latent"], plain["latent_used"]))
    trainer.streams["layers"].set_state(rng["layers"])
    _drop_other_units(trainer, run.seed)
    trainer.losses.load({name: torch.from_numpy(v).to(trainer.device) for name, v in state.group("losses").items()})
    if run.records:
        run.health.remember()
        for good, role in zip(run.health.good, ROLES, strict=True):
            if f"good.{role}" in state.arrays:
                good.copy_(torch.from_numpy(state.arrays[f"good.{role}"]))
    if run.recorder is not None:
        trace = state.group("trace")
        require(trace["one"].shape[1] == len(run.recorder.z), "`training.trace` must be of as many rows")
        run.recorder.epochs = trace["epochs"].tolist()
        run.recorder.encoded = [*trace["many"], *trace["one"][:, None]]


def begin_again(run: Run, networks: dict[str, dict[str, Tensor]], member: int, step: int, seed: int) -> None:
    """Let a run go on from the networks of a finished fit alone, with optimizers and random numbers of its own.

    member: the one that the fit has kept. step: updates of its generator so far.
    """
    trainer = run.trainer
    scores = [record.scores for record in run.records if record.scores is not None]
    for name in ("rows", "latent", "layers"):
        trainer.streams[name].set_state(later_stream(seed, name, step).get_state())
    _drop_other_units(trainer, seed)
    run.selection.go_on([member] if run.config.members > 1 else [0], scores, None, step)
    trainer.start(np.arange(trainer.rows))
    for role in ROLES:
        getattr(trainer, role).load(networks[role])
    if trainer.config.ema:
        trainer.averaged.copy_(trainer.generator.parameters)
    trainer.step = step
    run.health.remember()
    if run.config.keep == "best":
        run.selection.score(len(run.records))  # what the fit has kept is the first to be compared with


def _drop_other_units(trainer: Trainer, seed: int) -> None:
    """Let each of several processes go on with random numbers of its own, whose state no file holds."""
    if trainer.dropout_stream is not trainer.streams["layers"]:
        later = later_stream(seed, "layers", trainer.step + (1 + trainer.ranks.rank) * 2**32)
        trainer.dropout_stream.set_state(later.get_state())


def _buffers(trainer: Trainer) -> dict[str, Tensor]:
    """All that steps change in place, by name."""
    buffers: dict[str, Tensor] = {role: getattr(trainer, role).parameters for role in ROLES}
    if trainer.config.ema:
        buffers["averaged"] = trainer.averaged
    for role in ROLES:
        optimizer = getattr(trainer, f"{role}_optimizer")
        buffers |= {f"{role}.{name}": getattr(optimizer, name) for name in optimizer.moments}
        if hasattr(optimizer, "count"):
            buffers[f"{role}.count"] = optimizer.count
    return buffers


def _traced(recorder: TraceRecorder, members: int, width: int) -> dict[str, np.ndarray]:
    """Traced samples: of all members, and, since one of them goes on alone, of this one."""
    many = [rows for rows in recorder.encoded if len(rows) > 1]
    one = [rows[0] for rows in recorder.encoded if len(rows) == 1]
    rows = len(recorder.z)
    return {
        "epochs": np.array(recorder.epochs, dtype=np.int64),
        "many": np.stack(many) if many else np.zeros((0, members, rows, width), dtype=np.float32),
        "one": np.stack(one) if one else np.zeros((0, rows, width), dtype=np.float32),
    }


def _copied(buffer: Tensor) -> np.ndarray:
    return buffer.detach().cpu().numpy().copy()
