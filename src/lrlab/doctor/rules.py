"""From the evidence to a verdict: a few rules, asked in order, each threshold with its reason.

How far they carry: on three problems that they had not seen, 92 of 100 verdicts are right, and no good run was called
diverged. Most errors are of two kinds. How low a loss can go is not in its curve: slow and nearly done look alike. And
a run without noise that jumps in many directions at once looks like one with noise. Lion and RMSprop on all the data do
so, which those problems leave out; with them it was 77 of 100. Both want a lower rate.
"""

import numpy as np

from lrlab.doctor.evidence import LOOK, Evidence

# the graver first
VERDICTS = ("diverged", "oscillating", "noise floor", "too slow", "plateau", "fine", "cannot tell")
ENOUGH = 20  # points: below it a quarter of the log has fewer than five, and no error bar means anything
LOWERED = 0.1  # share of its peak: below it the rate was taken down on purpose, and a level loss is what that is for
BLOWN_UP = 10.0  # times above the first loss, whatever the scatter
DOUBLED = 2.0  # times above the first loss, if no part of the log was as low as that: one batch may be lucky by less
SURE = 3.0  # standard errors that make a rise, or a fall from the start
FALLING = 2.0  # standard errors that make a fall at the end: a missed one is told to lower its rate
FLAT = 0.07  # a smaller fall from the second quarter to the last, as a share of the loss, hardly shows in a picture
DEEP, DEEP_FLAT = 0.03, 0.35  # below 3 % of the first loss what is left is mostly excess, and a third of it may go
UNMOVED = 0.08  # share of its first loss that a run on a flat stretch has lost at most
LATE, AHEAD = 0.12, 0.07  # a run with a tenth of its way to go: so late a fall, so much ahead of it
# the share of the fall since the second quarter that came in the last eighth: .25 on a straight line, .12 where exp(-t)
# has a tenth left to fall
ENDING = 0.1
ENDED = 0.04  # and a smooth fall that has ended has less than this
CREEP = 0.3  # share of its loss that a smooth run would still lose at its last pace in ten times its steps
ROUNDING = 1e-6  # jumps below this share of the loss are float32's
NOISY = 0.02  # jumps from here on, as a share of the loss, are noise that matters
ROUGH = 0.05  # share of turning points above which a curve is not smooth: averaged noise has .1 or more
BOUNCING, RULED = -0.3, 0.25  # echo and regular: noise has an echo of 0 and more, and follows no rule
ECHO = 2.5  # standard errors of an echo, each 1 over the root of the number of points
THROWN_BACK = 2.0  # a smooth run that stays so many times above its lowest was thrown back
NEAR_ZERO = 0.1  # a loss is below this share of the first: at most so much of the way is left


def judge(e: Evidence) -> str:
    """The verdict; the rules are asked from the surest sign to the weakest."""
    if e.points < ENOUGH or not e.finite:
        return "cannot tell"
    if e.ended_at is not None:
        return "diverged"
    if e.finite < ENOUGH:
        return "cannot tell"
    size = max(abs(e.last), abs(e.first) * 1e-12) or 1.0
    noise, sure, fall = e.spread / size, SURE * e.error, e.first - e.last
    smooth, level = e.turning < ROUGH or e.scatter < ROUNDING * size, is_level(e)
    bouncing = is_ruled(e, size)
    if has_risen(e, size) or (bouncing and e.last - e.begin > sure):
        return "diverged"
    thrown_back = smooth and e.lowest > 0 and e.last > THROWN_BACK * e.lowest
    if level and (bouncing or thrown_back):
        return "oscillating"
    noisy = not smooth and noise > NOISY
    hidden = noisy and fall < sure
    if hidden and e.trend < SURE and sure > UNMOVED * abs(e.start):
        return "cannot tell"
    if e.start - e.last < UNMOVED * abs(e.start):
        return "plateau"
    if hidden or (abs(e.last) > NEAR_ZERO * e.first and is_slow(e, smooth, level)):
        return "too slow"
    lowered = e.lr_left is not None and e.lr_left < LOWERED
    return "noise floor" if level and noisy and not lowered else "fine"


def has_risen(e: Evidence, size: float) -> bool:
    """Whether the loss ends clearly above where it began."""
    doubled = e.last > DOUBLED * e.begin and e.lowest > e.begin and e.last - e.begin > DOUBLED * e.scatter
    if e.begin > 0 and (e.last > BLOWN_UP * e.first or doubled):
        return True
    rounding = ROUNDING * size
    above_first = e.last - e.first > max(SURE * e.error, SURE * e.blur, rounding)
    return above_first or e.last - e.begin > max(SURE * e.scatter, rounding)


def is_ruled(e: Evidence, size: float) -> bool:
    """Whether the loss jumps by a rule: up and down in turn, or as it did when it was last in the same place."""
    echo = min(BOUNCING, -ECHO / np.sqrt(min(e.finite // 2, LOOK)))
    in_turn = e.turning > 0.3 and e.echo < echo
    return bool(e.scatter > ROUNDING * size and (in_turn or (e.turning > ROUGH and e.regular > RULED)))


def is_slow(e: Evidence, smooth: bool, level: bool) -> bool:
    """Whether the fall goes on, and so much lies ahead that a higher rate would pay."""
    going = e.middle - e.last
    if smooth:
        # the last eighth's pace, for ten times the eight eighths
        return bool(e.ending > ENDED and 80 * e.ending * going > CREEP * abs(e.last))
    goes_on = e.ending + 3 * e.error / max(going, 1e-300) > ENDING  # 2 standard errors of the ending
    return bool(not level and e.late > LATE and e.ahead > AHEAD and goes_on)


def is_level(e: Evidence) -> bool:
    """Whether the fall from the second quarter of the points to the last hardly shows."""
    going, before = e.middle - e.last, e.first - e.middle
    if min(e.first, e.middle, e.last) > 0:
        little = going < np.expm1(DEEP_FLAT if e.last < DEEP * e.first else FLAT) * e.last
    else:
        little = going < FLAT * (e.first - e.last)
    return bool((little or e.sigmas < FALLING) and going < max(before / 3, e.error))
