"""A file of figures as it is sent: made whole on disk, then read out block by block.

Made whole first, so that a fault half way is a fault and never a short file that looks like a whole one, and so that nobody's
slow line holds the database open.
"""

from collections.abc import Iterator
from typing import IO

_BYTES = 64 * 1024


def in_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a block at a time; closes it at the end."""
    with file:
        while block := file.read(_BYTES):
            yield block
