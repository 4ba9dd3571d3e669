import { flushPromises, type VueWrapper } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { Edit, Plan } from "@/api/types";
import { fitted, wishWords } from "@/lib/wishes";
import { board, button, field, plan, scene, take, type } from "./planned";

afterEach(() => { document.body.replaceChildren(); });

const [a, b, c] = [scene("a", 1, { takes: [take("t", true)] }), scene("b", 2), scene("c", 3)] as const;
const seen = plan({ scenes: [a, b, c] });
const now = (more: Partial<Plan>) => ({ ...seen, revision: 2, ...more });
const shorter = now({ scenes: [b, c] });
const swapped = now({ scenes: [b, a, c] });
/** Another part of the recording: the video begins two seconds earlier in it. */
const earlier = now({
  excerpt: { start: 8, end: 24 },
  words: [
    { text: "Well", start: 0, end: 1, speaker: "" }, ...seen.words.map((word) => ({ ...word, start: word.start + 2 })),
  ],
});
const reworded = (text: string) => now({ words: seen.words.map((word, at) => (at === 1 ? { ...word, text } : word)) });

const whole: Edit[] = [
  { op: "style", style: "animated" }, { op: "captions", captions: "none" }, { op: "title", title: "Quay" },
  { op: "look", people: "A keeper" }, { op: "continuity", continuity: "chain" }, { op: "model", model: "omni" },
  { op: "excerpt", start: 12, end: 24 },
];
const prompt: Edit = { op: "scene", scene: "a", prompt: "A storm" };
const word: Edit = { op: "word", index: 1, text: "is" };
const join: Edit = { op: "join", index: 1 };
const order: Edit = { op: "order", pictures: ["b", "a", "c"] };
const merge: Edit = { op: "merge", scene: "a" };
const takeBack: Edit = { op: "take", scene: "a", take: "t" };

describe("an edit that was meant on another revision", () => {
  it.each(whole)("of the whole video fits each: %o", (change) => {
    for (const other of [shorter, swapped, earlier]) expect(fitted({ change, seen }, other)).toEqual(change);
  });

  it.each<[Edit, Plan, Edit | undefined]>([
    [prompt, swapped, prompt], [prompt, shorter, undefined],
    [takeBack, swapped, takeBack], [takeBack, shorter, undefined],
    [takeBack, now({ scenes: [scene("a", 1)] }), undefined],
    [{ op: "move", scene: "a", end: 6 }, earlier, { op: "move", scene: "a", end: 8 }],
    [{ op: "move", scene: "a", end: 6 }, shorter, undefined],
    [{ op: "split", scene: "b", at: 12.5 }, earlier, { op: "split", scene: "b", at: 14.5 }],
    [{ op: "split", scene: "a", at: 4 }, shorter, undefined],
    [merge, earlier, merge], [merge, swapped, undefined],
    [order, earlier, order], [order, swapped, undefined],
    [word, earlier, { ...word, index: 2 }], [word, reworded("his"), undefined], [word, reworded("is"), word],
    [{ op: "delete", index: 0 }, earlier, { op: "delete", index: 1 }],
    [{ op: "delete", index: 1 }, reworded("is"), undefined],
    [join, earlier, { ...join, index: 2 }], [join, now({ words: seen.words.slice(0, 2) }), undefined],
    [{ op: "join", index: 0 }, reworded("is"), undefined],
  ])("%o is the same thing on the plan, or nothing", (change, other, wanted) => {
    expect(fitted({ change, seen }, other)).toEqual(wanted);
  });

  it.each<[Edit, string]>([
    [prompt, "For a scene that's gone: “A storm”"], [word, "“iz” corrected to “is”"], [join, "“iz” joined with “so”"],
    [{ op: "split", scene: "b", at: 12.5 }, "Scene 2 split at 0:12"], [order, "Pictures in another order"],
    [takeBack, "Another take of scene 1"],
  ])("is told in words with what was typed: %o", (change, words) => {
    expect(wishWords({ change, seen })).toBe(words);
  });
});

const AGAIN = "Reload and make my changes again";
const press = async (view: VueWrapper, name: string) => {
  await button(view, name).trigger("click");
  await flushPromises();
};
const typeWord = async (view: VueWrapper, index: number, text: string) => {
  await view.findAll("button.word")[index]!.trigger("click");
  await flushPromises();
  await view.get(".editor input").setValue(text);
  await press(view, "Correct");
};
const wordsOf = (view: VueWrapper) => view.findAll("button.word").map((each) => each.text());

describe("a change in another tab", () => {
  it("is loaded, and the refused changes made again on it, by one press", async () => {
    const { view, api, revise } = board();
    await flushPromises();
    revise((other) => ({ ...other, style: "artistic", words: other.words.slice(1).concat(other.words[0]!) }));
    await type(view, "Mine");
    await typeWord(view, 1, "is");
    await view.get("input[value=chain]").setValue();
    await flushPromises();
    revise((other) => ({ ...other, words: other.words.slice(0, 2) }));
    await press(view, AGAIN);
    expect(view.find(".problem").exists()).toBe(false);
    expect(api.editPlan.mock.calls.slice(-3).map(([, edits, tag]) => [edits[0], tag])).toEqual([
      [{ op: "scene", scene: "a", prompt: "Mine" }, '"3"'], [{ op: "word", index: 0, text: "is" }, '"4"'],
      [{ op: "continuity", continuity: "chain" }, '"5"'],
    ]);
    expect(wordsOf(view)).toEqual(["is", "so"]);
    expect(view.find(".editor").exists()).toBe(false);
    expect(view.findAll("[role=status]").map((note) => note.text())).toContain("Saved");
  });

  it("is asked about again when the plan changes once more meanwhile, and nothing is lost", async () => {
    const { view, api, revise } = board();
    await flushPromises();
    revise((other) => other);
    await type(view, "Mine");
    await typeWord(view, 1, "is");
    api.plan.mockImplementationOnce(async () => {
      const stale = { body: plan({ revision: 2 }), etag: '"2"', retryAfter: 0 };
      revise((other) => other);
      return stale;
    });
    await press(view, AGAIN);
    await press(view, AGAIN);
    expect(view.find(".problem").exists()).toBe(false);
    expect(wordsOf(view)).toEqual(["It", "is", "so"]);
    expect(field(view, "Prompt of scene 1").element.value).toBe("Mine");
  });

  it("that took the word away leaves the text in the field, and says so, until another word takes it", async () => {
    const { view, api, revise } = board();
    await flushPromises();
    revise((other) => ({ ...other, words: [other.words[0]!, { ...other.words[2]!, text: "sew" }] }));
    await typeWord(view, 1, "is so");
    await press(view, AGAIN);
    expect(api.editPlan).toHaveBeenCalledTimes(1);
    expect(view.get(".problem").text()).toContain("“iz” corrected to “is so”");
    expect(view.get(".editor").text()).toContain("“iz” isn't there any more.");
    expect(view.get<HTMLInputElement>(".editor input").element.value).toBe("is so");
    expect(view.get(".editor").text()).not.toContain("Delete");
    (button(view, "Dismiss").element as HTMLElement).focus();
    await press(view, "Dismiss");
    expect(view.find(".problem").exists()).toBe(false);
    expect(document.activeElement?.id).toBe("storyboard");
    await view.findAll("button.word")[1]!.trigger("click");
    await press(view, "Correct");
    expect(api.editPlan.mock.lastCall![1]).toEqual([{ op: "word", index: 1, text: "is so" }]);
  });

  it.each([AGAIN, "Reload the plan"])("that took the scene away leaves what was typed to be read: %s", async (way) => {
    const { view, revise } = board();
    await flushPromises();
    revise((other) => ({ ...other, scenes: [scene("b", 1)] }));
    await type(view, "A storm");
    await press(view, way);
    expect(view.findAll("article.scene")).toHaveLength(1);
    expect(view.findAll(".problem li").map((each) => each.text())).toEqual(["For a scene that's gone: “A storm”"]);
  });

  it("that is loaded without the refused changes tells those that no field keeps, to be made yet", async () => {
    const { view, api, revise } = board();
    await flushPromises();
    revise((other) => other);
    await type(view, "Mine");
    await typeWord(view, 1, "is");
    await view.findAll("button.word")[2]!.trigger("click");
    await press(view, "Reload the plan");
    expect(view.findAll(".problem li").map((each) => each.text())).toEqual(["“iz” corrected to “is”"]);
    expect(field(view, "Prompt of scene 1").element.value).toBe("Mine");
    await press(view, "Make these changes now");
    expect(api.editPlan.mock.lastCall![1]).toEqual([{ op: "word", index: 1, text: "is" }]);
    expect(wordsOf(view)).toEqual(["It", "is", "so"]);
    expect(view.find(".problem").exists()).toBe(false);
  });

  it("that is seen while somebody types does not drop what is typed, nor what waits to be saved", async () => {
    const { view, revise } = board();
    await flushPromises();
    await field(view, "Prompt of scene 1").setValue("A storm");
    revise((other) => ({ ...other, scenes: [scene("b", 1, { takes: [take("t", true)] })] }));
    await view.setProps({ generation: { ...(view.props() as { generation: object }).generation, revision: 2 } });
    await flushPromises();
    expect(view.get(".problem").text()).toContain("For a scene that's gone: “A storm”");
    revise((other) => other);
    await typeWord(view, 1, "is");
    await view.setProps({ generation: { ...(view.props() as { generation: object }).generation, revision: 3 } });
    await flushPromises();
    await view.get(".take video").trigger("error");
    await flushPromises();
    await press(view, AGAIN);
    expect(wordsOf(view)).toEqual(["It", "is", "so"]);
  });

  it("made by this tab's own queue moves what was meant as well", async () => {
    const { view, api } = board();
    await flushPromises();
    const words = view.findAll("button.word");
    await words[0]!.trigger("click");
    await flushPromises();
    void button(view, "Delete “It”").trigger("click");
    await words[2]!.trigger("click");
    void button(view, "Delete “so”").trigger("click");
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "delete", index: 0 }, { op: "delete", index: 1 },
    ]);
    expect(wordsOf(view)).toEqual(["iz"]);
  });
});
