"""The one type of what networks take, compute and return."""

from typing import Any, TypeAlias

# A symbolic tensor of Keras, a tensor of TensorFlow or an array: Keras's operations take each of them. Neither library
# is typed, so the name is for readers; shapes and ranges stand in docstrings.
Tensor: TypeAlias = Any
