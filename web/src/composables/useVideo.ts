/** One video as it is being made: followed through reloads, lost connections, and what other tabs do to it. */

import { reactive } from "vue";

import { sentence } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Video } from "@/api/types";
import { usePolling } from "./usePolling";

export interface FollowedVideo {
  video: Video | undefined;
  /** The connection is lost; what is shown may be old. */
  lost: boolean;
  problem: string;
  acting: boolean;
  cancel(): Promise<void>;
  /** `budget`, in USD, replaces the generation's. */
  resume(orderAgain?: boolean, budget?: number): Promise<void>;
  refresh(): void;
}

/** Milliseconds between two looks at what has ended: another tab, or the command line, may go on with it. */
export const IDLE_MS = 30_000;
/** Milliseconds before a link's end at which the video is asked for again, for new links. */
const AHEAD_MS = 60_000;

export function isOver(video: Video): boolean {
  return video.ai_generation_status !== "processing";
}

/** Milliseconds after which a video that rests is worth another look. */
export function restOf(video: Video, now: number): number | undefined {
  if (!isOver(video)) return undefined;
  const { links = {}, preview } = video.ai_generation_data ?? {};
  const ends = [video.recording, ...Object.values(links), ...Object.values(preview?.links ?? {})].map((link) => (
    link ? Date.parse(link.expiresAt) - now - AHEAD_MS : Number.POSITIVE_INFINITY
  ));
  return Math.max(1_000, Math.min(IDLE_MS, ...ends));
}

export function useVideo(api: Pick<Reelwright, "show" | "cancel" | "resume">, videoId: string): FollowedVideo {
  const followed: FollowedVideo = reactive({
    video: undefined,
    lost: false,
    problem: "",
    acting: false,
    cancel: () => act(() => api.cancel(videoId)),
    resume: (orderAgain = false, budget?: number) => (
      act(() => api.resume(videoId, orderAgain, crypto.randomUUID(), budget))
    ),
    refresh: () => { poller.start(); },
  });

  const poller = usePolling<Video>({
    fetch: (signal) => api.show(videoId, signal),
    rest: (video) => restOf(video, Date.now()),
    onValue: (video) => { Object.assign(followed, { video, problem: "" }); },
    onLost: (lost) => { followed.lost = lost; },
    onProblem: (error) => { followed.problem = sentence(error); },
  });

  async function act(request: () => Promise<void>): Promise<void> {
    followed.acting = true;
    followed.problem = "";
    try {
      await request();
      poller.start();
    } catch (error) {
      followed.problem = sentence(error);
    } finally {
      followed.acting = false;
    }
  }

  return followed;
}
