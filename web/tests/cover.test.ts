import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import { board, button, plan, type } from "./planned";

afterEach(() => document.body.replaceChildren());

/** The board, with the part about the cover open. */
async function opened(...given: Parameters<typeof board>) {
  const { view, api } = board(...given);
  await flushPromises();
  const details = view.findAll("details").find((each) => each.text().startsWith("Cover"))!;
  (details.element as HTMLDetailsElement).open = true;
  await details.trigger("toggle");
  return { view, api };
}
const edits = (api: ReturnType<typeof board>["api"]) => api.editPlan.mock.calls.map(([, [edit]]) => edit);

describe("the cover", () => {
  it("is the middle of a scene, any frame, or the video's choice, and has a title", async () => {
    const { view, api } = await opened(plan({ cover: { at: 4, text: "", document: "" } }));
    expect(button(view, /^Scene 1$/).attributes("aria-pressed")).toBe("true");
    await button(view, /^Scene 2$/).trigger("click");
    await flushPromises();
    await button(view, "The video's choice").trigger("click");
    await flushPromises();
    await view.find("input[type=range][aria-valuetext='Frame at 4 s']").setValue("6.5");
    await flushPromises();
    await type(view, "Why bread waits", "Title in the cover");
    await flushPromises();
    expect(edits(api)).toEqual([
      { op: "cover", scene: "b" }, { op: "cover", scene: "" }, { op: "cover", at: 6.5 },
      { op: "cover", text: "Why bread waits" },
    ]);
  });

  it("is the video's choice while nobody has chosen one", async () => {
    const { view } = await opened();
    expect(button(view, "The video's choice").attributes("aria-pressed")).toBe("true");
    expect(button(view, /^Scene 1$/).attributes("aria-pressed")).toBe("false");
  });
});
