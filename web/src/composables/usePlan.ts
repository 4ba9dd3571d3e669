/** The plan of a video as it is edited: one change after another, each on the revision that the one before has made. */

import { reactive, watch } from "vue";

import type { Reply } from "@/api/http";
import { ApiProblem, isAbort, sentence } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Edit, Goal, Plan } from "@/api/types";

export type PlanApi = Pick<Reelwright, "plan" | "editPlan" | "chooseTake" | "run" | "retake">;

export interface EditedPlan {
  plan: Plan | undefined;
  problem: string;
  /** What has changed elsewhere; an edit was refused for it, and the plan has to be loaded again. */
  conflict: string;
  /** A run is being started. */
  isStarting: boolean;
  /** The run that was refused, because whether an earlier order was carried out is not known. */
  doubtful: (() => Promise<boolean>) | undefined;
  /** Each resolves with whether it was done; what kept it from it is told by `problem` or `conflict`. */
  edit(change: Edit): Promise<boolean>;
  choose(sceneId: string, take: string): Promise<boolean>;
  run(goal: Goal): Promise<boolean>;
  retake(sceneId: string): Promise<boolean>;
  load(): Promise<boolean>;
}

type Order = (orderAgain: boolean, key: string) => Promise<void>;

/** `mark` is another text whenever the plan may be another: somebody else has edited it, or a run has ended. */
export function usePlan(api: PlanApi, videoId: string, mark: () => string): EditedPlan {
  let tag = "";
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = (act: () => Promise<void>): Promise<boolean> => {
    const turn = queue.then(() => attempt(edited, act));
    queue = turn;
    return turn;
  };
  const revise = (request: () => Promise<Reply<Plan>>) => inTurn(async () => {
    const reply = await request();
    tag = reply.etag;
    edited.plan = reply.body;
  });

  const edited: EditedPlan = reactive({
    plan: undefined,
    problem: "",
    conflict: "",
    isStarting: false,
    doubtful: undefined,
    edit: (change: Edit) => revise(() => api.editPlan(videoId, [change], tag)),
    choose: (sceneId: string, take: string) => revise(() => api.chooseTake(videoId, sceneId, take, tag)),
    run: (goal: Goal) => start((again, key) => api.run(videoId, goal, again, key)),
    retake: (sceneId: string) => start((again, key) => api.retake(videoId, sceneId, again, key)),
    async load() {
      const isLoaded = await revise(() => api.plan(videoId));
      if (isLoaded) edited.conflict = "";
      return isLoaded;
    },
  });

  /** Starts when the edits before it are saved; nothing is bought while the plan is known to be another. */
  async function start(order: Order, orderAgain = false): Promise<boolean> {
    if (edited.isStarting) return false;
    edited.isStarting = true;
    const isStarted = await inTurn(async () => {
      if (edited.conflict) throw new ApiProblem(412, { message: edited.conflict });
      await order(orderAgain, crypto.randomUUID()).catch((error: unknown) => {
        const isDoubtful = error instanceof ApiProblem && error.code === "SceneMayBeBought";
        if (isDoubtful) edited.doubtful = () => start(order, true);
        throw error;
      });
    });
    edited.isStarting = false;
    return isStarted;
  }

  watch(mark, () => { void edited.load(); }, { immediate: true });
  return edited;
}

async function attempt(edited: EditedPlan, act: () => Promise<void>): Promise<boolean> {
  Object.assign(edited, { problem: "", doubtful: undefined });
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 412) edited.conflict = error.message;
    else if (!isAbort(error)) edited.problem = sentence(error);
    return false;
  }
}
