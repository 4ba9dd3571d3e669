/** The API's routes as functions; the only place of the page that knows their paths. */

import { contentType } from "./files";
import type { Http, Reply } from "./http";
import { musicRoutes, type MusicRoutes } from "./music";
import type {
  Choices, Created, Edit, Estimate, ExportView, Goal, Plan, Take, Version, Video, VideoPage,
} from "./types";

export interface Reelwright extends MusicRoutes {
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
  /** The plan's current revision, with the tag that an edit of it names. */
  plan(videoId: string, signal?: AbortSignal): Promise<Reply<Plan>>;
  /** What the plan is edited on with in another program: texts, and links to files. */
  export(videoId: string): Promise<ExportView>;
  /** Rejects with `PlanChanged` (412) when the plan has another tag by now. */
  editPlan(videoId: string, edits: Edit[], tag: string): Promise<Reply<Plan>>;
  /**
   * Makes what the goal needs and what is not there; `budget`, in USD, replaces the generation's. Rejects with
   * `PlanChanged` (412) when the plan is not the one that was seen.
   */
  run(videoId: string, goal: Goal, orderAgain: boolean, key: string, tag: string, budget?: number): Promise<void>;
  retake(
    videoId: string, sceneId: string, wish: NewTake, orderAgain: boolean, key: string, tag: string,
  ): Promise<void>;
}

/** Another take of a scene; `budget`, in USD, replaces the generation's. */
export interface NewTake {
  kind: Take["kind"];
  budget?: number;
}

export function makeReelwright(http: Http): Reelwright {
  const video = (videoId: string) => `/ai-video/${encodeURIComponent(videoId)}`;
  const scene = (videoId: string, id: string) => `${video(videoId)}/scenes/${encodeURIComponent(id)}`;
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
    async plan(videoId, signal) {
      return planOf(await http<PlanBody>(`${video(videoId)}/plan`, signal ? { signal } : {}));
    },
    async export(videoId) {
      return (await http<{ export: ExportView }>(`${video(videoId)}/export`)).body.export;
    },
    async editPlan(videoId, edits, tag) {
      const path = `${video(videoId)}/plan`;
      return planOf(await http<PlanBody>(path, { method: "PATCH", body: { edits }, ifMatch: tag }));
    },
    async run(videoId, goal, orderAgain, key, tag, budget) {
      const body = { goal, orderAgain, ...limited(budget) };
      await http(`${video(videoId)}/runs`, { method: "POST", body, idempotencyKey: key, ifMatch: tag });
    },
    async retake(videoId, sceneId, wish, orderAgain, key, tag) {
      const body = { ...wish, orderAgain };
      await http(`${scene(videoId, sceneId)}/takes`, { method: "POST", body, idempotencyKey: key, ifMatch: tag });
    },
    ...musicRoutes(http),
  };
}

const limited = (budget?: number) => (budget === undefined ? {} : { budget });

interface PlanBody {
  plan: Plan;
}

function planOf(reply: Reply<PlanBody>): Reply<Plan> {
  return { ...reply, body: reply.body.plan };
}
