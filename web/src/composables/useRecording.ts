/** The sound of a plan: the recording, played from any time of the video, alone or to its end. */

import { onBeforeUnmount, reactive, watch } from "vue";

export interface Recording {
  /** Seconds of the video that are heard, or were last. */
  time: number;
  isPlaying: boolean;
  /** Plays from a time of the video to its end, or a part alone, in which it stays. */
  play(from: number, until?: number): Promise<void>;
  pause(): void;
}

/** `link` leads to the recording; the video is its part from `start`, and `seconds` long. */
export function useRecording(
  link: () => string, start: () => number, seconds: () => number, audio: HTMLAudioElement = new Audio(),
): Recording {
  let part: { until: number; rest: number } | undefined;
  let frame = 0;
  // The outline is of the same address, and a browser keeps for it only what was asked for in the same way.
  audio.crossOrigin = "anonymous";
  audio.preload = "metadata";
  watch(link, (url) => { if (url) audio.src = url; }, { immediate: true });

  function follow(): void {
    const heard = Math.max(0, audio.currentTime - start());
    const isOver = heard >= (part?.until ?? seconds());
    recording.time = isOver ? part?.rest ?? seconds() : heard;
    if (isOver || audio.paused || audio.ended) recording.pause();
    else frame = requestAnimationFrame(follow);
  }

  const recording: Recording = reactive({
    time: 0,
    isPlaying: false,
    async play(from: number, until?: number) {
      recording.pause();
      // Not at its very beginning: that is the end of what is before it.
      const rest = until === undefined ? from : (from + until) / 2;
      part = until === undefined ? undefined : { until, rest };
      recording.time = rest;
      if (!link()) return;
      audio.currentTime = start() + from;
      try {
        await audio.play();
      } catch {
        // A browser may not play what can be made into a video: the words are shown without their sound.
        return;
      }
      recording.isPlaying = true;
      frame = requestAnimationFrame(follow);
    },
    pause() {
      cancelAnimationFrame(frame);
      audio.pause();
      recording.isPlaying = false;
    },
  });

  onBeforeUnmount(() => {
    recording.pause();
    audio.removeAttribute("src");
  });
  return recording;
}
