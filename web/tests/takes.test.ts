import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import type { Reelwright } from "@/api/reelwright";
import VideoView from "@/views/VideoView.vue";
import { board, button, field, plan, scene, take, type } from "./planned";
import { answer, generation, services, show, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

describe("takes", () => {
  const still = (id: string, isShown: boolean) => take(id, isShown, { kind: "still" });
  const takes = [take("new", true), take("old", false), still("drawn", true), still("sketch", false)];
  const bought = plan({ scenes: [scene("a", 1, { takes }), scene("b", 2)] });

  it("stand side by side with the one that is shown, and an earlier one is put back", async () => {
    const { view, api } = board(bought);
    await flushPromises();
    expect(view.findAll(".take").map((each) => each.get("p").text())).toEqual([
      "Take 2 ($0.80)", "Take 1 ($0.80)", "Still 2 ($0.80)", "Still 1 ($0.80)",
    ]);
    expect(view.findAll(".take.shown a").map((each) => each.attributes("aria-label"))).toEqual([
      "Open take 2 of scene 1", "Open still 2 of scene 1",
    ]);
    expect(view.findAll(".take button").map((each) => each.attributes("aria-label"))).toEqual([
      "Use this take: take 1 of scene 1", "Use this still: still 1 of scene 1",
    ]);
    await button(view, "Use this take").trigger("click");
    await flushPromises();
    expect(api.editPlan).toHaveBeenCalledWith("v1", [{ op: "take", scene: "a", take: "old" }], '"1"');
  });

  it("say when none of them fits the scene any more", async () => {
    const outgrown = [take("old", false), take("drawn", true, { kind: "still" })];
    const { view } = board(plan({ scenes: [scene("a", 1, { takes: outgrown }), scene("b", 2, { takes })] }));
    await flushPromises();
    const scenes = view.findAll("article.scene").map((each) => each.text());
    expect(scenes.map((words) => words.includes("No clip fits this scene as it is now"))).toEqual([true, false]);
  });

  it("are bought once more after a question that says what else is bought with it", async () => {
    const { view, api } = board(bought);
    await flushPromises();
    await button(view, /^Retake scene 1/).trigger("click");
    expect(api.retake).not.toHaveBeenCalled();
    // Scene 2 has no clip yet: a run to the video buys it as well.
    expect(view.get("dialog").text()).toContain("This buys 2 clips for $1.60.");
    await view.get("dialog button.main").trigger("click");
    await flushPromises();
    expect(api.retake.mock.calls[0]!.slice(0, 3)).toEqual(["v1", "a", { kind: "clip" }]);
    expect(view.emitted("started")).toHaveLength(1);
    expect(view.findAll("button").filter((each) => each.text().startsWith("Retake"))).toHaveLength(1);
  });

  it("have the price of the retake on its button", async () => {
    const whole = plan({ scenes: [scene("a", 1, { takes })], next: [] });
    const { view } = board(whole);
    await flushPromises();
    expect(button(view, /^Retake/).text()).toBe("Retake ($0.80)");
  });
});

describe("the words", () => {
  async function choose(view: VueWrapper, index: number): Promise<void> {
    await view.findAll("button.word")[index]!.trigger("click");
    await flushPromises();
  }

  it("are corrected, joined and deleted one by one", async () => {
    const { view, api } = board();
    await flushPromises();
    await choose(view, 1);
    expect(document.activeElement).toBe(view.get(".editor input").element);
    await view.get(".editor input").setValue("is");
    await view.get(".editor input").trigger("keydown", { key: "Enter" });
    await flushPromises();
    await choose(view, 1);
    await button(view, "Join with “so”").trigger("click");
    await flushPromises();
    await choose(view, 2);
    expect(view.find(".editor").text()).not.toContain("Join");
    await button(view, "Delete “so”").trigger("click");
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "word", index: 1, text: "is" }, { op: "join", index: 1 }, { op: "delete", index: 2 },
    ]);
    expect(view.find(".editor").exists()).toBe(false);
  });

  it("have the focus again when one of them is corrected", async () => {
    const { view } = board();
    await flushPromises();
    await choose(view, 1);
    await view.get(".editor input").setValue("is");
    await view.get(".editor input").trigger("keydown", { key: "Enter" });
    await flushPromises();
    expect(document.activeElement?.textContent?.trim()).toBe("is");
  });
});

describe("a video's storyboard", () => {
  const beats = { scenes: [{ sequence: 1 }] } as never;
  async function open(status: string) {
    const data = generation({ goal: "plan", revision: 1, scene_beats: beats });
    const record = video("v1", { title: "Talk", ai_generation_status: status as never, ai_generation_data: data });
    const shown = async () => answer(record);
    const api = { show: shown, versions: async () => answer([]), plan: async () => answer(plan()) };
    const view = show(VideoView, { videoId: "v1" }, services({ api: api as unknown as Reelwright }));
    await flushPromises();
    return view;
  }

  it("is there at once for a review, in place of the scenes", async () => {
    const view = await open("awaiting_review");
    expect(view.find("#storyboard").exists()).toBe(true);
    expect(view.find("#scenes").exists()).toBe(false);
    view.unmount();
  });

  it.each(["completed", "failed", "cancelled"])("is behind a button of a %s one", async (status) => {
    const view = await open(status);
    expect(view.find("#storyboard").exists()).toBe(false);
    await button(view, /^Edit$/).trigger("click");
    await flushPromises();
    expect(view.find("#storyboard").exists()).toBe(true);
    expect(view.find("#scenes").exists()).toBe(false);
    view.unmount();
  });

  it("has what was typed and not saved after something was made in another tab", async () => {
    const states = ["awaiting_review", "processing", "awaiting_review"] as const;
    let asked = 0;
    const data = generation({ generation_id: "g", goal: "plan", revision: 1, scene_beats: beats });
    const record = () => video("v1", { ai_generation_status: states[asked]!, ai_generation_data: data });
    const editPlan = vi.fn().mockRejectedValue(new ApiProblem(409, { message: "It is being made." }));
    const shown = async () => answer(record(), String(asked));
    const api = { show: shown, versions: async () => answer([]), plan: async () => answer(plan()), editPlan };
    const view = show(VideoView, { videoId: "v1" }, services({ api: api as unknown as Reelwright }));
    await flushPromises();
    await type(view, "A storm");
    for (const isThere of [false, true]) {
      asked += 1;
      document.dispatchEvent(new Event("visibilitychange"));
      await flushPromises();
      expect(view.find("#storyboard").exists()).toBe(isThere);
    }
    expect(field(view, "Prompt of scene 1").element.value).toBe("A storm");
    view.unmount();
  });

  it("is not there while something is made", async () => {
    const view = await open("processing");
    expect(button(view, /^Edit$/)).toBeUndefined();
    view.unmount();
  });
});
