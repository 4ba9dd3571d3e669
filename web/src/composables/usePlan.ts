/** The plan of a video as it is edited: one change after another, each on the revision that the one before has made. */

import { reactive, watch } from "vue";

import type { Reply } from "@/api/http";
import { ApiProblem, isAbort, sentence } from "@/api/problems";
import type { NewTake, PlanApi as WholePlanApi } from "@/api/plans";
import type { Edit, Goal, Plan } from "@/api/types";
import type { Refusal } from "@/lib/refusals";
import { fitted, hasOwnField, type Wish } from "@/lib/wishes";

export type PlanApi = Pick<WholePlanApi, "plan" | "editPlan" | "run" | "retake">;

interface PlanState {
  plan: Plan | undefined;
  problem: string;
  /** The latest edit, where it was one that cannot be, with the field that is to blame. */
  refused: Refusal | undefined;
  /** What has changed elsewhere; an edit was refused for it, and the plan has to be loaded again. */
  conflict: string;
  /** The edits that were refused for it. */
  unsaved: Wish[];
  /** The edits that fit the plan no more as it is now; kept until the person has seen them. */
  unfit: Wish[];
  /** A run is being started. */
  isStarting: boolean;
  /** The run that was refused, because whether an earlier order was carried out is not known. */
  doubtful: (() => Promise<boolean>) | undefined;
}

export interface EditedPlan extends PlanState {
  /** Each resolves with whether it was done; what kept it from it is told by `problem` or `conflict`. */
  edit(change: Edit): Promise<boolean>;
  /** `budget`, in USD, replaces the generation's. */
  run(goal: Goal, budget?: number): Promise<boolean>;
  retake(sceneId: string, wish: NewTake): Promise<boolean>;
  load(): Promise<boolean>;
  /** Loads the plan, unless edits were refused: they wait for the person's word. */
  refresh(): void;
  /** Loads the plan, and makes the edits that were refused or told of, as far as they fit it. */
  merge(): Promise<boolean>;
}

type Order = (orderAgain: boolean, key: string) => Promise<void>;

/** `mark` is another text whenever the plan may be another: somebody else has edited it, or a run has ended. */
export function usePlan(api: PlanApi, videoId: string, mark: () => string): EditedPlan {
  const state: PlanState = reactive({
    plan: undefined, problem: "", refused: undefined, conflict: "", unsaved: [], unfit: [], isStarting: false,
    doubtful: undefined,
  });
  const desk = openDesk(api, videoId, state);

  /** Starts when the edits before it are saved; nothing is bought while the plan is known to be another. */
  async function start(order: Order, orderAgain = false): Promise<boolean> {
    if (state.isStarting) return false;
    state.isStarting = true;
    const isStarted = await desk.inTurn(async () => {
      if (state.conflict) throw new ApiProblem(412, { message: state.conflict });
      await order(orderAgain, crypto.randomUUID()).catch((error: unknown) => {
        const isDoubtful = error instanceof ApiProblem && error.code === "SceneMayBeBought";
        if (isDoubtful) state.doubtful = () => start(order, true);
        throw error;
      });
    });
    state.isStarting = false;
    return isStarted;
  }

  const edited: EditedPlan = Object.assign(state, {
    edit: async (change: Edit) => state.plan !== undefined && desk.make({ change, seen: state.plan }),
    run: (goal: Goal, budget?: number) => (
      start((again, key) => api.run(videoId, goal, again, key, desk.tag(), budget))
    ),
    retake: (id: string, wish: NewTake) => (
      start((again, key) => api.retake(videoId, id, wish, again, key, desk.tag()))
    ),
    async load() {
      const dropped = state.unsaved;
      const isLoaded = await desk.reload();
      // What has no field, or none any more, in which it would stay is told, and can be made from there.
      const stays = (wish: Wish, now: Plan) => hasOwnField(wish.change) && fitted(wish, now) !== undefined;
      for (const wish of dropped) if (isLoaded && state.plan && !stays(wish, state.plan)) desk.tell(wish);
      return isLoaded;
    },
    refresh() {
      if (!state.unsaved.length) void edited.load();
    },
    async merge() {
      const wishes = [...state.unfit, ...state.unsaved];
      if (!(await desk.reload())) return false;
      state.unfit = [];
      for (const wish of wishes) {
        const isMade = await desk.make(wish);
        if (!isMade && !state.conflict) desk.tell(wish);
      }
      return !state.conflict && !state.unfit.length;
    },
  });

  watch(mark, edited.refresh, { immediate: true });
  return edited;
}

/** Where the plan is changed, one change after another. */
interface Desk {
  /** Resolves with whether it was done. */
  inTurn(act: () => Promise<void>): Promise<boolean>;
  /** When its turn comes the plan may be another than the one that was seen: what is meant is the same. */
  make(wish: Wish): Promise<boolean>;
  reload(): Promise<boolean>;
  /** That it was not made, once. */
  tell(wish: Wish): void;
  tag(): string;
}

function openDesk(api: PlanApi, videoId: string, state: PlanState): Desk {
  let tag = "";
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = (act: () => Promise<void>): Promise<boolean> => {
    const turn = queue.then(() => attempt(state, act));
    queue = turn;
    return turn;
  };
  const revise = (request: () => Promise<Reply<Plan> | undefined>) => inTurn(async () => {
    const reply = await request();
    if (!reply) return;
    tag = reply.etag;
    state.plan = reply.body;
  });

  async function make(wish: Wish): Promise<boolean> {
    let isFit = true;
    const isSaved = await revise(async () => {
      const change = fitted(wish, state.plan ?? wish.seen);
      isFit = change !== undefined;
      return change && api.editPlan(videoId, [change], tag).catch((error: unknown) => {
        const [problem] = error instanceof ApiProblem && error.status === 400 ? error.details : [];
        if (problem) state.refused = { change, problem };
        throw error;
      });
    });
    if (!isFit) tell(wish);
    else if (!isSaved && state.conflict) state.unsaved.push(wish);
    return isSaved && isFit;
  }

  async function reload(): Promise<boolean> {
    const isLoaded = await revise(() => api.plan(videoId));
    if (isLoaded) Object.assign(state, { conflict: "", unsaved: [] });
    return isLoaded;
  }

  function tell(wish: Wish): void {
    const textOf = ({ change }: Wish) => JSON.stringify(change);
    if (!state.unfit.some((each) => textOf(each) === textOf(wish))) state.unfit.push(wish);
  }

  return { inTurn, make, reload, tell, tag: () => tag };
}

async function attempt(state: PlanState, act: () => Promise<void>): Promise<boolean> {
  Object.assign(state, { problem: "", refused: undefined, doubtful: undefined });
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 412) state.conflict = error.message;
    else if (!isAbort(error)) state.problem = sentence(error);
    return false;
  }
}
