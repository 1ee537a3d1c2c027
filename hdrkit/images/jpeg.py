"""Pictures to JPEG and back, in memory: uint8 (h, w, 3), RGB."""

import cv2
import numpy as np

from hdrkit.core.errors import HdrkitError


def encode(picture: np.ndarray, quality: int) -> bytes:
    """Return the bytes of a JPEG file of a picture; quality: 0 to 100."""
    return cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def decode(data: bytes) -> np.ndarray:
    """Return the picture in the bytes of a JPEG file; raises HdrkitError where there is none."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise HdrkitError(f"no JPEG: {len(data)} bytes that OpenCV cannot decode")
    return np.ascontiguousarray(picture[..., ::-1])
