"""The keys in the tables of a run, and the words that people read in their place."""

SPLITS = ("train", "dev", "test")
REGIONS = {"under": "under-exposed", "well": "well exposed", "clipped": "clipped"}
# Ways to pool PSNR, made of correct scores. The report pooled the squared errors of each batch of 32 pictures, in
# random order, and took the mean over the batches; `batch_pooled` pools those of a whole split.
POOLINGS = {
    "batches_of_32": "pooled: mean over batches of 32",
    "batch_pooled": "pooled: one logarithm for all pictures",
}
ARITHMETICS = {"correct": "correct", "uint8_wraparound": "8 bits, wrapping around", **POOLINGS}
# How the frames were decoded that a method was given; PSNR on frames that LibRaw has brightened is another matter.
FRAMES = {"libraw_default": "LibRaw's defaults", "radiometric": "radiometric"}
FUSIONS = {
    "debevec_reinhard": "Debevec + Reinhard, all frames",
    "debevec_drago": "Debevec + Drago, all frames",
    "debevec_mantiuk": "Debevec + Mantiuk, all frames",
    "mertens": "Mertens, all frames",
}
LOCAL = "local_laplacian"  # what one's own brackets may be tone mapped with, too; it is in no table
METHODS = {
    "input": "input, untouched (control)",
    "best_constant": "best flat colour (control, oracle)",
    "best_gamma": "best gamma (control, oracle)",
    "histogram_match": "histogram matching (control, oracle)",
    **FUSIONS,
    "published": "the report's network, as published",
    "published_repaired": "the report's network, repaired",
    "expandnet": "ExpandNet",
    "hdrcnn": "HDRCNN",
    "hdrkit": "hdrkit's network",
}
POOLED = ("published", "published_repaired")  # the report scored its network, and nothing else, by pooled PSNR
REGISTRATIONS = {"joint": "the kit's", "per_frame": "the report's", "stretched": "none, only stretched"}

HEADINGS = {
    "arithmetic": "arithmetic of PSNR",
    "ci_low": "95 % interval",
    "ci_low_db": "95 % interval",
    "ev": "exposure",
    "failed_frames": "failed frames",
    "median_px": "median error, px",
    "p95_px": "95th percentile of errors, px",
    "profile": "made with",
    "psnr_db": "PSNR, dB",
    "psnr_correct_db": "PSNR, correct arithmetic, dB",
    "psnr_wrapping_db": "PSNR, wrapping arithmetic, dB",
    "reported_pairs": "pairs in the report",
    "reported_psnr_db": "PSNR in the report, dB",
    "ssim": "SSIM",
}
