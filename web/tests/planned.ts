/** A plan with scenes, words and takes, and a storyboard that shows it. */

import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import { ApiProblem } from "@/api/problems";
import type { Edit, Plan, PlannedScene, Take, Word } from "@/api/types";
import type { Services } from "@/composables/useServices";
import { PLAIN_STYLE } from "@/lib/choices";
import StoryBoard from "@/components/story/StoryBoard.vue";
import { answer, generation, services, show, video } from "./stage";

export const take = (id: string, isShown: boolean, more: Partial<Take> = {}): Take => ({
  id, kind: "clip", model: "veo", seconds: 8, usd: 0.8, createdAt: "", isShown, imageId: "",
  link: { url: `https://b/${id}.mp4?sig=a`, expiresAt: "" }, ...more,
});
export const scene = (id: string, sequence: number, more: Partial<PlannedScene> = {}): PlannedScene => ({
  id, sequence, start: (sequence - 1) * 8, end: sequence * 8, text: `Words ${id}`, description: `Shows ${id}`,
  prompt: `Prompt ${id}`, model: "veo", take: "", takes: [], clipSeconds: 8, usd: 0.8,
  stillUsd: 0.07, longestSeconds: 12, heldSeconds: 0, models: [{ model: "veo", seconds: 8, usd: 0.8 }], pictureUses: [],
  ...more,
});
const clip = (of: string) => ({ scene: of, kind: "clip" as const, model: "veo", seconds: 8, usd: 0.8 });

export function plan(more: Partial<Plan> = {}): Plan {
  const word = (text: string, start: number) => ({ text, start, end: start + 0.5, speaker: "" });
  const cut = (time: number) => ({ time, clean: true, endsSentence: false, text: `after ${time}` });
  return {
    videoId: "v1", generationId: "g", revision: 1, title: "Talk", model: "veo", style: "cinematic", captions: "words",
    continuity: "none", music: "", aspectRatio: "9:16", resolution: "720p", languageCode: "en", theme: "",
    excerpt: { start: 10, end: 26 },
    cover: { text: "", document: "" },
    publish: { title: "", hook: "", description: "", hashtags: [], posts: [] },
    seconds: 16, look: { people: "", place: "", palette: "" }, scenes: [scene("a", 1), scene("b", 2)],
    otherTakes: [], speakers: [],
    captionStyle: PLAIN_STYLE, captionLanguage: "", captionDocument: "",
    words: [word("It", 0), word("iz", 1), word("so", 2)], cuts: [cut(10), cut(14), cut(18), cut(22), cut(26)],
    next: [
      { goal: "draft", isMade: false, buys: [], usd: 0, seconds: 20 },
      { goal: "stills", isMade: false, buys: [{ ...clip("a"), kind: "still", usd: 0.07 }], usd: 0.07, seconds: 30 },
      { goal: "video", isMade: false, buys: [clip("a"), clip("b")], usd: 1.6, seconds: 200 },
    ],
    ...more,
  };
}

function corrected(words: Word[], edit: Extract<Edit, { op: "word" | "delete" }>): Word[] {
  return words.flatMap((word, index) => {
    if (index !== edit.index) return [word];
    return edit.op === "word" ? [{ ...word, text: edit.text }] : [];
  });
}

/** A storyboard over a plan that edits change, where its tag is named, and what was asked of the service. */
export function board(
  first = plan(), props: Record<string, unknown> = {}, more: { api?: object; given?: Partial<Services> } = {},
) {
  const state = { now: first };
  const tagged = () => answer(state.now, `"${state.now.revision}"`);
  const revise = (change: (now: Plan) => Plan) => {
    state.now = { ...change(state.now), revision: state.now.revision + 1 };
    return tagged();
  };
  const rewrite = (edit: Edit) => (now: Plan): Plan => {
    if (edit.op === "word" || edit.op === "delete") return { ...now, words: corrected(now.words, edit) };
    if (edit.op !== "scene") return now;
    const changes = { prompt: edit.prompt, description: edit.description, model: edit.model };
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    return { ...now, scenes: now.scenes.map((each) => (each.id === edit.scene ? { ...each, ...given } : each)) };
  };
  const api = {
    plan: vi.fn(async () => tagged()),
    editPlan: vi.fn(async (...[, edits, tag]: [string, Edit[], string]) => {
      if (tag !== tagged().etag) throw new ApiProblem(412, { message: "It differs in scenes.", error: "PlanChanged" });
      return revise(rewrite(edits[0]!));
    }),
    planAround: vi.fn(async () => state.now),
    pictures: vi.fn(async () => answer({ success: true, images: [] })),
    run: vi.fn().mockResolvedValue(undefined),
    retake: vi.fn().mockResolvedValue(undefined),
    ...more.api,
  };
  const given = services({ ...more.given, api: api as unknown as Reelwright });
  const record = video("v1", { title: "Talk" });
  const all = { video: record, generation: generation(), finished: false, preview: false, ...props };
  return { api, revise, view: show(StoryBoard, all, given) };
}

/** The field with the label. */
export function field(view: VueWrapper, label: string) {
  const name = view.findAll("label").find((each) => each.text() === label)!.attributes("for");
  return view.get<HTMLInputElement>(`[id="${name}"]`);
}

export async function type(view: VueWrapper, text: string, label = "Prompt of scene 1"): Promise<void> {
  const typed = field(view, label);
  await typed.setValue(text);
  await typed.trigger("blur");
  await flushPromises();
}
export const button = (view: VueWrapper, name: string | RegExp) => (
  view.findAll("button").find((each) => each.text().match(name) ?? each.attributes("aria-label")?.match(name))!
);
