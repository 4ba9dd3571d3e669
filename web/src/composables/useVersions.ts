/** The finished videos of a recording: asked for again when there are others, and before their links run out. */

import { reactive, watch } from "vue";

import type { Reelwright } from "@/api/reelwright";
import type { Version } from "@/api/types";
import { usePolling } from "./usePolling";

/** Milliseconds between two looks at what changes only with the video itself. */
export const LONGEST_REST_MS = 600_000;
/** Milliseconds before a link's end at which the videos are asked for again, for new links. */
const AHEAD_MS = 60_000;

export interface Versions {
  list: Version[];
  /** Asks again at once: a link has run out. */
  refresh(): void;
  /** Resolves when it is deleted; rejects with the API's problem, for the dialog that asked. */
  remove(generationId: string): Promise<void>;
}

/** Milliseconds after which the links of these videos have to be renewed. */
export function restOfLinks(list: Version[], now: number): number {
  const ends = list.flatMap((version) => Object.values(version.links)).map((link) => (
    Date.parse(link.expiresAt) - now - AHEAD_MS
  ));
  return Math.max(1_000, Math.min(LONGEST_REST_MS, ...ends));
}

/** `mark` is another text whenever there may be other videos; undefined until the record is known. */
export function useVersions(
  api: Pick<Reelwright, "versions" | "removeVersion">, videoId: string, mark: () => string | undefined,
): Versions {
  const versions: Versions = reactive({
    list: [],
    refresh: () => { poller.start(); },
    async remove(generationId: string) {
      await api.removeVersion(videoId, generationId);
      versions.list = versions.list.filter((version) => version.generation_id !== generationId);
      poller.start();
    },
  });

  const poller = usePolling<Version[]>({
    fetch: (signal) => api.versions(videoId, signal),
    rest: (list) => restOfLinks(list, Date.now()),
    onValue: (list) => { versions.list = list; },
    // The record is asked for as well, and says what is wrong.
    onProblem: () => undefined,
  });
  watch(mark, (_now, before) => { if (before !== undefined) poller.start(); });
  return versions;
}
