import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import { ApiProblem } from "@/api/problems";
import { board, button, field, plan, scene, type } from "./planned";
import { generation } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

describe("the storyboard", () => {
  it("shows each scene's words, prompt and price, and what each way to go on buys", async () => {
    const { view } = board();
    await flushPromises();
    const [first] = view.findAll("article.scene");
    expect(first!.text()).toContain("“Words a”");
    expect(first!.text()).toContain("New clip: $0.80 (8 s)");
    expect(view.get(".said").attributes("dir")).toBe("auto");
    const ways = view.findAll(".ways li").map((way) => way.text());
    expect(ways).toEqual([
      "Draft (free)Buys nothing; ready in about 20 s.",
      "Stills ($0.07)Buys 1 still; ready in about 30 s.",
      "Make the video ($1.60)Buys 2 clips; ready in about 3 min 20 s.",
    ]);
  });

  it("shows a scene without a take as the draft of this very revision draws it", async () => {
    const film = (revision: number, goal: "draft" | "stills") => ({
      goal, revision, seconds: 16, links: { video: { url: "/draft.mp4", expiresAt: "" } },
    });
    const pictures = async (of: ReturnType<typeof film>) => {
      const { view } = board(plan(), { generation: generation({ preview: of }) });
      await flushPromises();
      return view.findAll(".drawn video").map((each) => each.attributes("src"));
    };
    expect(await pictures(film(1, "draft"))).toEqual(["/draft.mp4#t=0.5", "/draft.mp4#t=8.5"]);
    expect(await pictures(film(2, "draft"))).toEqual([]);
    expect(await pictures(film(1, "stills"))).toEqual([]);
  });

  it("is gone through to what comes next by one press", async () => {
    const { view } = board();
    await flushPromises();
    await button(view, "Go to prices and next steps").trigger("click");
    expect(document.activeElement?.textContent).toBe("Go on");
  });

  it("says that a finished video is renewed for free when nothing is missing, and in a preview no price", async () => {
    const next = plan().next.map((each) => ({ ...each, buys: [], usd: 0 }));
    const { view } = board(plan({ next }), { finished: true });
    await flushPromises();
    expect(view.findAll(".ways button").at(-1)!.text()).toBe("Update the video (free)");
    const free = board(plan(), { preview: true }).view;
    await flushPromises();
    expect(free.findAll(".ways button").map((each) => each.text())).toEqual(["Draft", "Stills", "Make the video"]);
    expect(free.get(".ways").text()).toContain("Live, it would buy 2 clips for $1.60.");
  });

  it("offers no button for what is made of this very revision", async () => {
    const next = plan().next.map((each) => ({ ...each, buys: [], usd: 0, isMade: each.goal === "video" }));
    const { view, api } = board(plan({ next }), { finished: true });
    await flushPromises();
    const [draft, , video] = view.findAll(".ways button");
    expect(draft!.attributes("disabled")).toBeUndefined();
    expect([video!.text(), video!.attributes("disabled")]).toEqual(["Update the video (made)", ""]);
    expect(view.findAll(".ways li").at(-1)!.text()).toContain("there is nothing to make");
    await video!.trigger("click");
    expect(api.run).not.toHaveBeenCalled();
  });

  it("saves a prompt when the field is left, on the revision that it was made of", async () => {
    const { view, api } = board();
    await flushPromises();
    await type(view, "A storm");
    await type(view, "A calm", "Prompt of scene 2");
    expect(api.editPlan.mock.calls).toEqual([
      ["v1", [{ op: "scene", scene: "a", prompt: "A storm" }], '"1"'],
      ["v1", [{ op: "scene", scene: "b", prompt: "A calm" }], '"2"'],
    ]);
    const notes = view.findAll("article [role=status]").map((note) => note.text());
    expect(notes.filter((note) => note === "Saved")).toHaveLength(2);
    expect(view.emitted("changed")).toHaveLength(2);
    await field(view, "Prompt of scene 1").trigger("blur");
    expect(api.editPlan).toHaveBeenCalledTimes(2);
  });

  it("takes a scene's description beside its prompt, and says what it is for", async () => {
    const { view, api } = board();
    await flushPromises();
    expect(field(view, "Description of scene 2").element.value).toBe("Shows b");
    expect(view.get("article").text()).toContain("Clips and stills follow the prompt alone.");
    await type(view, "A quay at dawn", "Description of scene 2");
    expect(api.editPlan.mock.lastCall![1]).toEqual([{ op: "scene", scene: "b", description: "A quay at dawn" }]);
    expect(field(view, "Description of scene 2").element.value).toBe("A quay at dawn");
  });

  it("does not save an empty prompt", async () => {
    const { view, api } = board();
    await flushPromises();
    await type(view, "  ");
    expect(api.editPlan).not.toHaveBeenCalled();
    expect(view.text()).toContain("Enter what the scene shows.");
  });

  it("tells of a change in another tab, keeps what was typed, and buys nothing until the plan is loaded", async () => {
    const { view, api, revise } = board();
    await flushPromises();
    revise((now) => ({ ...now, scenes: [scene("a", 1, { prompt: "Theirs" }), scene("b", 2, { prompt: "Other" })] }));
    await type(view, "Mine");
    expect(view.get("[role=alert]").text()).toContain("The plan was changed in another tab. It differs in scenes.");
    await button(view, "Make the video").trigger("click");
    await flushPromises();
    expect(api.run).not.toHaveBeenCalled();
    await button(view, "Reload the plan").trigger("click");
    await flushPromises();
    expect(view.find("[role=alert]").exists()).toBe(false);
    const fields = [1, 2].map((number) => field(view, `Prompt of scene ${number}`).element.value);
    expect(fields).toEqual(["Mine", "Other"]);
    expect(view.get(".theirs").text()).toContain("Theirs");
    await button(view, /^Save$/).trigger("click");
    await flushPromises();
    expect(api.editPlan.mock.lastCall).toEqual(["v1", [{ op: "scene", scene: "a", prompt: "Mine" }], '"2"']);
    expect(view.find(".theirs").exists()).toBe(false);
  });

  it("goes on to a goal after what was typed is saved", async () => {
    const { view, api } = board();
    await flushPromises();
    await field(view, "Prompt of scene 1").setValue("A storm");
    void field(view, "Prompt of scene 1").trigger("blur");
    await button(view, "Draft").trigger("click");
    await flushPromises();
    expect(api.run.mock.calls[0]!.slice(0, 3)).toEqual(["v1", "draft", false]);
    // Nothing is made of another plan than the one that is seen.
    expect(api.run.mock.calls[0]![4]).toBe('"2"');
    expect(api.editPlan.mock.invocationCallOrder[0]).toBeLessThan(api.run.mock.invocationCallOrder[0]!);
    expect(view.emitted("started")).toHaveLength(1);
  });

  it("leaves it to the person to order again what may have been bought", async () => {
    const { view, api } = board();
    await flushPromises();
    api.run.mockRejectedValueOnce(new ApiProblem(409, { message: "May be bought.", error: "SceneMayBeBought" }));
    await button(view, "Make the video").trigger("click");
    await flushPromises();
    expect(view.get("[role=alert]").text()).toContain("May be bought.");
    await button(view, "Order again").trigger("click");
    await flushPromises();
    expect(api.run.mock.calls.map(([, goal, again]) => [goal, again])).toEqual([["video", false], ["video", true]]);
  });

  it("changes style, captions and beginnings as edits of the plan", async () => {
    const { view, api } = board();
    await flushPromises();
    await view.get("input[value=animated]").setValue();
    await view.get("input[value=none]").setValue();
    await view.get("input[value=chain]").setValue();
    await flushPromises();
    const edits = api.editPlan.mock.calls.map(([, [edit]]) => edit);
    expect(edits).toEqual([
      { op: "style", style: "animated" }, { op: "captions", captions: "none" },
      { op: "continuity", continuity: "chain" },
    ]);
  });

  it("splits a scene at a place inside it, and merges it with the next one", async () => {
    const { view, api } = board();
    await flushPromises();
    const [first, last] = view.findAll("article.scene");
    expect(first!.findAll("option").map((each) => each.text())).toEqual(["0:04 “after 14 after 18 after”"]);
    await button(view, "Split").trigger("click");
    await button(view, "Merge").trigger("click");
    await flushPromises();
    const edits = api.editPlan.mock.calls.map(([, [edit]]) => edit);
    expect(edits).toEqual([{ op: "split", scene: "a", at: 4 }, { op: "merge", scene: "a" }]);
    expect(last!.text()).not.toContain("Merge");
  });
});
