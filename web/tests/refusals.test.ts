import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import { ApiProblem } from "@/api/problems";
import type { Edit, FieldProblem } from "@/api/types";
import { placeOf, refusalWords } from "@/lib/refusals";
import { board, plan, scene, type } from "./planned";

afterEach(() => { document.body.replaceChildren(); });

const refused = (field: string, message: string, limit?: FieldProblem["limit"]) => (
  { field, message, edit: 0, ...(limit ? { limit } : {}) }
);
const problem = (detail: FieldProblem) => (
  new ApiProblem(400, { message: "It cannot be.", error: "InvalidEdit", details: [detail] })
);

describe("a refused edit", () => {
  it.each<[FieldProblem, string]>([
    [refused("at", "a scene cannot be cut there.", { choices: [3, 3.5] }),
      "Split: A scene cannot be cut there. Possible: 3 s, 3.5 s."],
    [refused("end", "scene a would be too long.", { least: 0.5, most: 8 }),
      "End: Scene a would be too long. Possible: 0.5 s to 8 s."],
    [refused("edits.0.prompt", "it has more than 2000 characters", { most: 2000 }),
      "Prompt: It has more than 2000 characters. At most 2000."],
    [refused("index", "the plan has 3 words.", { least: 0 }), "Word: The plan has 3 words. At least 0."],
    [refused("other", "no."), "No."],
  ])("%o reads %s", (detail, words) => {
    expect(refusalWords({ change: { op: "title", title: "x" }, problem: detail })).toBe(words);
  });

  it.each<[Edit, string]>([
    [{ op: "scene", scene: "a", prompt: "x" }, "scene.a.prompt"],
    [{ op: "scene", scene: "a", model: "" }, "scene.a.model"],
    [{ op: "look", palette: "x" }, "look.palette"], [{ op: "move", scene: "a", end: 1 }, "cuts"],
    [{ op: "excerpt", start: 1, end: 2 }, "cuts"], [{ op: "split", scene: "a", at: 1 }, "split.a"],
    [{ op: "delete", index: 1 }, "word"], [{ op: "order", pictures: ["a"] }, "order"],
    [{ op: "take", scene: "a", take: "t" }, "take.a"], [{ op: "style", style: "animated" }, "style"],
  ])("%o belongs to %s", (edit, place) => { expect(placeOf(edit)).toBe(place); });

  it("is told at its field alone, until the next edit is made", async () => {
    const { view, api } = board();
    await flushPromises();
    api.editPlan.mockRejectedValueOnce(problem(refused("prompt", "it is too long", { most: 2000 })));
    await type(view, "A storm");
    const notes = view.findAll("[role=alert]");
    expect(notes.map((note) => note.text())).toEqual(["Prompt: It is too long. At most 2000."]);
    expect(view.findAll("article.scene")[0]!.find("[role=alert]").exists()).toBe(true);
    await type(view, "Harbour", "Title");
    expect(view.findAll("[role=alert]")).toHaveLength(0);
  });

  it("that belongs to no field on the page is told above all of them", async () => {
    const { view, api } = board(plan({ scenes: [scene("a", 1), scene("b", 2)] }));
    await flushPromises();
    api.editPlan.mockRejectedValueOnce(problem(refused("pictures", "name each once.")));
    await view.findAll("button").find((each) => each.text() === "Move picture later")!.trigger("click");
    await flushPromises();
    expect(view.get(".problem").text()).toContain("It cannot be.");
  });
});
