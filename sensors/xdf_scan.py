"""The chunks of an XDF file, found whatever has happened to it; nothing is decoded here.

Layout: XDF 1.0 (github.com/sccn/xdf/wiki/Specifications): length, tag, content; a boundary
chunk holds a fixed 16-byte mark, by which a reader finds its way again after damage.
"""

from collections.abc import Callable
from dataclasses import dataclass

HEADER, STREAM, SAMPLES, OFFSET, BOUNDARY, FOOTER = 1, 2, 3, 4, 5, 6
MARK = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
_WITH_STREAM = frozenset((STREAM, SAMPLES, OFFSET, FOOTER))


@dataclass(frozen=True, slots=True)
class Scan:
    """Where each chunk's content lies: (tag, stream number, start, end), in file order.

    damaged: byte ranges that make no sense. torn_tail: the file ends in mid-chunk.
    """

    chunks: list[tuple[int, int, int, int]]
    damaged: tuple[tuple[int, int], ...]
    torn_tail: bool
    boundaries: int


def scan(data: bytes | memoryview, find_mark: Callable[[bytes, int], int]) -> Scan:
    """Every chunk that can be found; after damage the next boundary chunk is sought.

    find_mark: `.find` of the bytes or the mmap, which a memoryview lacks.
    """
    chunks: list[tuple[int, int, int, int]] = []
    damaged: list[tuple[int, int]] = []
    size, at, boundaries, torn = len(data), 4, 0, False
    known: set[int] = set()
    while at < size:
        found = _chunk(data, at, size, known)
        if found is None:
            mark = find_mark(MARK, at)
            if mark < 0:
                torn = _reaches_past(data, at, size)
                if not torn:
                    damaged.append((at, size))
                break
            if mark - 4 > at:
                damaged.append((at, mark - 4))
            at = mark + len(MARK)
            boundaries += 1
            continue
        tag, number, _, end = found
        if tag == STREAM:
            known.add(number)
        boundaries += tag == BOUNDARY
        chunks.append(found)
        at = end
    return Scan(chunks, tuple(damaged), torn, boundaries)


def read_length(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """A length of 1, 4 or 8 bytes and where it ends; (-1, at) when it is none."""
    if at >= len(data):
        return -1, at
    width = data[at]
    if width not in (1, 4, 8) or at + 1 + width > len(data):
        return -1, at
    return int.from_bytes(data[at + 1 : at + 1 + width], "little"), at + 1 + width


def _chunk(
    data: bytes | memoryview, at: int, size: int, known: set[int]
) -> tuple[int, int, int, int] | None:
    length, start = read_length(data, at)
    end = start + length
    if length < 2 or end > size:
        return None
    tag = data[start] | data[start + 1] << 8
    number = 0
    if tag in _WITH_STREAM:
        if length < 6:
            return None
        number = int.from_bytes(data[start + 2 : start + 6], "little")
        fits = number in known or tag in (STREAM, OFFSET)
        if not fits or (tag == OFFSET and length != 22):
            return None
        return tag, number, start + 6, end
    if tag == BOUNDARY and bytes(data[start + 2 : end]) != MARK:
        return None
    return (tag, 0, start + 2, end) if tag in (HEADER, BOUNDARY) else None


def _reaches_past(data: bytes | memoryview, at: int, size: int) -> bool:
    """True when what stands here could be the beginning of a chunk that was cut off."""
    length, start = read_length(data, at)
    if length < 0:
        return data[at] in (1, 4, 8) and size - at <= data[at]
    if start + length <= size:
        return False
    return start + 2 > size or 1 <= data[start] | data[start + 1] << 8 <= FOOTER
