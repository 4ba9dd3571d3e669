/** The recordings and videos of the person who is signed in, page by page. */

import { reactive } from "vue";

import { sentence } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Video } from "@/api/types";

export interface Library {
  videos: Video[];
  state: "loading" | "ready" | "failed";
  loadingMore: boolean;
  hasMore: boolean;
  problem: string;
  load(): Promise<void>;
  more(): Promise<void>;
  /** Resolves when it is deleted; rejects with the API's problem, for the dialog that asked. */
  remove(videoId: string): Promise<void>;
}

export function makeLibrary(api: Pick<Reelwright, "list" | "remove">): Library {
  let next: string | undefined;
  let newest = 0;

  async function page(from: string | undefined): Promise<void> {
    const mine = ++newest;
    const reply = await api.list(from);
    if (mine !== newest) return;
    next = reply.next ?? undefined;
    library.hasMore = Boolean(next);
    library.videos = from ? merged(library.videos, reply.videos) : reply.videos;
    library.state = "ready";
  }

  const library: Library = reactive({
    videos: [] as Video[],
    state: "loading" as Library["state"],
    loadingMore: false,
    hasMore: false,
    problem: "",
    async load() {
      library.problem = "";
      try {
        await page(undefined);
      } catch (error) {
        library.problem = sentence(error);
        library.state = library.videos.length ? "ready" : "failed";
      }
    },
    async more() {
      if (library.loadingMore || !next) return;
      library.loadingMore = true;
      library.problem = "";
      try {
        await page(next);
      } catch (error) {
        library.problem = sentence(error);
      } finally {
        library.loadingMore = false;
      }
    },
    async remove(videoId) {
      await api.remove(videoId);
      library.videos = library.videos.filter((video) => video.video_id !== videoId);
    },
  });
  return library;
}

// A video that was added meanwhile moves the pages by one: the same one may come twice.
function merged(known: Video[], more: Video[]): Video[] {
  const ids = new Set(known.map((video) => video.video_id));
  return [...known, ...more.filter((video) => !ids.has(video.video_id))];
}
