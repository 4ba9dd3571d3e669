/** The plan of a video as it is edited: one change after another, each on the revision that the one before has made. */

import { reactive, watch } from "vue";

import type { Reply } from "@/api/http";
import { ApiProblem, isAbort, sentence } from "@/api/problems";
import type { NewTake, Reelwright } from "@/api/reelwright";
import type { Edit, Goal, Plan } from "@/api/types";

export type PlanApi = Pick<Reelwright, "plan" | "editPlan" | "chooseTake" | "run" | "retake">;

export interface EditedPlan {
  plan: Plan | undefined;
  problem: string;
  /** What has changed elsewhere; an edit was refused for it, and the plan has to be loaded again. */
  conflict: string;
  /** The edits that were refused for it, but for those that go by a place in what may have changed. */
  unsaved: Edit[];
  /** A run is being started. */
  isStarting: boolean;
  /** The run that was refused, because whether an earlier order was carried out is not known. */
  doubtful: (() => Promise<boolean>) | undefined;
  /** Each resolves with whether it was done; what kept it from it is told by `problem` or `conflict`. */
  edit(change: Edit): Promise<boolean>;
  choose(sceneId: string, take: string): Promise<boolean>;
  /** `budget`, in USD, replaces the generation's. */
  run(goal: Goal, budget?: number): Promise<boolean>;
  retake(sceneId: string, wish: NewTake): Promise<boolean>;
  load(): Promise<boolean>;
  /** Loads the plan, and makes the edits that were refused on it. */
  merge(): Promise<boolean>;
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
    unsaved: [],
    isStarting: false,
    doubtful: undefined,
    async edit(change: Edit) {
      const isSaved = await revise(() => api.editPlan(videoId, [change], tag));
      if (!isSaved && edited.conflict && !("index" in change)) edited.unsaved.push(change);
      return isSaved;
    },
    choose: (sceneId: string, take: string) => revise(() => api.chooseTake(videoId, sceneId, take, tag)),
    run: (goal: Goal, budget?: number) => start((again, key) => api.run(videoId, goal, again, key, tag, budget)),
    retake: (id: string, wish: NewTake) => start((again, key) => api.retake(videoId, id, wish, again, key, tag)),
    async load() {
      const isLoaded = await revise(() => api.plan(videoId));
      if (isLoaded) Object.assign(edited, { conflict: "", unsaved: [] });
      return isLoaded;
    },
    async merge() {
      const changes = edited.unsaved;
      if (!(await edited.load())) return false;
      return revise(() => api.editPlan(videoId, changes, tag));
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
