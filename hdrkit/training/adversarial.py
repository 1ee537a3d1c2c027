"""Adversarial training (Goodfellow et al. 2014), the report's outlook: "the use of GANs to achieve photorealistic
output". A discriminator learns to tell renders from the network's pictures, the network learns to pass for a render.
"""

from typing import Any

import keras
import tensorflow as tf
from keras import ops
from keras.saving import deserialize_keras_object, serialize_keras_object

from hdrkit.core.tensors import Tensor
from hdrkit.training.devices import over_devices


def discriminator_loss(on_real: Tensor, on_fake: Tensor) -> Tensor:
    """Return the discriminator's loss, from its verdicts: least squares, aiming at 1 and at 0 (Mao et al. 2017)."""
    return (ops.mean(ops.square(on_real - 1)) + ops.mean(ops.square(on_fake))) / 2


def generator_loss(on_fake: Tensor) -> Tensor:
    """Return the generator's adversarial loss: least squares, aiming at 1 (Mao et al. 2017)."""
    return ops.mean(ops.square(on_fake - 1)) / 2


@keras.saving.register_keras_serializable("hdrkit")
class Adversarial(keras.Model):
    """A generator and the discriminator that it is trained against, compiled, trained and kept as one model.

    generator: pictures to pictures, (n, h, w, 3) in [0, 1]. discriminator: see `patchgan.build`.
    weight: of `generator_loss`, beside the compiled loss. As a function, this is the generator.
    Both take their steps at once, from the same pictures. Adam goes variable by variable, so that one serves both;
    with weight 0 the generator becomes what it would have become alone.
    """

    def __init__(self, generator: keras.Model, discriminator: keras.Model, weight: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.generator, self.discriminator, self.weight = generator, discriminator, weight

    def call(self, pictures: Tensor, training: bool | None = None) -> Tensor:
        return self.generator(pictures, training=training)

    def train_step(self, data: tuple[Tensor, ...]) -> dict[str, Tensor]:
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        pictures, devices = tf.shape(x)[0], tf.distribute.get_strategy().num_replicas_in_sync

        def share(mean: Tensor) -> Tensor:
            return over_devices(mean, pictures) / devices  # whose gradients are added up, as of the compiled loss

        with tf.GradientTape(persistent=True) as tape:
            answer = self.generator(x, training=True)
            on_real, on_fake = self.discriminator([x, y]), self.discriminator([x, answer])
            loss = self.compute_loss(x, y, answer, sample_weight) + self.weight * share(generator_loss(on_fake))
            both = loss, share(discriminator_loss(on_real, on_fake))
            losses = [self.optimizer.scale_loss(value) for value in both]
        steps: list[tuple[Tensor, Tensor]] = []
        for network, value in zip((self.generator, self.discriminator), losses, strict=True):
            variables = network.trainable_variables
            steps += zip(tape.gradient(value, variables), variables, strict=True)
        self.optimizer.apply_gradients(steps)
        tracker = next(metric for metric in self.metrics if metric.name == "loss")
        tracker.update_state(loss * devices, sample_weight=pictures)
        return self.compute_metrics(x, y, answer, sample_weight)

    def get_config(self) -> dict[str, Any]:
        networks = {"generator": self.generator, "discriminator": self.discriminator}
        saved = {name: serialize_keras_object(network) for name, network in networks.items()}
        return {**super().get_config(), **saved, "weight": self.weight}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Adversarial":
        saved = {name: deserialize_keras_object(config[name]) for name in ("generator", "discriminator")}
        return cls(**{**config, **saved})
