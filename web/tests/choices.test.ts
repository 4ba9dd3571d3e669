import { nextTick, reactive, ref } from "vue";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ConnectionLost } from "@/api/problems";
import type { Choices, Estimate, Generation } from "@/api/types";
import { choicesOf, forgetDraft, limitProblem, useDraft } from "@/composables/useDraft";
import { useEstimate } from "@/composables/useEstimate";
import { PAUSE_MS } from "@/composables/usePrice";

describe("draft", () => {
  beforeEach(() => { sessionStorage.clear(); });

  it("is still there after a reload, until it is forgotten", async () => {
    const { draft } = useDraft("v1");
    draft.prompt = "A storm";
    draft.budget = "5";
    await nextTick();
    expect(useDraft("v1").draft).toMatchObject({ prompt: "A storm", budget: "5" });
    expect(useDraft("v2").draft.prompt).toBe("");
    forgetDraft("v1");
    expect(useDraft("v1").draft.prompt).toBe("");
  });

  it("begins with what the earlier video was made with", () => {
    const options = { aspect_ratio: "16:9", captions: "lines" };
    const earlier = { user_prompt: "Sea", target_duration: 45, style: "artistic", options };
    const { draft, adopt } = useDraft("v1");
    adopt(earlier as Partial<Generation> as Generation);
    expect(draft).toMatchObject({
      prompt: "Sea", targetDuration: 45, style: "artistic", aspectRatio: "16:9", captions: "lines", budget: "",
    });
  });

  it("does not write an earlier video's choices over what the person has begun", async () => {
    const { draft, adopt } = useDraft("v1");
    draft.prompt = "Mine";
    await nextTick();
    adopt({ user_prompt: "Sea", options: {} } as Partial<Generation> as Generation);
    expect(draft.prompt).toBe("Mine");
  });

  it("survives a broken store", () => {
    sessionStorage.setItem("draft:v1", "{");
    expect(useDraft("v1").draft.style).toBe("cinematic");
  });

  it.each([
    ["", ""], ["5", ""], ["2,50", ""], ["0", "amount"], ["-1", "amount"], ["ten", "amount"], ["1001", "at most"],
  ])(
    "says what is wrong with a spending limit of %j", (typed, expected) => {
      const problem = limitProblem(typed);
      if (expected) expect(problem).toContain(expected);
      else expect(problem).toBe("");
    });

  it("sends no budget when there is none", () => {
    const { draft } = useDraft("v1");
    expect(choicesOf(draft)).not.toHaveProperty("budget");
    draft.budget = "4,5";
    expect(choicesOf(draft).budget).toBe(4.5);
  });
});

describe("estimate", () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  function stage() {
    const choices = reactive({ prompt: "", targetDuration: 30 }) as Choices;
    const open: {
      wanted: Choices; seconds: number; signal: AbortSignal; give(value: Estimate): void; fail(error: unknown): void;
    }[] = [];
    const estimate = (_id: string, wanted: Choices, seconds: number, signal: AbortSignal) =>
      new Promise<Estimate>((give, fail) => { open.push({ wanted: { ...wanted }, seconds, signal, give, fail }); });
    const recording = ref(0);
    const live = useEstimate({ estimate }, "v1", () => ({ ...choices }), () => recording.value);
    return { choices, open, live, recording };
  }

  it("asks at once, then a moment after the last change, and never for the description", async () => {
    const { choices, open } = stage();
    await vi.advanceTimersByTimeAsync(0);
    expect(open).toHaveLength(1);
    choices.prompt = "A storm";
    await vi.advanceTimersByTimeAsync(PAUSE_MS * 2);
    expect(open).toHaveLength(1);
    choices.targetDuration = 45;
    await vi.advanceTimersByTimeAsync(PAUSE_MS / 2);
    choices.targetDuration = 60;
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(open.map((each) => each.wanted.targetDuration)).toEqual([30, 60]);
  });

  it("asks anew when the recording's length becomes known", async () => {
    const { open, recording } = stage();
    await vi.advanceTimersByTimeAsync(0);
    recording.value = 24.7;
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(open.map((each) => each.seconds)).toEqual([0, 24.7]);
  });

  it("keeps the newest price when an older answer comes late", async () => {
    const { choices, open, live } = stage();
    await vi.advanceTimersByTimeAsync(0);
    choices.targetDuration = 60;
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(open[0]!.signal.aborted).toBe(true);
    open[1]!.give({ seconds: 60 } as Estimate);
    await vi.advanceTimersByTimeAsync(0);
    open[0]!.give({ seconds: 30 } as Estimate);
    await vi.advanceTimersByTimeAsync(0);
    expect(live).toMatchObject({ value: { seconds: 60 }, pending: false, problem: "" });
  });

  it("says when there is no estimate", async () => {
    const { open, live } = stage();
    await vi.advanceTimersByTimeAsync(0);
    open[0]!.fail(new ConnectionLost());
    await vi.advanceTimersByTimeAsync(0);
    expect(live.pending).toBe(false);
    expect(live.problem).toContain("can't be reached");
  });
});
