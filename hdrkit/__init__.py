"""hdrkit: exposure normalization from one photograph; a report reproduced, audited and surpassed."""

import os

# TensorFlow reads this when it is first imported. Its oneDNN kernels train 1.4 times as fast on AVX2 processors,
# where they are off unless asked for.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Its C++ log tells of fallback kernels on every start; what really fails raises in Python as well.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
