import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import type { Moment, Moments, Video } from "@/api/types";
import { PAUSE_MS } from "@/composables/usePrice";
import { clipsOf, handlesOf, reachOf, textBetween, wordsAt } from "@/lib/moments";
import MomentsView from "@/views/MomentsView.vue";
import { button, field } from "./planned";
import { answer, generation, services, show, video } from "./stage";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const words = (...texts: string[]) => texts.map((text, at) => ({ text, start: 2 * at, end: 2 * at + 1, speaker: "" }));
const because = (points: number) => ({ points, because: "It asks." });

/** Of 10–20 s of the recording, which pauses at every even second from 0 to 80; a word begins at each of them. */
const moment = (id: string, more: Partial<Moment> = {}): Moment => ({
  id, start: 10, end: 20, seconds: 10, title: `Title ${id}`, hook: `Hook ${id}`, reason: "It is whole.", score: 70,
  rubric: { hook: because(8), selfContained: because(7), emotion: because(6), novelty: because(5) },
  text: "Whole text", words: [], nearby: words(...Array.from({ length: 40 }, (_, at) => `w${2 * at}`)),
  cuts: Array.from({ length: 41 }, (_, at) => 2 * at),
  prices: [{ model: "veo", billedSeconds: 10, usd: 1, mostUsd: 2 }], ...more,
});

describe("a moment's edges", () => {
  const range = ({ places }: { places: number[] }) => [places[0], places.at(-1)];

  it("lie in pauses, so that the clip has a length that it may have", () => {
    const [start, end] = handlesOf(moment("m1"), { start: 10, end: 20 });
    expect([range(start!), range(end!)]).toEqual([[0, 14], [16, 70]]);
    expect(reachOf(moment("m1"), 79.5)).toEqual({ from: 0, to: 80 });
  });

  it("may be those of speech that is shorter than any clip", () => {
    const brief = moment("m1", { start: 0, end: 3, seconds: 3, cuts: [] });
    expect(handlesOf(brief, brief).map(range)).toEqual([[0, 0], [3, 3]]);
  });

  it("say what lies between and around them", () => {
    expect(textBetween(moment("m1"), { start: 10, end: 14 })).toBe("w10 w12");
    expect(wordsAt(moment("m1"), 10)).toEqual({ before: "w4 w6 w8", after: "w10 w12 w14" });
  });

  it("are named to the service once one was moved", () => {
    const two = [moment("m1"), moment("m2")];
    expect(clipsOf(two, {})).toEqual({ moments: ["m1", "m2"] });
    expect(clipsOf(two, { m2: { start: 8, end: 20 } }).excerpts).toEqual([
      { start: 10, end: 20, title: "Title m1" }, { start: 8, end: 20, title: "Title m2" },
    ]);
  });
});

const MISSING = new ApiProblem(409, { message: "None yet.", error: "MomentsMissing" });

async function opened(moments: Moment[], more: { api?: object; record?: Partial<Video> } = {}) {
  const answered = { generationId: "g", judgedBy: "gpt", languageCode: "en", recordingSeconds: 80, moments };
  const goals = (["plan", "draft", "stills", "video"] as const).map((goal, at) => ({ goal, usd: at }));
  const api = {
    show: vi.fn(async () => answer(video("v1", {
      title: "Talk", duration: 80, ai_generation_status: "awaiting_review",
      ai_generation_data: generation({ generation_id: "g", goal: "moments" }), ...more.record,
    }))),
    moments: vi.fn(async () => {
      if (!moments.length) throw MISSING;
      return answered as Moments;
    }),
    clips: vi.fn(async () => answer([video("c1", { title: "First", ai_generation_status: "completed" })])),
    priceClips: vi.fn(async () => ({ clips: [], usd: 3, goals, withinBudget: true })),
    startClips: vi.fn(async () => ({ clips: [{ isNew: true }, { isNew: true }] })),
    lookForMoments: vi.fn().mockResolvedValue(undefined),
    priceMoments: vi.fn(async () => ({ usd: 0.04, mostUsd: 0.21, withinBudget: true })),
    ...more.api,
  };
  const given = services({ api: api as unknown as Reelwright });
  const view = show(MomentsView, { videoId: "v1" }, given);
  await rested();
  return { api, view };
}

async function rested(): Promise<void> {
  await flushPromises();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  await flushPromises();
}

async function press(view: VueWrapper, slider: number, key: string): Promise<void> {
  await view.findAll("[role=slider]")[slider]!.trigger("keydown", { key });
  await view.findAll("[role=slider]")[slider]!.trigger("keydown", { key: "Enter" });
  await rested();
}

describe("the moments of a recording", () => {
  it("are shown with what is said, why, and for how much, and all of them are taken", async () => {
    const { view, api } = await opened([moment("m1"), moment("m2")]);
    const text = view.get("article").text();
    const place = "0:10–0:20, 10 s · $1.00 as a video · 70 of 100 points";
    const parts = ["Title m1", "Hook m1", "It is whole.", "w10 w12 w14 w16 w18", place];
    for (const part of parts) expect(text).toContain(part);
    expect(view.findAll(".mark.ticked")).toHaveLength(2);
    expect(api.priceClips).toHaveBeenCalledWith(
      "v1", { moments: ["m1", "m2"], style: "cinematic", aspectRatio: "9:16" }, expect.anything(),
    );
    expect(button(view, /^Make 2 videos/).text()).toBe("Make 2 videos ($3.00)");
    expect(view.text()).toContain("$3.00 in total");
  });

  it("become clips as far as the goal, within the limit, and are listed then", async () => {
    const { view, api } = await opened([moment("m1"), moment("m2")]);
    await view.findAll("article input")[1]!.setValue(false);
    await view.get("input[value=draft]").setValue(true);
    await view.get("[aria-labelledby=clip-order] .limit input").setValue("2");
    await rested();
    await button(view, "Draft 1 clip").trigger("click");
    await rested();
    const wishes = { moments: ["m1"], style: "cinematic", aspectRatio: "9:16", goal: "draft", budget: 2 };
    expect(api.startClips).toHaveBeenCalledWith("v1", wishes, expect.any(String));
    expect(api.clips).toHaveBeenCalledTimes(2);
    expect(document.activeElement?.textContent).toBe("Clips");
    expect(view.get(".clips li").text()).toContain("First");
  });

  it("are not bought over the limit, nor without one that is taken", async () => {
    const { view, api } = await opened([moment("m1")]);
    await view.get("[aria-labelledby=clip-order] .limit input").setValue("2");
    await rested();
    expect(view.get("[role=alert]").text()).toContain("over your spending limit of $2.00");
    expect(button(view, "Make 1 video").attributes("disabled")).toBe("");
    await view.get("article input").setValue(false);
    await rested();
    expect(button(view, "Choose a moment first").attributes("disabled")).toBe("");
    expect(api.startClips).not.toHaveBeenCalled();
  });

  it("have edges that keys move from pause to pause, and that go back", async () => {
    const { view, api } = await opened([moment("m1")]);
    await button(view, "Move its edges, moment 1").trigger("click");
    await press(view, 0, "ArrowLeft");
    await press(view, 1, "ArrowRight");
    expect(view.get("article").text()).toContain("0:08–0:22, 14 s");
    expect(view.get("blockquote").text()).toBe("w8 w10 w12 w14 w16 w18 w20");
    const excerpts = [{ start: 8, end: 22, title: "Title m1" }];
    expect(api.priceClips).toHaveBeenLastCalledWith("v1", expect.objectContaining({ excerpts }), expect.anything());
    await button(view, "Edges of moment 1 as chosen").trigger("click");
    await rested();
    expect(api.priceClips).toHaveBeenLastCalledWith(
      "v1", expect.objectContaining({ moments: ["m1"] }), expect.anything(),
    );
  });

  it("are looked for where there are none, at a price that is told", async () => {
    const { view, api } = await opened([], { record: { ai_generation_status: null, ai_generation_data: null } });
    await field(view, "How many moments").setValue("3");
    await field(view, "What should we look for? (optional)").setValue("What went wrong");
    await field(view, "Language of the recording").setValue("de-DE");
    await rested();
    // What decides on the price, and not every letter of the wish, asks for it again.
    expect(api.priceMoments).toHaveBeenLastCalledWith("v1", { count: 3, languageCode: "de-DE" }, expect.anything());
    expect(view.text()).toContain("At most $0.21, transcription included.");
    await button(view, /^Find moments \(\$0\.04\)/).trigger("click");
    await rested();
    const search = { count: 3, targetDuration: 30, prompt: "What went wrong", languageCode: "de-DE" };
    expect(api.lookForMoments).toHaveBeenCalledWith("v1", search, expect.any(String));
    expect(api.show).toHaveBeenCalledTimes(2);
  });

  it("are waited for while they are looked for, and a search that stopped is told of", async () => {
    const looking = await opened([], { record: { ai_generation_status: "processing" } });
    expect(looking.view.find("[role=progressbar]").exists()).toBe(true);
    expect(looking.view.find("form").exists()).toBe(false);
    const failed = await opened([], { record: { ai_generation_status: "failed" } });
    expect(failed.view.get("[role=alert]").text()).toContain("The search stopped before its end.");
    expect(failed.view.get("[role=alert] a").text()).toBe("See why");
  });

  it("are looked for in a finished video, which is shown again then, and why it stopped is told here", async () => {
    const failure = { step: "scene_planning", error: "PlannerRefused", message: "It was refused.", next_action: "" };
    const costs = generation().cost_breakdown;
    const ended = (status: "failed" | "awaiting_review"): Partial<Video> => ({
      ai_generation_status: "completed", ai_generation_data: generation({ goal: "video" }),
      search: {
        generation_id: "s", status, degraded: [], cost_breakdown: costs,
        ...(status === "failed" ? { failure: { ...failure, charged: false } } : {}),
      },
    });
    const failed = await opened([], { record: ended("failed") });
    expect(failed.view.get("[role=alert]").text()).toBe("The search stopped before its end. It was refused.");
    expect(failed.view.find("form").exists()).toBe(true);
    const done = await opened([moment("m1")], { record: ended("awaiting_review") });
    expect([done.view.find("[role=alert]").exists(), done.view.findAll("article").length]).toEqual([false, 1]);
  });
});
