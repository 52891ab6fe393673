"""lrlab: gradient descent in plain NumPy, the engine of the course *The Learning Rate*.

The one line that the course is about, ``params = params - lr * direction``, is in `lrlab.descent.descend`.
"""

from lrlab import objectives, optimizers, schedules
from lrlab.descent import Trajectory, descend, steps_to

__version__ = "0.1.0"
__all__ = ["Trajectory", "descend", "objectives", "optimizers", "schedules", "steps_to"]
