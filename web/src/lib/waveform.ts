/** The outline of a recording: its loudest point in each of some equal parts, from 0 to 1. */

export const RATE = 8_000;
/** Decoding takes memory of many times a file's size: longer recordings play without an outline. */
export const DECODED_BYTES = 40_000_000;

export async function loadPeaks(url: string, count: number, signal: AbortSignal): Promise<number[]> {
  return peaks(await loadSamples(url, signal), count);
}

/** The recording's sound, at `RATE` samples a second. */
export async function loadSamples(url: string, signal: AbortSignal): Promise<Float32Array> {
  const reply = await fetch(url, { signal });
  if (!reply.ok) throw new Error(`The recording could not be read (${reply.status}).`);
  // An offline context decodes at its own low rate, and needs no permission to play.
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await reply.arrayBuffer());
  return sound.getChannelData(0);
}

/** The samples between two times in seconds; what lies beyond the recording's ends is silence. */
export function between(samples: Float32Array, start: number, end: number): Float32Array {
  const part = new Float32Array(Math.max(0, Math.round((end - start) * RATE)));
  const from = Math.round(start * RATE);
  part.set(samples.subarray(Math.max(0, from), Math.max(0, from + part.length)), Math.max(0, -from));
  return part;
}

export function peaks(samples: Float32Array, count: number): number[] {
  const size = Math.max(1, Math.floor(samples.length / count));
  const found = Array.from({ length: count }, (_, part) => {
    let highest = 0;
    for (let at = part * size; at < Math.min((part + 1) * size, samples.length); at += 1) {
      highest = Math.max(highest, Math.abs(samples[at] ?? 0));
    }
    return highest;
  });
  const loudest = Math.max(...found, 1e-6);
  return found.map((peak) => peak / loudest);
}

/** The outline as bars of an SVG path, `count` by 1 units wide and 2 high around the middle. */
export function barsPath(heights: number[]): string {
  return heights.map((peak, at) => {
    const half = Math.max(0.06, peak * 0.94);
    return `M${at + 0.5} ${(1 - half).toFixed(3)}v${(2 * half).toFixed(3)}`;
  }).join("");
}
