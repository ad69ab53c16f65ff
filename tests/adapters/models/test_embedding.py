from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.embedding import last_hidden


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_the_last_layer_makes_the_answer_of_it(activation: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it need not converge
        model = MLPClassifier((5, 3), activation=activation, max_iter=20, random_state=0).fit(Features, Labels)
    hidden = last_hidden(model, Features)
    assert hidden.shape == (150, 3)
    scores = hidden @ model.coefs_[-1] + model.intercepts_[-1]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert shares == pytest.approx(model.predict_proba(Features))
