"""What a loss curve says about its learning rate, and what it cannot say.

`diagnose` looks at the numbers of one run or of several, `read` takes them out of a log file, `picture` draws them in
letters. The rules, with the reason for every threshold, are in `rules`; how often they are right is in `confusion`.
"""

from lrlab.doctor.confusion import confusion, confusion_rows
from lrlab.doctor.diagnosis import Diagnosis, diagnose
from lrlab.doctor.evidence import Evidence
from lrlab.doctor.logs import Log, Run, read
from lrlab.doctor.picture import picture
from lrlab.doctor.rules import VERDICTS

__all__ = [
    "VERDICTS",
    "Diagnosis",
    "Evidence",
    "Log",
    "Run",
    "confusion",
    "confusion_rows",
    "diagnose",
    "picture",
    "read",
]
