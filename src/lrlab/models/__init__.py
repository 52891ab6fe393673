"""Models with analytic gradients over one flat vector of parameters, and themselves on data as an objective."""

from lrlab.models.lexicon import lexicon
from lrlab.models.losses import one_hot
from lrlab.models.model import Model
from lrlab.models.on_data import OnData
from lrlab.models.starts import STARTS
from lrlab.models.zoo import convnet, embedding_bag, linear_regression, logistic_regression, mlp, softmax

MODELS = {
    "linear_regression": linear_regression,
    "logistic_regression": logistic_regression,
    "softmax": softmax,
    "mlp": mlp,
    "convnet": convnet,
    "embedding_bag": embedding_bag,
}

__all__ = ["MODELS", "STARTS", "Model", "OnData", "lexicon", "one_hot", *MODELS]
