/** The API's routes as functions; the only place of the page that knows their paths. */

import type { Http, Reply } from "./http";
import type { Choices, Created, Estimate, Version, Video, VideoPage } from "./types";

export interface Reelwright {
  createVideo(file: File, title: string, key: string): Promise<Created>;
  list(next?: string, signal?: AbortSignal): Promise<Reply<VideoPage>>;
  show(videoId: string, signal?: AbortSignal): Promise<Reply<Video>>;
  remove(videoId: string): Promise<void>;
  /** The finished videos, newest first. */
  versions(videoId: string, signal?: AbortSignal): Promise<Reply<Version[]>>;
  removeVersion(videoId: string, generationId: string): Promise<void>;
  start(videoId: string, choices: Choices, key: string): Promise<void>;
  /** `recordingSeconds` is 0 while nobody knows it. */
  estimate(videoId: string, choices: Choices, recordingSeconds: number, signal: AbortSignal): Promise<Estimate>;
  cancel(videoId: string): Promise<void>;
  /** `orderAgain`: also buy clips anew of which nobody knows whether they were bought. */
  resume(videoId: string, orderAgain: boolean, key: string): Promise<void>;
}

export function makeReelwright(http: Http): Reelwright {
  const video = (videoId: string) => `/ai-video/${encodeURIComponent(videoId)}`;
  return {
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
    async start(videoId, choices, key) {
      await http("/ai-video", { method: "POST", body: { videoId, ...choices }, idempotencyKey: key });
    },
    async estimate(videoId, choices, recordingSeconds, signal) {
      const body = { videoId, ...choices, ...(recordingSeconds > 0 ? { recordingSeconds } : {}) };
      return (await http<{ estimate: Estimate }>("/ai-video/estimate", { method: "POST", body, signal })).body.estimate;
    },
    async cancel(videoId) {
      await http(video(videoId), { method: "DELETE" });
    },
    async resume(videoId, orderAgain, key) {
      await http(`${video(videoId)}/resume`, { method: "POST", body: { orderAgain }, idempotencyKey: key });
    },
  };
}

// Browsers know no type for some recordings, and the service wants one.
const TYPES: Record<string, string> = {
  mp3: "audio/mpeg", m4a: "audio/mp4", mp4: "video/mp4", wav: "audio/wav",
  flac: "audio/flac", ogg: "audio/ogg", webm: "audio/webm", amr: "audio/amr",
};

export function contentType(file: File): string {
  const known = TYPES[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "";
  const type = file.type.split(";")[0] ?? "";
  return known || (/^(audio|video)\//.test(type) ? type : "");
}

export const RECORDINGS = Object.keys(TYPES).map((ending) => `.${ending}`).join(",");
