/** The API's routes as functions; the only place of the page that knows their paths. */

import { contentType } from "./files";
import type { Http, Reply } from "./http";
import { linkRoutes, type LinkRoutes } from "./links";
import { momentRoutes, type MomentRoutes } from "./moments";
import { makePictureApi, type PictureApi } from "./pictures";
import { limited, makePlanApi, type PlanApi } from "./plans";
import { presetRoutes, type PresetRoutes } from "./presets";
import { settingRoutes, type SettingRoutes } from "./settings";
import { shelfRoutes, type ShelfRoutes } from "./shelves";
import { transcriptRoutes, type TranscriptRoutes } from "./transcripts";
import type { Choices, Created, Estimate, Goal, Version, Video, VideoPage } from "./types";
import { variantRoutes, type VariantRoutes } from "./variants";

export interface Reelwright
  extends LinkRoutes, MomentRoutes, PictureApi, PlanApi, PresetRoutes, SettingRoutes, ShelfRoutes, TranscriptRoutes,
    VariantRoutes {
  createVideo(file: File, title: string, key: string): Promise<Created>;
  list(next?: string, signal?: AbortSignal): Promise<Reply<VideoPage>>;
  show(videoId: string, signal?: AbortSignal): Promise<Reply<Video>>;
  remove(videoId: string): Promise<void>;
  /** The finished videos, newest first. */
  versions(videoId: string, signal?: AbortSignal): Promise<Reply<Version[]>>;
  removeVersion(videoId: string, generationId: string): Promise<void>;
  start(videoId: string, choices: Choices, goal: Goal, key: string): Promise<void>;
  /** `recordingSeconds` is 0 while nobody knows it. */
  estimate(videoId: string, choices: Choices, recordingSeconds: number, signal: AbortSignal): Promise<Estimate>;
  cancel(videoId: string): Promise<void>;
  /**
   * `orderAgain`: also buy clips anew of which nobody knows whether they were bought; `budget`, in USD, replaces the
   * generation's.
   */
  resume(videoId: string, orderAgain: boolean, key: string, budget?: number): Promise<void>;
}

/** Where a video is shown. */
export const video = (videoId: string) => `/ai-video/${encodeURIComponent(videoId)}`;

export function makeReelwright(http: Http): Reelwright {
  return {
    ...makePictureApi(http),
    ...makePlanApi(http),
    async createVideo(file, title, key) {
      const body = { title, filename: file.name, contentType: contentType(file), fileSize: file.size };
      return (await http<Created>("/videos", { method: "POST", body, idempotencyKey: key })).body;
    },
    async list(next, signal) {
      const query = new URLSearchParams({ limit: "12", ...(next ? { next } : {}) });
      return await http<VideoPage>(`/videos?${query}`, signal ? { signal } : {});
    },
    async show(videoId, signal) {
      const reply = await http<{ video: Video }>(video(videoId), signal ? { signal } : {});
      return { ...reply, body: reply.body.video };
    },
    async remove(videoId) {
      await http(`/videos/${encodeURIComponent(videoId)}`, { method: "DELETE" });
    },
    async versions(videoId, signal) {
      const reply = await http<{ versions: Version[] }>(`${video(videoId)}/versions`, signal ? { signal } : {});
      return { ...reply, body: reply.body.versions };
    },
    async removeVersion(videoId, generationId) {
      await http(`${video(videoId)}/versions/${encodeURIComponent(generationId)}`, { method: "DELETE" });
    },
    async start(videoId, choices, goal, key) {
      await http("/ai-video", { method: "POST", body: { videoId, ...choices, goal }, idempotencyKey: key });
    },
    async estimate(videoId, choices, recordingSeconds, signal) {
      const body = { videoId, ...choices, ...(recordingSeconds > 0 ? { recordingSeconds } : {}) };
      return (await http<{ estimate: Estimate }>("/ai-video/estimate", { method: "POST", body, signal })).body.estimate;
    },
    async cancel(videoId) { await http(video(videoId), { method: "DELETE" }); },
    async resume(videoId, orderAgain, key, budget) {
      const body = { orderAgain, ...limited(budget) };
      await http(`${video(videoId)}/resume`, { method: "POST", body, idempotencyKey: key });
    },
    ...linkRoutes(http),
    ...momentRoutes(http),
    ...presetRoutes(http),
    ...settingRoutes(http),
    ...shelfRoutes(http),
    ...transcriptRoutes(http),
    ...variantRoutes(http),
  };
}
