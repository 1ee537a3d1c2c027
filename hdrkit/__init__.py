"""hdrkit: exposure normalization from one photograph; a report reproduced, audited and surpassed."""
