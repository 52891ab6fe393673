"""From the evidence to a verdict: a few rules, asked in order, each threshold with its reason.

How far they carry: on problems that they were chosen on 86 of 100 verdicts are right, on new kinds of problems 66 to 84
when first looked at, and no good run was called diverged. Three things are not in a curve, and most errors are these:
how low the loss can go (slow and nearly done look alike), whether noise is the rate's or the data's, and where a run
began whose first loss is one noisy batch.
"""

import numpy as np

from lrlab.doctor.evidence import LOOK, Evidence

# the graver first
VERDICTS = ("diverged", "oscillating", "noise floor", "too slow", "plateau", "fine", "cannot tell")
ENOUGH = 20  # points: below it a quarter of the log has fewer than five, and no error bar means anything
LOWERED = 0.1  # share of its peak: below it the rate was taken down on purpose, and a level loss is what that is for
BLOWN_UP = 10.0  # times above the first loss, whatever the scatter
SURE = 3.0  # standard errors that make a rise, or a fall from the start
FALLING = 2.0  # standard errors that make a fall at the end: a missed one is told to lower its rate
FLAT = 0.07  # a smaller fall from the second quarter to the last, as a share of the loss, hardly shows in a picture
DEEP, DEEP_FLAT = 0.03, 0.35  # below 3 % of the first loss what is left is mostly excess, and a third of it may go
STRAIGHT = (
    0.78  # share of the fall that comes late: 4/7 on a straight line, .79 where it grows tenfold in each run's length
)
UNMOVED = 0.05  # share of its first loss that a run on a flat stretch has lost at most
LATE, AHEAD = 0.12, 0.07  # a run with a tenth of its way to go: so late a fall, so much ahead of it
# the share of the fall since the second quarter that came in the last eighth: .25 on a straight line, .12 where exp(-t)
# has a tenth left to fall
ENDING = 0.1
ENDED = 0.04  # and a smooth fall that has ended has less than this
ROUNDING = 1e-6  # jumps below this share of the loss are float32's
NOISY = 0.02  # jumps from here on, as a share of the loss, are noise that matters
ROUGH = 0.05  # share of turning points above which a curve is not smooth: averaged noise has .1 or more
BOUNCING, RULED = -0.3, 0.25  # echo and regular: noise has an echo of 0 and more, and follows no rule
ECHO = 2.5  # standard errors of an echo, each 1 over the root of the number of points
THROWN_BACK = 2.0  # a smooth run that stays so many times above its lowest was thrown back
NEAR_ZERO = 0.1  # a loss is below this share of the first: at most so much of the way is left


def judge(e: Evidence) -> str:
    """The verdict; the rules are asked from the surest sign to the weakest.

    A level run without noise is *fine* where nearly nothing of the loss is left and a *plateau* elsewhere, be it the
    lowest loss there is or a flat stretch on the way: no log can tell these two apart.
    """
    if e.points < ENOUGH or not e.finite:
        return "cannot tell"
    if e.ended_at is not None:
        return "diverged"
    if e.finite < ENOUGH:
        return "cannot tell"
    size = max(abs(e.last), abs(e.first) * 1e-12) or 1.0
    jumps, noise, sure = e.scatter / size, e.spread / size, SURE * e.error
    if e.last > BLOWN_UP * max(e.first, 0.0) > 0:
        return "diverged"
    if e.last - e.first > max(sure, SURE * e.blur, ROUNDING * size) or e.last - e.begin > max(
        SURE * e.scatter, ROUNDING * size
    ):
        return "diverged"
    echo = min(BOUNCING, -ECHO / np.sqrt(min(e.finite // 2, LOOK)))
    level, smooth = is_level(e), e.turning < ROUGH or jumps < ROUNDING
    bouncing = jumps > ROUNDING and e.turning > 0.3 and (e.echo < echo or e.regular > RULED)
    thrown_back = smooth and e.lowest > 0 and e.last > THROWN_BACK * e.lowest
    if bouncing and e.last - e.begin > sure:
        return "diverged"
    if level and (bouncing or thrown_back):
        return "oscillating"
    fall, near_zero = e.first - e.last, abs(e.last) < NEAR_ZERO * e.first
    unsure = not smooth and noise > NOISY and fall < sure
    if unsure and e.trend < SURE:
        return "cannot tell"
    if e.start - e.last < UNMOVED * abs(e.start) and (level or e.late > STRAIGHT):
        return "plateau"
    goes_on = e.ending + 2 * e.error / max(e.middle - e.last, 1e-300) > ENDING
    slow = unsure or (e.late > LATE and e.ahead > AHEAD and goes_on and not near_zero)
    if slow and (unsure or not level):
        return "too slow"
    if not level:
        return "fine"
    if e.lr_left is not None and e.lr_left < LOWERED:
        return "fine"
    if noise > NOISY and not smooth:
        return "noise floor"
    return "fine" if near_zero else "plateau"


def is_level(e: Evidence) -> bool:
    """Whether the fall from the second quarter of the points to the last hardly shows, or has ended."""
    going, before = e.middle - e.last, e.first - e.middle
    if min(e.first, e.middle, e.last) > 0:
        little = going < np.expm1(DEEP_FLAT if e.last < DEEP * e.first else FLAT) * e.last
    else:
        little = going < FLAT * (e.first - e.last)
    ended = e.turning < ROUGH and e.ending < ENDED and abs(e.last) > NEAR_ZERO * e.first
    return bool((little or ended or e.sigmas < FALLING) and going < before / 3)
