"""What a photo may be at most, each with its reason. A pixel costs Pillow 4 bytes, whatever its colours."""

from typing import Final

MIB: Final = 1024 * 1024
# What phones call 50 megapixels: 8160 x 6144, and 8192 x 6144 with all of the sensor.
PHONE_50_MP: Final = 8192 * 6144

# A 108 MP phone writes up to 35 MB; with a motion-photo video at its end it stays below this.
MAX_FILE_BYTES: Final = 50 * MIB
# A copy of 1600 pixels has about 150 KB; one of foliage and gravel four times that.
MAX_COPY_BYTES: Final = MIB
# Twelve shots of a capture plan, each taken again twice, with room for the client's own.
MAX_PHOTOS_PER_INSPECTION: Final = 60

# Nothing on a car can be read from less; icons and tracking pixels are smaller.
MIN_EDGE: Final = 32
# The longest panoramas of phones have about 16,000 pixels.
MAX_EDGE: Final = 20_000

# A baseline JPEG is decoded strip by strip at a reduced scale, so its full size is never in memory: phones of
# 108 MP pass.
MAX_JPEG_PIXELS: Final = 120_000_000
# A progressive JPEG holds every coefficient of every component (2 bytes) until its last scan: 302 MB at most,
# which is 50 MP in three components.
MAX_PROGRESSIVE_SAMPLES: Final = 3 * PHONE_50_MP
# Each scan costs a pass over all coefficients. Encoders write about ten.
MAX_JPEG_SCANS: Final = 40
# Decoded whole: 200 MB.
MAX_PNG_PIXELS: Final = PHONE_50_MP
# The decoder holds two canvases beside the picture and its copy: 16 bytes a pixel, 320 MB.
MAX_WEBP_PIXELS: Final = 20_000_000
# Colour planes, their RGB copy and the picture: 7 to 8 bytes a pixel, 350 MB. Phones of 50 MP pass.
MAX_HEIF_PIXELS: Final = PHONE_50_MP

# Parts of a container that are walked one by one. The most honest files have some thousands.
MAX_PARTS: Final = 50_000
# Pictures, tiles and notes in a HEIF file, as its decoder limits them: 48 MP in tiles of 512 x 512 are 192.
MAX_HEIF_ITEMS: Final = 1_000
# The index of a HEIF file; phones write some kilobytes.
MAX_HEIF_META_BYTES: Final = MIB
# JPEG allows 64 KiB; others have no limit of their own.
MAX_EXIF_BYTES: Final = MIB

PREVIEW_EDGE: Final = 1600
# Below 80 the edges of stamped characters begin to ring; above 85 only the size grows.
PREVIEW_QUALITY: Final = 82
