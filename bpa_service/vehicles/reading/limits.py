"""What a file may be at most. Each limit is far above what any source delivers, and far below what hurts."""

from typing import Final

MIB: Final = 2**20

MOST_LINE_BYTES: Final = 1 * MIB
MOST_LINES_OF_ROW: Final = (
    100  # a quoted cell may hold line breaks, but an unclosed quote must not eat the file
)
MOST_DOCUMENT_BYTES: Final = 16 * MIB  # one item of a JSON file
MOST_DEPTH: Final = 60  # of nesting within a document
MOST_COLUMNS: Final = 2_000
MOST_MEMBERS: Final = 200  # files in an archive
MOST_UNPACKED_BYTES: Final = 64 * 1024 * MIB
MOST_SPREADSHEET_BYTES: Final = (
    1024 * MIB
)  # unpacked; openpyxl holds its shared strings, at most this much of them:
MOST_SHARED_STRINGS_BYTES: Final = 128 * MIB
# Tables of real sources shrink 5 to 40 times. A bomb shrinks a thousand times and more.
MOST_RATIO: Final = 250
RATIO_COUNTS_FROM: Final = 32 * MIB  # a small file of blanks is no harm

ROWS_OF_BLOCK: Final = 5_000
READ_BYTES: Final = 256 * 1024
