"""Two opinions on a pickle. It counts as code whatever they say; they tell how dangerous it looks and if they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from weighbridge.probekit.pickles import walk
from weighbridge.probes.artefact_safety.engine import MAX_SCANNED, opinion

# What a pickle of numbers needs; ours. Each makes a container, an array or a storage, and runs nothing.
_HARMLESS = frozenset({
    ("collections", "OrderedDict"), ("collections", "defaultdict"), ("builtins", "set"), ("builtins", "frozenset"),
    ("builtins", "bytearray"), ("builtins", "complex"), ("builtins", "slice"), ("__builtin__", "set"),
    ("_codecs", "encode"), ("numpy", "dtype"), ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"),
    ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter"),
    *(("torch", f"{kind}Storage") for kind in ("Float", "Half", "BFloat16", "Double", "Long", "Int", "Short", "Char",
                                                "Byte", "Bool", "ComplexFloat", "ComplexDouble")),
})  # fmt: skip
_MAX_PICKLES = 64  # that follow each other in one file; ours


@dataclass(slots=True)
class Tally:
    """Pickles, by what is thought of them."""

    n: int = 0
    ours: int = 0  # import what is not known as harmless, or cannot be followed to the end
    theirs: int = 0  # import what picklescan knows as an attack
    split: int = 0  # one of the two raises an alarm and the other finds nothing at all

    def add(self, other: Tally) -> None:
        """Count another tally's pickles too."""
        self.n, self.ours = self.n + other.n, self.ours + other.ours
        self.theirs, self.split = self.theirs + other.theirs, self.split + other.split


def tally(stream: BinaryIO) -> Tally:
    """Both opinions on the pickle, or the pickles one after another, from where the stream stands."""
    start = stream.tell()
    alarm = _raises_alarm(stream)
    stream.seek(start)
    other = opinion(stream.read(MAX_SCANNED))
    is_known = other is not None and other.is_dangerous
    finds = other is None or other.is_dangerous or other.is_suspicious
    return Tally(n=1, ours=int(alarm), theirs=int(is_known), split=int(alarm != finds))


def _raises_alarm(stream: BinaryIO) -> bool:
    for n in range(_MAX_PICKLES):
        seen = walk(stream)
        if set(seen.imports) - _HARMLESS:
            return True
        if not seen.has_stop:
            return n == 0  # behind a whole pickle may stand other bytes, as the numbers of a model do
    return True
