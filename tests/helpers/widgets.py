"""What a widget's HTML shows."""

import base64
import re

import cv2
import numpy as np


def pictures(html):
    """Return the pictures in a piece of HTML: uint8, height x width x 3, RGB."""
    data = [base64.b64decode(found) for found in re.findall(r'base64,([^"]+)"', html)]
    return [cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)[..., ::-1] for png in data]
