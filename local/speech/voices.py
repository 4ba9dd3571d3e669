"""Whose voice it is: a vector of each stretch of speech, near to those of the same voice.

Reads the weights of Resemblyzer's encoder (GE2E, Apache 2.0), which lie beside this module; numpy alone does the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).with_name("voice_weights.npz")
PIN = "db4efcfa85f072da723db588e61d86c81f887a42d360448049c85836889b809f"
SAMPLE_RATE = 16000
# Of the encoder: samples of a frame and between two, mel bands, and frames that are heard at once.
_WINDOW = 400
_HOP = 160
_BANDS = 40
_FRAMES = 160
# Frames from one part of a stretch to the next.
_STEP = 120
# Parts that are encoded at once, in 60 MB.
_BATCH = 64
_LAYERS = 3
_CELLS = 256
# The level to which a quieter stretch is brought, as root mean square.
_LEVEL = 10 ** (-30 / 20)
# Mel bands after Slaney, as librosa has them: linear up to 1 kHz, logarithmic above.
_LINEAR_HZ = 200 / 3
_BREAK_HZ = 1000.0
_LOG_STEP = 27 / 1.8562979903656263


class VoiceEncoder:
    """Turns speech into vectors of length 1."""

    @cached_property
    def _weights(self) -> dict[str, Any]:
        import numpy

        digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
        if digest != PIN:
            raise RuntimeError(f"{WEIGHTS.name} is not the reviewed file (sha256 {digest})")
        with numpy.load(WEIGHTS) as archive:
            return {name: archive[name].astype(numpy.float32) for name in archive.files}

    @cached_property
    def _bands(self) -> Any:
        return mel_bands()

    def vectors(self, stretches: Sequence[Any]) -> list[Any]:
        """Return the vector of each stretch of 16 kHz samples between -1 and 1."""
        import numpy

        parts = [_parts(self._spectrum(_at_level(samples))) for samples in stretches]
        if not parts:
            return []
        # Together, because a batch of many parts takes hardly longer than one.
        together = numpy.concatenate(parts)
        batches = [self._encode(together[at : at + _BATCH]) for at in range(0, len(together), _BATCH)]
        ends = list(accumulate(len(each) for each in parts))
        means = [part.mean(axis=0) for part in numpy.split(numpy.concatenate(batches), ends[:-1])]
        return [mean / max(float(numpy.linalg.norm(mean)), 1e-9) for mean in means]

    def _spectrum(self, samples: Any) -> Any:
        """Return the power in each mel band, frame by frame."""
        import numpy

        signal = numpy.pad(samples, _WINDOW // 2)
        frames = numpy.lib.stride_tricks.sliding_window_view(signal, _WINDOW)[::_HOP]
        # A Hann window that repeats, as spectra have it.
        hann = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(_WINDOW) / _WINDOW)
        power = numpy.abs(numpy.fft.rfft(frames * hann, axis=1)) ** 2
        return (power @ self._bands.T).astype(numpy.float32)

    def _encode(self, parts: Any) -> Any:
        """Return the encoder's vector of each part: three layers of LSTM, whose last state is projected."""
        import numpy

        sequence = parts
        for layer in range(_LAYERS):
            sequence = self._layer(sequence, layer)
        projection = sequence[:, -1] @ self._weights["linear.weight"].T + self._weights["linear.bias"]
        positive = numpy.maximum(projection, 0)
        return positive / numpy.maximum(numpy.linalg.norm(positive, axis=1, keepdims=True), 1e-9)

    def _layer(self, sequence: Any, layer: int) -> Any:
        import numpy

        weights = self._weights
        inputs = sequence @ weights[f"lstm.weight_ih_l{layer}"].T
        inputs += weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
        recurrent = numpy.ascontiguousarray(weights[f"lstm.weight_hh_l{layer}"].T)
        output = numpy.zeros((len(sequence), _CELLS), numpy.float32)
        cell = numpy.zeros_like(output)
        states = numpy.empty((*sequence.shape[:2], _CELLS), numpy.float32)
        for at in range(sequence.shape[1]):
            gates = inputs[:, at] + output @ recurrent
            # In PyTorch's order: what enters, what is forgotten, what is new, what leaves.
            entry, forget, new, leave = numpy.split(gates, 4, axis=1)
            cell = _sigmoid(forget) * cell + _sigmoid(entry) * numpy.tanh(new)
            output = _sigmoid(leave) * numpy.tanh(cell)
            states[:, at] = output
        return states


def mel_bands() -> Any:
    """Return the weights of the mel bands over the frequencies of a frame's spectrum."""
    import numpy

    frequencies = numpy.linspace(0, SAMPLE_RATE / 2, _WINDOW // 2 + 1)
    edges = _hertz(numpy.linspace(0, _mel(SAMPLE_RATE / 2), _BANDS + 2))
    rises = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falls = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    areas = 2 / (edges[2:] - edges[:-2])
    return numpy.maximum(0, numpy.minimum(rises, falls)) * areas[:, None]


def _mel(hertz: float) -> float:
    import numpy

    return float(_BREAK_HZ / _LINEAR_HZ + numpy.log(hertz / _BREAK_HZ) * _LOG_STEP)


def _hertz(mels: Any) -> Any:
    import numpy

    bend = _BREAK_HZ / _LINEAR_HZ
    above: Any = _BREAK_HZ * numpy.exp((mels - bend) / _LOG_STEP)
    return numpy.where(mels < bend, mels * _LINEAR_HZ, above)  # pyright: ignore[reportUnknownVariableType]


def _at_level(samples: Any) -> Any:
    import numpy

    power: Any = numpy.square(samples)
    level = float(numpy.sqrt(power.mean())) if len(samples) else 0.0
    return samples * (_LEVEL / level) if 0 < level < _LEVEL else samples


def _parts(spectrum: Any) -> Any:
    """Return the frames in parts that overlap, the last one filled up with silence."""
    import numpy

    starts = range(0, max(1, len(spectrum) - _FRAMES + _STEP), _STEP)
    frames = numpy.pad(spectrum, ((0, starts[-1] + _FRAMES - min(len(spectrum), starts[-1] + _FRAMES)), (0, 0)))
    return numpy.stack([frames[start : start + _FRAMES] for start in starts])


def _sigmoid(values: Any) -> Any:
    import numpy

    return 1 / (1 + numpy.exp(-numpy.clip(values, -30, 30)))
