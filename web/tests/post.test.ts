import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { board, button, plan, type } from "./planned";

afterEach(() => {
  document.body.replaceChildren();
  Reflect.deleteProperty(navigator, "clipboard");
});

const publish = {
  title: "Why bread waits", hook: "The oven broke.", description: "A baker tells.", hashtags: ["bread", "oven"],
  posts: [
    { platform: "youtube" as const, title: "Why bread waits", text: "A baker tells.\n\n#bread #oven" },
    { platform: "x" as const, title: "", text: "The oven broke.\n\n#bread" },
  ],
};

describe("the words to post with", () => {
  it("are edited in place, hashtags with or without their signs, and cost nothing", async () => {
    const { view, api } = board(plan({ publish }));
    await flushPromises();
    await type(view, "Patience", "Title of the post");
    await type(view, "#slow bread  #oven", "Hashtags");
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "publish", title: "Patience" }, { op: "publish", hashtags: ["slow", "bread", "oven"] },
    ]);
  });

  it("are copied as a platform takes them, which is said", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    const { view } = board(plan({ publish }));
    await flushPromises();
    await button(view, "Copy the words for YouTube").trigger("click");
    await flushPromises();
    expect(writeText).toHaveBeenCalledWith("Why bread waits\n\nA baker tells.\n\n#bread #oven");
    expect(view.text()).toContain("Copied for YouTube.");
    writeText.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
    await button(view, "Copy the words for X").trigger("click");
    await flushPromises();
    expect(view.text()).toContain("Select the text instead.");
  });

  it("have nothing to copy while there are none", async () => {
    const { view } = board();
    await flushPromises();
    expect(view.text()).toContain("Words to post with");
    expect(view.find("ul[aria-label='Ready to copy']").exists()).toBe(false);
  });
});
