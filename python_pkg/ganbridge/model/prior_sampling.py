"""Rows from a prior that is a mixture: uniform numbers in, decoded rows out, under any condition on any columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch

from ..check import came, fail
from ..data import Column, Data, Frame, Matrix
from ..data.table import Given, GivenForm
from ..encode.allowed import Allowed
from ..encode.asked import allowed_ranks, asked_columns
from ..encode.marginal import Moves
from ..encode.ranks import RankEncoder
from ..encode.relations import Plan, Request
from ..prior.table import TablePrior
from ..training.streams import stream_seed
from ..training.threads import torch_threads
from .completion import Completion
from .interpolation import spherical

MOST_DRAWN, MOST_DRAWN_EACH = 2**19, 2**8  # rows that are drawn for a condition on computed columns: in all, and each
MOST_IN_VAIN = 2**14  # rows that are drawn if none of them has what is asked for
MOVES_SEED = 1  # of the draws that show how numbers under a level are moved
MOST_CONDITIONS = 1000  # that rows have one by one, next to computed columns


@dataclass(frozen=True, eq=False)
class PriorSampling:
    """Samples and walks; the counterpart of `Sampler` for fits without networks."""

    prior: TablePrior
    encoder: RankEncoder
    threads: int
    plan: Plan | None = None

    def sample(self, n: int, seed: int, given: Frame | None = None) -> tuple[Data, Frame | None]:
        """n decoded rows; there are no conditions beside them.

        given: one condition for all rows, or n values of some columns, one for each row.
        """
        seed = stream_seed(seed, "latent")
        with torch_threads(self.threads):
            if given is None:
                return self._rows(n, seed), None
            given = _checked(given, n)
            several = any(
                form == "values" and len(c.values) > 1 for c, form in zip(given.columns, given.forms, strict=True)
            )
            if self.plan is not None and self.plan.steps:
                return self._related(self.plan, given, n, seed, several), None
            return (self._row_by_row if several else self._given_rows)(given, n, seed), None

    def parts(self, n: int, seed: int, given: Frame | None = None, first: int = 0) -> Iterator[tuple[int, Data]]:
        """The rows of `sample` and some more, part by part, each with the number of the block after it.

        first: the block to begin with. given: one condition for all rows.
        """
        seed, request, allowed = stream_seed(seed, "latent"), None, None
        if given is not None:
            asked = _checked(given, 1)
            if self.plan is not None and self.plan.steps:
                request = self._request(self.plan, asked)
                asked = request.core
            allowed = allowed_ranks(self.encoder, asked) if asked.columns else None
        moves = self._moves(allowed)
        rows = drawn = 0
        for block, (ranks, _) in enumerate(self.prior.sampler(allowed).blocks(seed, first), first + 1):
            if not len(ranks):
                continue
            data = self._encoded(ranks, allowed, moves)
            part = self._whole(data) if request is None else request.accepted(data)
            rows, drawn = rows + part.rows, drawn + len(ranks)
            if request is not None:
                _check_accepted(rows, drawn, n, request)
            if part.rows:
                yield block, part

    def walk(self, n: int, seed: int, given: Frame | None = None) -> Data:
        """n rows from the first to the second row of a sample, along a great circle of normal latent vectors."""
        with torch_threads(self.threads):
            allowed = None if given is None else allowed_ranks(self.encoder, self._of_walk(_checked(given, 1)))
            sampler = self.prior.sampler(allowed)
            ends = np.zeros((0, self.prior.latent_dim))
            for _, uniform in sampler.blocks(stream_seed(seed, "latent")):
                ends = np.concatenate([ends, uniform])[:2]
                if len(ends) == 2:
                    break
            z = torch.special.ndtri(torch.from_numpy(ends).clamp(1e-12, 1.0 - 1e-12)).numpy()
            u = torch.special.ndtr(torch.from_numpy(spherical(z[0], z[1], n))).clamp(0.0, 1.0 - 1e-12)
            u[0], u[-1] = torch.from_numpy(ends[0]), torch.from_numpy(ends[1])
            return self._decoded(sampler.ranks(u), allowed, self._moves(allowed))

    def middle(self) -> Data:
        """The row that uniform numbers of one half become."""
        with torch_threads(self.threads):
            sampler = self.prior.sampler()
            u = torch.full((1, self.prior.latent_dim), 0.5, dtype=torch.float64)
            return self._decoded(sampler.ranks(u), None)

    def _rows(self, n: int, seed: int, allowed: Sequence[Allowed | None] | None = None) -> Data:
        sampler, moves = self.prior.sampler(allowed), self._moves(allowed)
        parts = (self._decoded(ranks, allowed, moves) for ranks in sampler.rows(n, seed))
        return _joined(parts, n)

    def _given_rows(self, given: Given, n: int, seed: int) -> Data:
        """n rows under one condition."""
        return self._rows(n, seed, allowed_ranks(self.encoder, given))

    def _request(self, plan: Plan, given: Given) -> Request:
        """What is asked for, of computed columns, too."""
        names = [str(column.name) for column in self.encoder.table.empty]
        return Request(
            plan,
            given,
            lambda name: self.encoder.with_levels(names.index(name)),
            lambda name: self.encoder.marginals[names.index(name)].codec.value_range,
        )

    def _of_walk(self, given: Given) -> Given:
        """What is asked of a walk, as what is asked of encoded columns."""
        if self.plan is None or not self.plan.steps:
            return given
        request = self._request(self.plan, given)
        for name in self.plan.changed & set(request.asked):
            wanted = "left out for a column that is computed from others"
            fail("given", wanted, name, "Ask for values of those.")
        return request.core

    def _related(self, plan: Plan, given: Given, n: int, seed: int, several: bool) -> Data:
        """n rows in which columns are computed, under one condition or under one each."""
        if not several:
            return self._accepted(self._request(plan, given), n, seed)
        if not plan.changed & {str(column.name) for column in given.columns}:
            return self._row_by_row(given, n, seed)
        keys = np.stack([*(c.values for c in given.columns), *(c.missing for c in given.columns)], 1)
        _, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        if len(first) > MOST_CONDITIONS:
            names = " and ".join(came(name) for name in sorted(plan.changed & {str(c.name) for c in given.columns}))
            raise ValueError(
                f"`given` must have at most {MOST_CONDITIONS:,} different conditions next to {names}, which is computed"
                f" from other columns, not {len(first):,}. Ask for those, or for fewer rows at once."
            )
        parts: list[Data] = []
        for i, row in enumerate(first):
            rows = int((which.ravel() == i).sum())
            one = Given([column.take([row]) for column in given.columns], given.forms)
            own_seed = int(np.random.SeedSequence([seed, i]).generate_state(1)[0])
            parts.append(self._accepted(self._request(plan, one), rows, own_seed))
        order = np.argsort(np.argsort(which.ravel(), kind="stable"), kind="stable")
        return parts[0].followed_by(parts[1:]).take(order)

    def _accepted(self, request: Request, n: int, seed: int) -> Data:
        """The first n rows that have what is asked for."""
        allowed = allowed_ranks(self.encoder, request.core) if request.core.columns else None
        parts, moves = list[Data](), self._moves(allowed)
        rows = drawn = 0
        for ranks, _ in self.prior.sampler(allowed).blocks(seed):
            if len(ranks):
                part = request.accepted(self._encoded(ranks, allowed, moves))
                rows, drawn = rows + part.rows, drawn + len(ranks)
                parts += [part] if part.rows else []
            if rows >= n:
                break
            _check_accepted(rows, drawn, n, request)
        return parts[0].followed_by(parts[1:]).first(n)

    def _row_by_row(self, given: Given, n: int, seed: int) -> Data:
        """n rows, each under its own condition."""
        asked = asked_columns(self.encoder, given)
        unknown = np.tile([column is None for column in asked], (n, 1))
        completion = Completion(self.prior, self.encoder, self.threads)
        columns = completion.completed(asked, unknown, [None] * self.encoder.width, seed)
        return self._whole(self.encoder.table.data_of(columns))

    def _moves(self, allowed: Sequence[Allowed | None] | None) -> dict[int, Moves]:
        """How numbers under a level are moved: the same for all seeds, so that a longer sample begins as a shorter."""
        if allowed is None:
            return {}
        sampler = self.prior.sampler(allowed)
        return self.encoder.moves(allowed, lambda n: np.concatenate(list(sampler.rows(n, MOVES_SEED))))

    def _decoded(
        self, ranks: np.ndarray, allowed: Sequence[Allowed | None] | None, moves: Mapping[int, Moves] | None = None
    ) -> Data:
        return self._whole(self._encoded(ranks, allowed, moves))

    def _encoded(
        self, ranks: np.ndarray, allowed: Sequence[Allowed | None] | None, moves: Mapping[int, Moves] | None
    ) -> Data:
        """The encoded columns, decoded."""
        return self.encoder.decode_within(ranks, [None] * self.encoder.width if allowed is None else allowed, moves)

    def _whole(self, data: Data) -> Data:
        """Encoded columns with those that are computed from them."""
        return data if self.plan is None else self.plan.restore(data)


def _check_accepted(rows: int, drawn: int, n: int, request: Request) -> None:
    """Raise ValueError if of so many drawn rows too few have what is asked for, n in all."""
    if drawn > MOST_DRAWN + MOST_DRAWN_EACH * n or (not rows and drawn > MOST_IN_VAIN):
        raise ValueError(
            f"`given` asks for rows that the fit can hardly generate. Ask for less at once.{request.ties()}"
        )


def _joined(parts: Iterator[Data], n: int) -> Data:
    """n rows of data in parts, of which none is kept beside them: samples may take most of the memory."""
    data, rows = next(parts), 0
    values = [np.empty(n) for _ in data.columns]
    missing = [np.zeros(n, dtype=bool) for _ in data.columns]
    part: Data | None = data
    while part is not None:
        for column, of_column, mask in zip(part.columns, values, missing, strict=True):
            of_column[rows : rows + part.rows], mask[rows : rows + part.rows] = column.values, column.missing
        rows += part.rows
        part = next(parts, None)
    filled = zip(data.columns, values, missing, strict=True)
    columns = [like.like(v, mask if mask.any() else None) for like, v, mask in filled]
    return cast("Frame | Matrix", data).with_columns(columns)


def _checked(given: Frame, n: int) -> Given:
    """What was asked for, once it is known that columns have one value, or one for each of n rows."""
    forms: list[GivenForm] = given.forms if isinstance(given, Given) else ["values"] * len(given.columns)
    columns: list[Column] = []
    most = max((len(c.values) for c, form in zip(given.columns, forms, strict=True) if form == "values"), default=1)
    for column, form in zip(given.columns, forms, strict=True):
        rows = len(column.values)
        if form == "values" and rows not in (1, n):
            raise ValueError(
                f"`given[{column.name}]` must be one value or {n} (as many as `n`), a range or a set,"
                f" not {rows} values."
            )
        if form == "range" and rows != 2:
            raise ValueError(f"`given[{column.name}]` must be a range of two values, not of {rows}.")
        columns.append(column.take(np.zeros(most, dtype=np.int64)) if form == "values" and rows < most else column)
    if most > 1 and any(form != "values" for form in forms):
        raise ValueError("`given` must have one value for each column next to ranges and sets, not one for each row.")
    return Given(columns, forms)
