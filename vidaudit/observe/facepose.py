"""Where a face looks, from landmarks: yaw and pitch in closed form from a generic head seen from afar.

A perspective fit (PnP) would need the lens; without it, a small face may as well look left as right. The tip of the
nose against the eyes and the chin has no such doubt.
"""

import numpy as np

from vidaudit.observe.identity import Points

# A generic adult head, millimetres. Half the distance between the outer corners of the eyes, and how far the tip of
# the nose and the chin stand before and below the line of the eyes (anthropometric averages; the nose's height
# from the median of 55 frontal photographs).
_HALF_EYES = 45.0
_NOSE_BEFORE, _NOSE_BELOW = 26.0, 29.0
_CHIN_BEFORE, _CHIN_BELOW = 14.0, 102.0

_NOSE_TIP, _CHIN, _EYE_CORNERS = 30, 8, (36, 45)


def yaw_pitch_deg(points: Points) -> tuple[float, float] | None:
    """(yaw, pitch) in degrees, 0 = into the lens; yaw > 0 to the picture's right, pitch > 0 down.

    None for landmarks that can't be a face (chin above the eyes, eyes in one point).

    Args:
        points: (48, 2) landmarks as of `identity.landmarks`.
    """
    left, right = points[list(_EYE_CORNERS)]
    middle, half_px = (left + right) / 2, float(np.linalg.norm(right - left)) / 2
    if half_px < 1:
        return None
    along = (right - left) / (2 * half_px)  # unit vectors of the face's own axes: roll is taken out
    down = np.array([-along[1], along[0]])
    nose, chin = points[_NOSE_TIP] - middle, points[_CHIN] - middle
    if chin @ down <= 0:
        return None
    yaw = np.arctan(float(nose @ along) / half_px * _HALF_EYES / _NOSE_BEFORE)
    share = float(nose @ down) / float(chin @ down)
    pitch = np.arctan2(share * _CHIN_BELOW - _NOSE_BELOW, _NOSE_BEFORE - share * _CHIN_BEFORE)
    return float(np.degrees(yaw)), float(np.degrees(pitch))


def eye_distance_px(points: Points) -> float:
    """Distance between the centres of the two eyes, in pixels."""
    return float(np.linalg.norm(points[36:42].mean(axis=0) - points[42:48].mean(axis=0)))
