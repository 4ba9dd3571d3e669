import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import type { Step } from "@/api/types";
import StepList from "@/components/StepList.vue";
import StoppedPanel from "@/components/StoppedPanel.vue";
import VideoView from "@/views/VideoView.vue";
import { answer, generation, services, show, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

describe("what happened", () => {
  const steps = [{ step: "scene_planning", status: "failed" }, { step: "finalization", status: "pending" }] as Step[];
  const failed = generation({
    processing_steps: steps,
    failure: { step: "scene_planning", error: "PlannerRefused", message: "No.", charged: false } as never,
  });
  const props = { generation: failed, status: "failed", acting: false, preview: false };

  it("names the step that failed, the cost and the code", async () => {
    const view = show(StoppedPanel, props);
    expect(view.get("h2").text()).toBe("Planning failed");
    const account = "Spent so far: $3.00. Finished work isn't charged again. Error code: PlannerRefused.";
    expect(view.text()).toContain(account);
    await view.get("button.main").trigger("click");
    expect(view.emitted("resume")).toEqual([[false, undefined]]);
  });

  it("lets a person decide about a clip that may have been bought", async () => {
    const failure = { ...failed.failure!, error: "SubmitOutcomeUnknown" };
    const view = show(StoppedPanel, { ...props, generation: { ...failed, failure } });
    expect(view.get("button.main").text()).toBe("Order again and resume");
    await view.get("button.main").trigger("click");
    expect(view.emitted("resume")).toEqual([[true, undefined]]);
  });

  it.each([undefined, { scenes: [] }])("asks for a higher limit where its own has stopped it", async (scene_beats) => {
    const failure = { ...failed.failure!, error: "BudgetExceeded" };
    const limited = { ...failed, failure, options: { budget_usd: 3.5 }, scene_beats } as never;
    const view = show(StoppedPanel, { ...props, generation: limited });
    const [field, resume] = [view.get("input"), view.get<HTMLButtonElement>("button.main")];
    expect(view.get("label").text()).toContain("Spent $3.00 of your limit of $3.50.");
    for (const [typed, said] of [
      ["much", "Enter an amount in dollars, such as $5.00"], ["3.5", "Enter more than the limit of $3.50"],
      ["9999999", "The spending limit can be at most"],
    ] as const) {
      await field.setValue(typed);
      expect([view.get("label").text().includes(said), resume.element.disabled]).toEqual([true, true]);
    }
    await field.setValue("4,75");
    expect(resume.text()).toBe("Raise the limit to $4.75: Resume");
    await resume.trigger("click");
    await field.setValue(" ");
    await resume.trigger("click");
    expect(view.emitted("resume")).toEqual([[false, 4.75], [false, undefined]]);
  });

  it("goes on with the higher limit", async () => {
    const failure = { ...failed.failure!, error: "BudgetExceeded" };
    const data = { ...failed, failure, options: { budget_usd: 3.5 } } as never;
    const record = video("v1", { ai_generation_status: "failed", ai_generation_data: data });
    const resume = vi.fn().mockResolvedValue(undefined);
    const api = { show: async () => answer(record), versions: async () => answer([]), resume };
    const view = show(VideoView, { videoId: "v1" }, services({ api: api as unknown as Reelwright }));
    await flushPromises();
    await view.get("input").setValue("4.75");
    await view.get("button.main").trigger("click");
    expect(resume).toHaveBeenCalledWith("v1", false, expect.any(String), 4.75);
    view.unmount();
  });

  it("asks for no limit where none of its own has stopped it", () => {
    const failure = { ...failed.failure!, error: "BudgetExceeded" };
    const limited = { ...failed, options: { budget_usd: 3.5 } } as never;
    for (const other of [{ ...failed, failure }, limited]) {
      expect(show(StoppedPanel, { ...props, generation: other }).find("input").exists()).toBe(false);
    }
  });

  it("says what the video would have been otherwise than asked for, and nothing where nothing", () => {
    const notes = ["The video is 4.0 s long, not 15 s.", "2 cut(s) fall between two words."];
    for (const status of ["failed", "cancelled"]) {
      const view = show(StoppedPanel, { ...props, status, generation: { ...failed, degraded: notes } });
      expect(view.text()).toContain("Adjustments");
      expect(view.findAll(".notes li").map((note) => note.text())).toEqual(notes);
    }
    expect(show(StoppedPanel, props).text()).not.toContain("Adjustments");
  });

  it("shows a step that was under way as stopped", () => {
    const running = [{ step: "transcription", status: "processing", started_at: "2026-01-01T00:00:00Z" }] as Step[];
    expect(show(StepList, { steps: running, goal: "video", now: 0, stopped: true }).text()).toContain("stopped");
    expect(show(StepList, { steps: running, goal: "video", now: 0, stopped: false }).text()).toContain("in progress");
  });
});
