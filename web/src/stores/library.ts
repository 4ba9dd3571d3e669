/** The recordings and videos of the person who is signed in, page by page. */

import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { isAbort, sentence } from "@/api/problems";
import type { Video, VideoPage } from "@/api/types";
import { useServices } from "@/composables/useServices";

export const useLibrary = defineStore("library", () => {
  const { api } = useServices();
  const videos = ref<Video[]>([]);
  const state = ref<"loading" | "ready" | "failed">("loading");
  const loadingMore = ref(false);
  const next = ref<string>();
  const problem = ref("");
  const hasMore = computed(() => Boolean(next.value));
  const inProgress = computed(() => videos.value.filter((each) => each.ai_generation_status === "processing").length);

  /** Takes the newest first page: what it tells of replaces what is known, and what it lacks has been deleted. */
  function takeFirst(page: VideoPage): void {
    const oldest = page.videos.at(-1)?.created_at ?? "";
    const ids = new Set(page.videos.map((video) => video.video_id));
    const rest = videos.value.filter((video) => !ids.has(video.video_id) && (video.created_at ?? "") < oldest);
    const older = page.next ? rest : [];
    videos.value = [...page.videos, ...older];
    // The place of the next page is that of the last page that was read.
    if (!older.length) next.value = page.next ?? undefined;
    state.value = "ready";
    problem.value = "";
  }

  async function more(): Promise<void> {
    if (loadingMore.value || !next.value) return;
    loadingMore.value = true;
    problem.value = "";
    try {
      const page = (await api.list(next.value)).body;
      const ids = new Set(videos.value.map((video) => video.video_id));
      // A video that was added meanwhile moves the pages by one: the same one may come twice.
      videos.value = [...videos.value, ...page.videos.filter((video) => !ids.has(video.video_id))];
      next.value = page.next ?? undefined;
    } catch (error) {
      if (!isAbort(error)) problem.value = sentence(error);
    } finally {
      loadingMore.value = false;
    }
  }

  function fail(error: unknown): void {
    problem.value = sentence(error);
    state.value = videos.value.length ? "ready" : "failed";
  }

  /** Resolves when it is deleted; rejects with the API's problem, for the dialog that asked. */
  async function remove(videoId: string): Promise<void> {
    await api.remove(videoId);
    videos.value = videos.value.filter((video) => video.video_id !== videoId);
  }

  function forget(): void {
    videos.value = [];
    next.value = undefined;
    state.value = "loading";
    problem.value = "";
  }

  return { videos, state, loadingMore, hasMore, inProgress, problem, takeFirst, more, fail, remove, forget };
});
