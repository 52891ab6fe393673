"""How curved a loss is: Hessian-vector products, and the largest eigenvalues of the Hessian by Lanczos.

The sharpness L, the largest eigenvalue, decides which rates are stable: gradient descent near a minimum needs
lr < 2 / L. A Hessian of D parameters has D * D numbers, but its product with a vector costs two gradients, and a few
dozen products give its largest eigenvalues. No eigenvalue is given without its residual, which bounds its error.
"""

from lrlab.curvature.eigenvalues import Eigenvalues, Sharpness, sharpness, sharpness_monitor, top_eigenvalues
from lrlab.curvature.products import Product, hessian, hvp

__all__ = [
    "Eigenvalues",
    "Product",
    "Sharpness",
    "hessian",
    "hvp",
    "sharpness",
    "sharpness_monitor",
    "top_eigenvalues",
]
