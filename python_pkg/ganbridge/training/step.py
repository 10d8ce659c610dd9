"""The training step, as the paper writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .losses import DiscriminatorLoss, GeneratorLoss
from .penalties import Penalty, interpolate

if TYPE_CHECKING:
    from .trainer import Trainer


@torch.no_grad()
def train_round(gan: Trainer) -> None:
    """Algorithm 1 of Goodfellow et al. 2014: some updates of the discriminator, then of the generator.

    Shapes carry the member axis first: x (members, rows, width + condition), z (members, rows, latent + condition),
    logits (members, rows / pack), losses and penalties (members,). `backward` runs the networks, and turns a loss into
    the gradient that the optimizer reads: backward/autograd.py for any network, backward/dense.py the same faster.
    Of several processes each has its share of the rows, and `add_up` adds the gradients.
    """
    config, objective, backward, rng = gan.config, gan.objective, gan.backward, gan.streams["layers"]
    for _ in range(config.discriminator_steps):
        x_real = gan.real_rows.next()
        z = gan.latent.next(x_real)
        x_fake = backward.generate(z)  # G(z)
        label_noise = gan.label_noise()
        weights = gan.schedule.penalties(gan.step)  # of R1, R2 and WGAN-GP's penalty
        x_between = interpolate(x_real, x_fake, config.pack, rng, gan.packs) if weights.interpolated else None
        logit_real, logit_fake = backward.discriminator_logits(x_real, x_fake, x_between)  # D(x_real), D(G(z))
        loss = DiscriminatorLoss(objective, logit_real, logit_fake, label_noise)
        penalty = Penalty(weights, backward.input_gradients(), logit_real.shape[1]) if weights else None
        backward.discriminator(loss, penalty)  # d (loss + penalty) / d discriminator
        gan.add_up(gan.discriminator)
        gan.discriminator_optimizer.step(gan.schedule.lr("discriminator", gan.step))
        gan.losses.add_discriminator(loss)
    for _ in range(config.generator_steps):
        x_beside = gan.real_rows.next() if objective.paired or gan.condition_width else None
        z = gan.latent.next(x_beside)
        real, fake = backward.generator_logits(z, x_beside if objective.paired else None)  # D(x_real), D(G(z))
        generator_loss = GeneratorLoss(objective, real, fake)
        backward.generator(generator_loss)  # d loss / d generator
        gan.add_up(gan.generator)
        gan.generator_optimizer.step(gan.schedule.lr("generator", gan.step))
        gan.losses.add_generator(generator_loss)
        gan.step += 1
        gan.average()
