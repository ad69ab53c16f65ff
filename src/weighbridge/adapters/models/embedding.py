"""What a multi-layer perceptron of scikit-learn computes before its last layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from weighbridge.probekit.ports import Floats


def last_hidden(perceptron: Any, rows: Any) -> Floats:
    """The last hidden layer for each row, shape (n, width)."""
    from scipy import special

    activations = {
        "identity": lambda x: x, "logistic": special.expit, "tanh": np.tanh, "relu": lambda x: np.maximum(x, 0),
    }  # fmt: skip
    activation = activations[perceptron.activation]
    layer = rows
    for weights, bias in zip(perceptron.coefs_[:-1], perceptron.intercepts_[:-1], strict=True):
        layer = activation(np.asarray(layer @ weights) + bias)
    return np.asarray(layer, dtype=np.float64)
