"""The models, each built by one function: how many parameters, what goes in, what it is judged by."""

from __future__ import annotations

from lrlab.arguments import number, positive, whole
from lrlab.models.layers import Conv, Dense, EmbeddingBag, Flat, Image, MaxPool, Relu, Tanh
from lrlab.models.losses import CrossEntropy, HalfSquaredError, LogisticLoss
from lrlab.models.model import Model

ACTIVATIONS = {"tanh": Tanh, "relu": Relu}
LOSSES = {"cross_entropy": CrossEntropy, "half_squared_error": HalfSquaredError}
USUAL_START = {"tanh": "lecun_normal", "relu": "kaiming_normal"}  # keep the size of what passes through


def linear_regression(features: int, outputs: int = 1, start: str = "zeros") -> Model:
    """z = x W + b;  loss = mean over the examples of 1/2 * |z - target|**2.  D = (features + 1) * outputs.

    features: >= 1, numbers an example: inputs are (n, features)
    outputs:  >= 1, numbers to tell: targets are (n, outputs), or (n,) for one
    start:    a rule of STARTS; from 0 every run begins alike

    Full-batch gradient descent is stable up to lr = 2 / L, with L the largest eigenvalue of X^T X / n, X with a column
    of ones. PyTorch's MSELoss has no 1/2 and takes the mean over the outputs too.

    Raises ValueError for a number out of range or an unknown start.
    Source: Gauss 1809, Theoria motus corporum coelestium.

    >>> loss, grad = linear_regression(1).loss_and_grad([1.0, 0.0], [[1.0], [3.0]], [0.0, 1.0])
    >>> float(loss), grad.tolist()
    (1.25, [3.5, 1.5])
    """
    layer = Dense("output", size("features", features), size("outputs", outputs))
    return Model("linear_regression", (layer,), HalfSquaredError(outputs), start)


def logistic_regression(features: int, start: str = "zeros") -> Model:
    """z = x w + b;  loss = mean over the examples of log(1 + exp(z)) - label * z.  D = features + 1.

    features: >= 1, numbers an example: inputs are (n, features), labels 0 or 1
    start:    a rule of STARTS; from 0 every run begins alike

    1 / (1 + exp(-z)) is the probability of label 1. PyTorch: BCEWithLogitsLoss.

    Raises ValueError for a number out of range or an unknown start.
    Source: Cox 1958, doi:10.1111/j.2517-6161.1958.tb00292.x.

    >>> loss, grad = logistic_regression(1).loss_and_grad([0.0, 0.0], [[1.0], [3.0]], [0, 1])
    >>> float(loss.round(4)), grad.tolist()
    (0.6931, [-0.5, 0.0])
    """
    return Model("logistic_regression", (Dense("output", size("features", features), 1),), LogisticLoss(), start)


def softmax(features: int, classes: int, start: str = "zeros") -> Model:
    """z = x W + b;  loss = mean over the examples of log(sum_j exp(z_j)) - z_label.  D = (features + 1) * classes.

    features: >= 1, numbers an example: inputs are (n, features)
    classes:  >= 2; labels are whole numbers from 0 to classes - 1
    start:    a rule of STARTS; from 0 every run begins alike

    exp(z_k) / sum_j exp(z_j) is the probability of class k. The loss is convex, so that it has no bad valley to end
    in, and its slope is bounded: at too high a rate it bounces and does not diverge.

    Raises ValueError for a number out of range or an unknown start.
    Source: Bridle 1990, doi:10.1007/978-3-642-76153-9_28.

    >>> loss, grad = softmax(1, 2).loss_and_grad([0.0, 0.0, 0.0, 0.0], [[1.0], [3.0]], [0, 1])
    >>> float(loss.round(4)), grad.tolist()
    (0.6931, [0.5, -0.5, 0.0, 0.0])
    """
    layer = Dense("output", size("features", features), size("classes", classes, 2))
    return Model("softmax", (layer,), CrossEntropy(classes), start)


def mlp(
    widths,
    activation: str = "relu",
    loss: str = "cross_entropy",
    start: str | None = None,
    parametrization: str = "standard",
    base_width: float | None = None,
) -> Model:
    """h_0 = x, h_i = activation(h_{i-1} W_i + b_i), z = h_{k-1} W_k + b_k;  loss(z, target): a multilayer perceptron.

    widths:          inputs, hidden layers (any number of them, none too), outputs: (64, 32, 10)
    activation:      "relu" or "tanh"
    loss:            "cross_entropy" for labels (n,), or "half_squared_error" for targets (n, outputs), see one_hot
    start:           a rule of STARTS; None: kaiming_normal for relu, lecun_normal for tanh. Biases start at 0.
    parametrization: "standard": the start draws as `start` says, and one rate fits one width.
                     "mup" (maximal update): the output weights start smaller by sqrt(base_width / width), and
                     `lr_scale=model.lr_scale("sgd")` or "adam" gives each layer its own rate, so that the best lr of a
                     net of base_width is that of a wider one. At base_width both are the same net.
    base_width:      > 0, with "mup" only: the hidden width for which the rate was, or will be, found

    Raises ValueError for fewer than two widths, an unknown name, or a base_width that is missing or out of place.
    Source: Rumelhart, Hinton and Williams 1986, doi:10.1038/323533a0; Yang et al. 2022, arXiv:2203.03466, table 3.

    >>> net = mlp((64, 32, 10))
    >>> net.dim, list(net.views(net.init(0)))
    (2410, ['hidden1.weight', 'hidden1.bias', 'output.weight', 'output.bias'])
    """
    widths = sizes("widths", widths, "give at least the inputs and the outputs, such as (64, 32, 10)")
    if len(widths) < 2:
        raise ValueError(f"widths is {widths}: give at least the inputs and the outputs, such as (64, 32, 10)")
    known("activation", activation, ACTIVATIONS)
    known("loss", loss, LOSSES)
    known("parametrization", parametrization, ("standard", "mup"))
    wider = [1.0] * len(widths)
    if parametrization == "mup":
        remedy = "give the hidden width for which the rate was found, such as 32"
        if base_width is None:
            raise ValueError(f"base_width is None: {remedy}")
        base = number("base_width", base_width, remedy, positive)
        wider[1:-1] = [width / base for width in widths[1:-1]]
    elif base_width is not None:
        raise ValueError(f'base_width is {base_width!r}: leave it out, or give parametrization="mup"')
    layers = []
    for i in range(1, len(widths)):
        last = i == len(widths) - 1
        name = "output" if last else f"hidden{i}"
        layers.append(Dense(name, widths[i - 1], widths[i], (wider[i - 1], wider[i])))
        if not last:
            layers.append(ACTIVATIONS[activation]())
    return Model("mlp", tuple(layers), LOSSES[loss](widths[-1]), USUAL_START[activation] if start is None else start)


def convnet(
    image=(8, 8),
    channels=(8, 16),
    classes: int = 10,
    activation: str = "relu",
    kernel_size: int = 3,
    start: str | None = None,
) -> Model:
    """Convolution, activation, the largest of each 2 x 2 square, once for each of `channels`; then softmax.

    image:       (height, width), or (height, width, channels); each of the first two can be halved len(channels) times
    channels:    filters of each convolution, at least one convolution: (8, 16)
    classes:     >= 2; labels are whole numbers from 0 to classes - 1
    activation:  "relu" or "tanh"
    kernel_size: odd; the filters are kernel_size x kernel_size, and zeros around keep the image's size
    start:       a rule of STARTS; None: kaiming_normal for relu, lecun_normal for tanh. Biases start at 0.

    Inputs are the flattened images (n, height * width * channels), row by row, as the other models take them.
    views(params)["conv1.weight"] is (*B, kernel_size, kernel_size, channels, filters): [:, :, 0, j] is a picture.

    Raises ValueError for a number out of range, an unknown name, or an image that cannot be halved that often.
    Source: LeCun, Bottou, Bengio and Haffner 1998, doi:10.1109/5.726791.

    >>> net = convnet((8, 8), channels=(4,))
    >>> {name: view.shape for name, view in net.views(net.init(0)).items()}["conv1.weight"], net.dim
    ((3, 3, 1, 4), 690)
    """
    known("activation", activation, ACTIVATIONS)
    channels = sizes("channels", channels, "give the filters of each convolution, such as (8, 16)")
    sides = sizes("image", image, "give (height, width) or (height, width, channels), such as (8, 8)")
    halved = 2 ** len(channels)
    if len(sides) not in (2, 3) or not channels or sides[0] % halved or sides[1] % halved:
        raise ValueError(
            f"image is {tuple(image)} and channels {tuple(channels)}: give (height, width) or (height, width, "
            "channels), height and width to be halved once a convolution, and at least one convolution"
        )
    if size("kernel_size", kernel_size) % 2 == 0:
        raise ValueError(f"kernel_size is {kernel_size}: give an odd number, such as 3")
    height, width, depth = *sides, *[1] * (3 - len(sides))
    layers = [Image((height, width, depth))]
    for i, filters in enumerate(channels, 1):
        layers += [Conv(f"conv{i}", depth, filters, kernel_size), ACTIVATIONS[activation](), MaxPool()]
        depth = filters
    layers += [Flat(), Dense("output", height * width // halved**2 * depth, size("classes", classes, 2))]
    return Model("convnet", tuple(layers), CrossEntropy(classes), USUAL_START[activation] if start is None else start)


def embedding_bag(words: int, dim: int = 16, classes: int = 2, start: str = "lecun_normal") -> Model:
    """z = h W + b, with h the mean of the vectors E[word] of a text's words;  loss as softmax's.

    D = words * dim + (dim + 1) * classes.

    words:   >= 1, the size of the vocabulary
    dim:     >= 1, numbers a word
    classes: >= 2; labels are whole numbers from 0 to classes - 1
    start:   a rule of STARTS, where a word's vector has fan_in 1: lecun_normal draws E from N(0, 1), as PyTorch does

    Inputs are numbers of words (n, L), from 0 to words - 1, with -1 where a text is shorter than L; a text without
    words has h = 0. Only the words of a minibatch get a gradient: the others' are exactly 0.

    Raises ValueError for a number out of range or an unknown start.
    Source: Joulin, Grave, Bojanowski and Mikolov 2016, arXiv:1607.01759.

    >>> net = embedding_bag(words=5, dim=2)
    >>> net.predict(net.init(0), [[0, 4, 4], [2, -1, -1]]).shape
    (2, 2)
    """
    layers = (
        EmbeddingBag("embedding", size("words", words), size("dim", dim)),
        Dense("output", dim, size("classes", classes, 2)),
    )
    return Model("embedding_bag", layers, CrossEntropy(classes), start)


def size(name: str, value, least: int = 1) -> int:
    """A whole number from `least` up; else one sentence."""
    return whole(name, value, least, f"give a whole number from {least} up")


def sizes(name: str, values, remedy: str) -> list[int]:
    """A list of whole numbers from 1 up; else one sentence."""
    try:
        listed = list(values)
    except TypeError:
        raise ValueError(f"{name} is {values!r}: {remedy}") from None
    return [size(name, value) for value in listed]


def known(name: str, value, names) -> None:
    """Refuse what is not among the names."""
    if value not in list(names):  # a list takes what has no hash too
        raise ValueError(f"{name} is {value!r}: give one of {', '.join(names)}")
