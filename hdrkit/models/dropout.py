"""Dropout that is as random on several devices as on one."""

import keras
import tensorflow as tf
from keras import layers

from hdrkit.core.tensors import Tensor


@keras.saving.register_keras_serializable("hdrkit")
class Dropout(layers.Dropout):
    """Drops other values on each device that trains; Keras's layer drops the same on all, which ties their pictures."""

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        context = tf.distribute.get_replica_context()
        if not training or context is None or context.num_replicas_in_sync == 1:
            return super().call(inputs, training=training)
        seed = self.seed_generator.next()
        device = tf.cast(context.replica_id_in_sync_group, seed.dtype)
        return tf.nn.experimental.stateless_dropout(inputs, self.rate, seed + tf.stack([device, 0]))
