/** Puts components and stores on a stage of their own: services in memory, a fresh store, the page's words. */

import { mount, type VueWrapper } from "@vue/test-utils";
import { createPinia, setActivePinia } from "pinia";
import { createApp, reactive, type Component } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import { vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import type { Generation, Version, Video, VideoPage } from "@/api/types";
import type { Session, SessionState } from "@/auth/session";
import { SERVICES, type Services } from "@/composables/useServices";
import { i18n } from "@/lib/i18n";

export const video = (video_id: string, more: Partial<Video> = {}): Video => (
  { video_id, title: video_id, filename: `${video_id}.mp3`, file_size: 1, created_at: video_id, ...more } as Video
);
export const page = (...videos: Video[]): VideoPage => ({ success: true, videos });
export const answer = <T>(body: T, etag = "") => ({ body, etag, retryAfter: 0 });

export function generation(more: Partial<Generation> = {}): Generation {
  const costs = { transcription: 0, scene_generation: 0, rephrasing: 0, video_generation: 3, total: 3, undecided: 0 };
  return {
    goal: "video", options: {}, vertex_ai_tasks: [], processing_steps: [], degraded: [], links: {}, progress: 0,
    user_prompt: "",
    target_duration: 30, style: "cinematic", model: "veo", planned_video_cost: 3, cost_breakdown: costs,
    final_video_url: "", captions_srt_url: "", captions_vtt_url: "", poster_url: "", ...more,
  } as Generation;
}

/** A finished video of a day in January, with links signed by `sig`. */
export function version(generation_id: string, january = 1, sig = "a"): Version {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const link = (name: string) => ({ url: `https://b/${generation_id}/${name}?sig=${sig}`, expiresAt });
  return {
    generation_id, revision: 1, finished_at: `2026-01-${String(january).padStart(2, "0")}T10:00:00Z`, seconds: 15,
    style: "animated", target_duration: 15, aspect_ratio: "9:16", captions: "words", model: "veo",
    prompt: `Wish ${generation_id}`, cost_usd: january, degraded: [], links: { video: link("final_video.mp4") },
  };
}

export function services(more: Partial<Services> & { state?: SessionState } = {}): Services {
  const view = reactive({ state: more.state ?? "in", name: "demo" });
  const session = { view, signOut: vi.fn().mockResolvedValue(undefined), restore: vi.fn() } as unknown as Session;
  const config = { apiUrl: "", region: "", userPoolId: "", clientId: "" };
  const api = Object.assign(more.api ?? {}, { ...emptyShelves(), ...more.api }) as Reelwright;
  return { session, config, ...more, api };
}

/** Of whoever has no files of their own. */
function emptyShelves() {
  const empty = { list: async () => [] };
  return { ownMusic: empty, ownFonts: empty, settings: async () => ({ settings: { mailAtEnd: false } }) };
}

export function routed() {
  const Empty = { template: "<h1 tabindex='-1'>View</h1>" };
  return createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/", name: "library", component: Empty, meta: { title: "" } },
      { path: "/pictures", name: "pictures", component: Empty, meta: { title: "" } },
      { path: "/presets", name: "presets", component: Empty, meta: { title: "" } },
      { path: "/new-preset", name: "newPreset", component: Empty, meta: { title: "" } },
      { path: "/presets/:presetName", name: "preset", component: Empty, meta: { title: "" } },
      { path: "/videos/:videoId", name: "video", component: Empty, meta: { title: "" } },
      { path: "/videos/:videoId/moments", name: "moments", component: Empty, meta: { title: "" } },
      { path: "/videos/:videoId/new", name: "configure", component: Empty, meta: { title: "" } },
    ],
  });
}

/** Returns what `use` returns, called as a component's setup would with the given services. */
export function withStores<T>(given: Services, use: () => T): T {
  const app = createApp({});
  const pinia = createPinia();
  app.provide(SERVICES, given).use(pinia);
  setActivePinia(pinia);
  return app.runWithContext(use);
}

/** A warning of Vue's is an error here. */
function refuse(words: string): never {
  throw new Error(words);
}

export function show(component: Component, props: Record<string, unknown>, given = services()): VueWrapper {
  return mount(component, {
    props, attachTo: document.body,
    global: {
      plugins: [createPinia(), i18n, routed()],
      provide: { [SERVICES as symbol]: given },
      config: { warnHandler: refuse },
    },
  });
}

export const settle = async () => { for (let turn = 0; turn < 20; turn += 1) await Promise.resolve(); };
