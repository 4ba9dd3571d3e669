"""Write the weights of the voice encoder, out of Resemblyzer's wheel, in the form that `local/speech/voices.py` reads.

Reads the wheel's `pretrained.pt` (PyTorch's older format, without PyTorch) and writes `voice_weights.npz`.
"""

from __future__ import annotations

import argparse
import collections
import pickle
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy

from local.speech.voices import WEIGHTS

_CHECKPOINT = "resemblyzer/pretrained.pt"
_ALLOWED = {("collections", "OrderedDict"): collections.OrderedDict}
# The magic number, the protocol's version and the machine's sizes.
_HEADERS = 3


class _Storage:
    """Numbers that follow the pickles, and are read when all of them are known."""

    def __init__(self) -> None:
        self.numbers: Any = None


class _Tensor:
    """A part of a storage, in rows."""

    def __init__(self, storage: _Storage, offset: int, shape: tuple[int, ...], *_: Any) -> None:
        self.storage = storage
        self.offset = offset
        self.shape = shape

    def numbers(self) -> Any:
        count = int(numpy.prod(self.shape))
        return self.storage.numbers[self.offset : self.offset + count].reshape(self.shape)


class _Unpickler(pickle.Unpickler):
    """Reads tensors and nothing else."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str, /) -> Any:
        """Return what a pickle names; raise UnpicklingError for anything that runs other code."""
        if (module, name) in _ALLOWED:
            return _ALLOWED[module, name]
        if module == "torch._utils" and name.startswith("_rebuild_tensor"):
            return _Tensor
        if module.startswith("torch") and name.endswith("Storage"):
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is no part of weights")

    def persistent_load(self, pid: Any, /) -> _Storage:
        """Return the storage that a tensor refers to."""
        return self.storages.setdefault(str(pid[2]), _Storage())


def read(file: BinaryIO) -> dict[str, Any]:
    """Return the model's arrays by name."""
    for _ in range(_HEADERS):
        _Unpickler(file).load()
    unpickler = _Unpickler(file)
    state = unpickler.load()["model_state"]
    for key in pickle.load(file):
        count = int.from_bytes(file.read(8), "little")
        numbers = numpy.frombuffer(file.read(4 * count), "<f4")
        unpickler.storages.setdefault(str(key), _Storage()).numbers = numbers
    return {name: tensor.numbers() for name, tensor in state.items() if name.startswith(("lstm.", "linear."))}


def main() -> None:
    """Write the file that is vendored."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="Resemblyzer-0.1.4-py3-none-any.whl")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel, wheel.open(_CHECKPOINT) as file:
        # Half as large: what is lost moves no vector by more than a thousandth.
        weights = {name: numbers.astype(numpy.float16) for name, numbers in read(file).items()}  # type: ignore[arg-type]
    numpy.savez_compressed(WEIGHTS, **weights)


if __name__ == "__main__":
    main()
