"""What a logo may be at most, and what becomes of it."""

from typing import Final

# What designers hand over has some hundred kilobytes.
MOST_FILE_BYTES: Final = 2 * 1024 * 1024
# Decoded whole it takes 16 bytes a pixel at most.
MOST_EDGE: Final = 4000
# Twice what is shown of it on a page, and 350 dots an inch on paper.
WIDEST: Final = 640
HIGHEST: Final = 160
