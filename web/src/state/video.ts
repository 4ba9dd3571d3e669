/** One video as it is being made: followed until its last word, through reloads and lost connections. */

import { onScopeDispose, reactive } from "vue";

import { sentence } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Video } from "@/api/types";
import { Poller } from "./poller";

export interface Followed {
  video: Video | undefined;
  /** The connection is lost; what is shown may be old. */
  lost: boolean;
  problem: string;
  acting: boolean;
  cancel(): Promise<void>;
  resume(orderAgain?: boolean): Promise<void>;
  refresh(): void;
}

export function isOver(video: Video): boolean {
  return video.ai_generation_status !== "processing";
}

export function followVideo(api: Pick<Reelwright, "show" | "cancel" | "resume">, videoId: string): Followed {
  const poller = new Poller<Video>({
    fetch: (etag, signal) => api.show(videoId, { etag, signal }),
    final: isOver,
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

  const followed: Followed = reactive({
    video: undefined,
    lost: false,
    problem: "",
    acting: false,
    cancel: () => act(() => api.cancel(videoId)),
    resume: (orderAgain = false) => act(() => api.resume(videoId, orderAgain, crypto.randomUUID())),
    refresh: () => { poller.start(); },
  });

  const again = (): void => { if (document.visibilityState === "visible") poller.now(); };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  onScopeDispose(() => {
    poller.stop();
    window.removeEventListener("online", again);
    document.removeEventListener("visibilitychange", again);
  });
  poller.start();
  return followed;
}
