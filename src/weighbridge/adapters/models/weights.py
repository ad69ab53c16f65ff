"""The safetensors files of a model's folder, checked before any library maps them. Standard library only.

A safetensors file is eight bytes that tell how long its head is, the head (JSON: per tensor its type, shape and place),
and the numbers. Nothing in it runs. Anything else that holds weights (.bin, .pt, .ckpt) may run code when it is read,
and is never opened here.

References
----------
https://github.com/huggingface/safetensors, section "Format".
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from weighbridge.adapters.models.foreign import read_json
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _

_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "I64": 64, "U64": 64, "F64": 64, "C64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
_LONGEST_HEAD = 100_000_000  # the reference reader refuses longer ones
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})\.safetensors$")
_CODE_BEARING = (".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".pkl")
_ADAPTER = "adapter_model.safetensors"

CONVERT = (
    'python -c "import torch, safetensors.torch as s; '
    "w = torch.load('{old}', weights_only=True, map_location='cpu'); "
    "s.save_file({{k: v.clone().contiguous() for k, v in w.items()}}, '{new}')\""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFiles:
    """Files that are whole, and what their heads say."""

    paths: tuple[Path, ...]
    shapes: dict[str, tuple[int, ...]]  # by name of the tensor

    @property
    def n_values(self) -> int:
        """How many numbers there are."""
        return sum(math.prod(shape) for shape in self.shapes.values())


def model_weights(folder: Path, *, label: str) -> WeightFiles:
    """The weights of a whole model: one file, or the shards that an index names.

    Raises
    ------
    Unusable
        Where there are none, a shard is missing, or a file is not what its head says.
    """
    single, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if single.exists():
        return _checked([single], label)
    if index.exists():
        return _checked(_indexed(folder, index.name, label), label)
    others = sorted(path for path in folder.glob("*.safetensors") if path.name != _ADAPTER)
    if len(others) > 1 and all(_SHARD.search(path.name) for path in others):
        return _checked(_all_shards(others, label), label)
    if len(others) == 1:
        return _checked(others, label)
    raise _none(folder, others, label)


def adapter_weights(folder: Path, *, label: str) -> WeightFiles:
    """The weights of a PEFT adapter."""
    path = folder / _ADAPTER
    if path.exists():
        return _checked([path], label)
    raise _none(folder, [], label, wanted=_ADAPTER)


def _none(folder: Path, several: list[Path], label: str, *, wanted: str = "model.safetensors") -> Unusable:
    what = _("cannot open the weights of {label}").format(label=label)
    if several:
        return Unusable(
            what,
            _("there are {n} .safetensors files and no model.safetensors.index.json says which belong together").format(
                n=len(several)
            ),
            _("add model.safetensors.index.json, or leave only the file with the weights"),
        )
    code = sorted(path.name for path in folder.iterdir() if path.suffix in _CODE_BEARING)
    if code:
        return Unusable(
            what,
            _("the weights are in {name}, which may run code when it is read; only .safetensors is read").format(
                name=code[0]
            ),
            CONVERT.format(old=code[0], new=wanted),
        )
    return Unusable(
        what,
        _("the folder has no {wanted}").format(wanted=wanted),
        _("name the folder that holds the weights as .safetensors"),
    )


def _indexed(folder: Path, name: str, label: str) -> list[Path]:
    """The shards that the index names; they lie beside it."""
    what = _("cannot open the weights of {label}").format(label=label)
    places = read_json(folder, name, label=label).get("weight_map")
    if not isinstance(places, dict) or not places or not all(isinstance(place, str) for place in places.values()):
        raise Unusable(what, _("{name} has no weight_map").format(name=name), _("save the model again"))
    names = sorted({str(place) for place in places.values()})
    outside = [shard for shard in names if Path(shard).name != shard or not shard.endswith(".safetensors")]
    if outside:
        raise Unusable(
            what,
            _("{name} names {n} files that are no .safetensors file beside it").format(name=name, n=len(outside)),
            _("put all shards beside {name}").format(name=name),
        )
    missing = [shard for shard in names if not (folder / shard).exists()]
    if missing:
        raise Unusable(
            what,
            _("{name} names {n} shards; {m} of them are missing, the first is {first}").format(
                name=name, n=len(names), m=len(missing), first=missing[0]
            ),
            _("copy the missing shards into the folder"),
        )
    return [folder / shard for shard in names]


def _all_shards(paths: list[Path], label: str) -> list[Path]:
    """Shards without an index: all of them must be there."""
    numbers = [_SHARD.search(path.name) for path in paths]
    of = {int(number[2]) for number in numbers if number}
    if of != {len(paths)}:
        raise Unusable(
            _("cannot open the weights of {label}").format(label=label),
            _("{n} shards are there, their names say {of}").format(n=len(paths), of=max(of)),
            _("copy the missing shards into the folder"),
        )
    return paths


def _checked(paths: list[Path], label: str) -> WeightFiles:
    shapes: dict[str, tuple[int, ...]] = {}
    for path in paths:
        shapes.update(_head(path, f"{label}: {path.name}"))
    return WeightFiles(paths=tuple(paths), shapes=shapes)


def _head(path: Path, label: str) -> dict[str, tuple[int, ...]]:
    """The shapes that a file's head tells, once its sizes have been found to agree."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            first = stream.read(8)
            length = int.from_bytes(first, "little")
            head = stream.read(min(length, _LONGEST_HEAD + 1))
    except OSError as error:
        raise Outside(
            _("cannot read {label}").format(label=label),
            error.strerror or type(error).__name__,
            _("check that you may read it"),
        ) from error
    if not head.startswith(b"{"):
        _refuse_pickle(first, path.name, label)
    if len(first) < 8 or len(head) < length:
        why = _("its head should be {length} bytes long; the file has {size} bytes in all")
        raise _damaged(label, why.format(length=length, size=size))
    entries = _entries(head, label)
    shapes = {name: _shape(entry, label) for name, entry in entries.items()}
    told = max((end for _shape_, end in shapes.values()), default=0)
    if told != size - 8 - length:
        why = _("its head tells of {told} bytes of weights; {there} are there")
        raise _damaged(label, why.format(told=told, there=size - 8 - length))
    return {name: shape for name, (shape, _end) in shapes.items()}


def _refuse_pickle(first: bytes, name: str, label: str) -> None:
    """A pickle, or the zip file with a pickle in it that torch writes, under another name.

    Its first bytes alone do not tell: a head of 640 bytes gives a file that begins like a pickle.
    """
    if not first.startswith((b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return
    kind = _("a zip file, as torch.save writes") if first.startswith(b"PK") else _("a pickle")
    raise Unusable(
        _("will not open {label}").format(label=label),
        _("its name says safetensors, its content is {kind}: reading it may run code").format(kind=kind),
        CONVERT.format(old=name, new=f"converted-{name}"),
    )


def _entries(head: bytes, label: str) -> dict[str, object]:
    try:
        parsed = json.loads(head)
    except (ValueError, RecursionError) as error:
        raise _damaged(label, _("its head is not JSON")) from error
    if not isinstance(parsed, dict):
        raise _damaged(label, _("its head is no JSON object"))
    return {name: entry for name, entry in parsed.items() if name != "__metadata__"}


def _shape(entry: object, label: str) -> tuple[tuple[int, ...], int]:
    """The shape of one tensor and where it ends, if its type, shape and place agree."""
    match entry:
        case {"dtype": str(kind), "shape": list(shape), "data_offsets": [int(start), int(end)]} if kind in _BITS:
            if all(isinstance(side, int) and side >= 0 for side in shape) and 0 <= start <= end:
                bits = math.prod(shape) * _BITS[kind]
                if (end - start) * 8 == bits:
                    return tuple(shape), end
                why = _("a tensor's shape needs {needs} bytes; its place has {has}")
                raise _damaged(label, why.format(needs=bits // 8, has=end - start))
    raise _damaged(label, _("its head describes a tensor in a way that the format does not know"))


def _damaged(label: str, why: str) -> Unusable:
    return Unusable(
        _("{label} is damaged").format(label=label),
        why,
        _("copy the file again and compare its sha256 with that of the source: sha256sum FILE"),
    )
