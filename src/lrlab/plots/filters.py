"""What a layer looks for: its weights as small images."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lrlab.arguments import floats, number, positive, whole
from lrlab.plots.look import DIVERGING, GROUND, axes_or_new


def filters(
    weights,
    ax: Axes | None = None,
    *,
    shape=None,
    columns: int | None = None,
    limit: float | None = None,
    colorbar: bool = True,
) -> Axes:
    """Weights as a grid of small images, one a unit: blue below 0, orange above, and 0 the paper itself.

    weights:  (units, height, width); or (inputs, units) with `shape`, as in a dense layer on an image
    shape:    (height, width) of the image that the inputs are; left out for weights that are images already
    columns:  >= 1, images in a row; about as many as there are rows if left out
    limit:    > 0, the weight with the full colour, the same for all images; if left out, 99 in 100 are below
    colorbar: whether a bar says which colour is which weight

    A weight that is not finite is left blank.

    Returns the axes. Raises ValueError for another shape.
    Source: definition.

    >>> ax = filters(np.random.default_rng(0).standard_normal((64, 10)), shape=(8, 8), columns=5)
    >>> ax.images[0].get_array().shape
    (17, 44)
    """
    images = images_of(weights, shape)
    count, height, width = images.shape
    columns = int(np.ceil(np.sqrt(count))) if columns is None else whole("columns", columns, 1, "give 1 or more")
    rows = -(-count // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for i, image in enumerate(images):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        sheet[top : top + height, left : left + width] = image
    size = np.abs(images[np.isfinite(images)])
    usual = float(np.quantile(size, 0.99)) if size.any() else 1.0
    usual = usual or float(size.max())
    limit = usual if limit is None else number("limit", limit, "give a weight above 0, such as 1.0", positive)
    ax = axes_or_new(ax)
    # "none": each weight one pixel with hard edges
    picture = ax.imshow(np.ma.masked_invalid(sheet), cmap=DIVERGING, vmin=-limit, vmax=limit, interpolation="none")
    for i in range(count):
        corner = i % columns * (width + 1) - 0.5, i // columns * (height + 1) - 0.5
        ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=GROUND, linewidth=0.6, clip_on=False))
    ax.set_axis_off()
    if colorbar:
        ax.figure.colorbar(
            picture,
            ax=ax,
            label="weight",
            shrink=0.8,
            extend="both" if size.any() and size.max() > limit else "neither",
        )
    return ax


def images_of(weights, shape) -> np.ndarray:
    """(units, height, width), NaN where a weight is not finite."""
    remedy = "give (units, height, width), or (inputs, units) and shape="
    weights = floats("weights", weights, remedy)
    if weights.ndim != (3 if shape is None else 2) or not weights.size:
        raise ValueError(f"weights has shape {weights.shape}: {remedy}")
    weights = np.where(np.isfinite(weights), weights, np.nan)
    if shape is None:
        return weights
    remedy = "give (height, width), such as (8, 8)"
    if np.shape(shape) != (2,):
        raise ValueError(f"shape is {shape!r}: {remedy}")
    height, width = (whole("shape", side, 1, remedy) for side in shape)
    if len(weights) != height * width:
        raise ValueError(
            f"weights has {len(weights)} inputs and shape is {(height, width)}: {height * width} are needed"
        )
    return weights.T.reshape(-1, height, width)
