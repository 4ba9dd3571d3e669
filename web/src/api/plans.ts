/** The API's routes of a video's plan and its runs, as functions. */

import type { Http, Reply } from "./http";
import type { Edit, ExportView, Goal, Plan, Take } from "./types";

export interface PlanApi {
  /** The plan's current revision, with the tag that an edit of it names. */
  plan(videoId: string, signal?: AbortSignal): Promise<Reply<Plan>>;
  /** The plan, with the places to cut near an excerpt that would begin `around` seconds into the recording. */
  planAround(videoId: string, around: number): Promise<Plan>;
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

export const limited = (budget?: number) => (budget === undefined ? {} : { budget });

export function makePlanApi(http: Http): PlanApi {
  const video = (videoId: string) => `/ai-video/${encodeURIComponent(videoId)}`;
  const scene = (videoId: string, id: string) => `${video(videoId)}/scenes/${encodeURIComponent(id)}`;
  return {
    async plan(videoId, signal) {
      return planOf(await http<PlanBody>(`${video(videoId)}/plan`, signal ? { signal } : {}));
    },
    async planAround(videoId, around) {
      return (await http<PlanBody>(`${video(videoId)}/plan?around=${around}`)).body.plan;
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
  };
}

interface PlanBody {
  plan: Plan;
}

function planOf(reply: Reply<PlanBody>): Reply<Plan> {
  return { ...reply, body: reply.body.plan };
}
