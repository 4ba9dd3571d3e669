/** An edit as it was meant on one revision of the plan: what it is on another one, and how one that is none is told. */

import type { Edit, Plan, PlannedScene } from "@/api/types";
import { modelName } from "./choices";
import { clock } from "./format";
import { t } from "./i18n";

export interface Wish {
  change: Edit;
  /** The plan that the person saw. */
  seen: Plan;
}

type Of<Op extends Edit["op"]> = Extract<Edit, { op: Op }>;
type Fits = { [Op in Edit["op"]]: (change: Of<Op>, seen: Plan, now: Plan) => Edit | undefined };

/** Seconds within which two words of the recording are the same one. */
const SAME = 0.05;

const as = (change: Edit): Edit => change;
const sceneOf = (plan: Plan, id: string): PlannedScene | undefined => plan.scenes.find((each) => each.id === id);
const idsOf = (plan: Plan): string => plan.scenes.map((each) => each.id).join(" ");
const afterScene = (plan: Plan, id: string) => plan.scenes[plan.scenes.findIndex((each) => each.id === id) + 1]?.id;
const ofScene = (change: Of<"scene" | "retake" | "picture">, _seen: Plan, now: Plan): Edit | undefined => (
  sceneOf(now, change.scene) && change
);
/** Seconds of the video are others where another part of the recording is used. */
const moved = (seconds: number, seen: Plan, now: Plan) => (
  Math.round((seconds + seen.excerpt.start - now.excerpt.start) * 1000) / 1000
);

/** Where a word of `seen` is in `now`: at the same time of the recording, and still that word; undefined if nowhere. */
export function placeOfWord(index: number, seen: Plan, now: Plan, also?: string): number | undefined {
  const word = seen.words[index];
  const place = word && now.words.findIndex((each) => (
    (each.text === word.text || each.text === also) && Math.abs(each.start - moved(word.start, seen, now)) < SAME
  ));
  return place === undefined || place < 0 ? undefined : place;
}

function ofWord<T extends Of<"word" | "join" | "delete">>(change: T, seen: Plan, now: Plan): T | undefined {
  const index = placeOfWord(change.index, seen, now, change.op === "word" ? change.text : undefined);
  return index === undefined ? undefined : { ...change, index };
}

const FITS: Fits = {
  scene: ofScene,
  retake: ofScene,
  picture: ofScene,
  pictures: as,
  take: (change, _seen, now) => (
    sceneOf(now, change.scene)?.takes.some((each) => each.id === change.take) ? change : undefined
  ),
  move: (change, seen, now) => sceneOf(now, change.scene) && { ...change, end: moved(change.end, seen, now) },
  split: (change, seen, now) => sceneOf(now, change.scene) && { ...change, at: moved(change.at, seen, now) },
  merge: (change, seen, now) => {
    const next = afterScene(seen, change.scene);
    return next !== undefined && afterScene(now, change.scene) === next ? change : undefined;
  },
  order: (change, seen, now) => (idsOf(seen) === idsOf(now) ? change : undefined),
  excerpt: as,
  look: as,
  style: as,
  captions: as,
  format: as,
  continuity: as,
  music: as,
  speakers: (change, _seen, now) => {
    const labels = now.speakers.map((each) => each.label);
    return Object.keys(change.speakers).every((label) => labels.includes(label)) ? change : undefined;
  },
  model: as,
  title: as,
  publish: as,
  cover: (change, seen, now) => {
    if (change.scene) return sceneOf(now, change.scene) && change;
    return typeof change.at === "number" ? { ...change, at: Math.max(0, moved(change.at, seen, now)) } : change;
  },
  word: ofWord,
  join: (change, seen, now) => {
    const fitted = ofWord(change, seen, now);
    return fitted && placeOfWord(change.index + 1, seen, now) === fitted.index + 1 ? fitted : undefined;
  },
  delete: ofWord,
};

/** The edit that means on the plan `now` what was meant; undefined when what it is about is not there any more. */
export function fitted({ change, seen }: Wish, now: Plan): Edit | undefined {
  const fit = FITS[change.op] as (change: Edit, seen: Plan, now: Plan) => Edit | undefined;
  return fit(change, seen, now);
}

/** Whether the edit is of a text with a field of its own, in which what was typed stays until it is saved. */
export const hasOwnField = (change: Edit): boolean => (
  ["look", "title", "publish", "speakers"].includes(change.op)
  || (change.op === "cover" && typeof change.text === "string") || (change.op === "scene" && change.model === undefined)
);

/** What a voice without a name is called: spk_0 is the first. */
export const voiceName = (label: string) => t("speakers.voice", { number: Number(/\d+$/.exec(label)?.[0] ?? 0) + 1 });

/** A wish that fits no more, in words: what was typed is among them. */
export function wishWords({ change, seen }: Wish): string {
  if (change.op === "scene") {
    const number = sceneOf(seen, change.scene)?.sequence ?? "";
    if (typeof change.model === "string") return t("unfit.sceneModel", { number, text: modelName(change.model) });
    return t("unfit.scene", { text: change.prompt ?? change.description ?? "" });
  }
  if ("index" in change) {
    const [word, next] = [change.index, change.index + 1].map((index) => seen.words[index]?.text ?? "");
    return t(`unfit.${change.op}`, { word, next, text: change.op === "word" ? change.text : "" });
  }
  if (change.op === "speakers") return t("unfit.speakers", { text: Object.values(change.speakers).join(", ") });
  const number = "scene" in change && change.scene ? (sceneOf(seen, change.scene)?.sequence ?? "") : "";
  const time = change.op === "move" ? change.end : change.op === "split" ? change.at : 0;
  return t(`unfit.${change.op}`, { number, time: clock(time) });
}
