import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import { ApiProblem } from "@/api/problems";
import PublicLink from "@/components/PublicLink.vue";
import { button } from "./planned";
import { services, show, version } from "./stage";

const PATH = "/ai-video/shared/v1.secret";
let writeText: ReturnType<typeof vi.fn>;

beforeEach(() => {
  writeText = vi.fn(() => Promise.resolve());
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
});
afterEach(() => {
  document.body.replaceChildren();
  Reflect.deleteProperty(navigator, "clipboard");
});

function panel(more: object = {}, api: object = {}) {
  const routes = { shareVersion: vi.fn(async () => PATH), unshareVersion: vi.fn(async () => undefined), ...api };
  const given = services({ api: routes as unknown as Reelwright });
  given.config.apiUrl = "https://api/v1";
  return { routes, view: show(PublicLink, { videoId: "v1", version: { ...version("g"), ...more } }, given) };
}

describe("the public link", () => {
  it("is made and copied by one press, and taken back by another", async () => {
    const { view, routes } = panel();
    expect(view.find("a").exists()).toBe(false);
    await button(view, "Make a link and copy it").trigger("click");
    await flushPromises();
    expect(routes.shareVersion).toHaveBeenCalledWith("v1", "g");
    expect(writeText).toHaveBeenCalledWith(`https://api/v1${PATH}`);
    expect(view.get("a").attributes("href")).toBe(`https://api/v1${PATH}`);
    await button(view, "Take it back").trigger("click");
    await flushPromises();
    expect(routes.unshareVersion).toHaveBeenCalledWith("v1", "g");
    expect(view.find("a").exists()).toBe(false);
    expect(view.get("[role=status]").text()).toBe("The link shows nothing any more.");
  });

  it("is shown where there is one, and selected by hand where the browser copies nothing", async () => {
    const { view, routes } = panel({ public_link: PATH });
    writeText.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
    await button(view, "Copy the link").trigger("click");
    await flushPromises();
    expect(routes.shareVersion).not.toHaveBeenCalled();
    expect(view.get("[role=status]").text()).toContain("Select the link instead.");
    await view.setProps({ version: version("h") });
    expect(view.find("a").exists()).toBe(false);
    expect(view.get("[role=status]").text()).toBe("");
  });

  it("goes on showing what was shared until its owner has it show the changes", async () => {
    const { view, routes } = panel({ public_link: PATH, public_link_revision: 1, revision: 2 });
    expect(view.text()).toContain("as it was before your latest changes");
    await button(view, "Show the changes").trigger("click");
    await flushPromises();
    expect(routes.shareVersion).toHaveBeenCalledWith("v1", "g");
    expect(view.get("[role=status]").text()).toBe("The link shows the video as it is now.");
    expect(view.text()).not.toContain("as it was before your latest changes");
    const current = panel({ public_link: PATH, public_link_revision: 2, revision: 2 });
    expect(current.view.text()).not.toContain("Show the changes");
  });

  it("says what the service says when it refuses", async () => {
    const refusal = new ApiProblem(404, { error: "VersionNotFound", message: "There is no such video." });
    const { view } = panel({}, { shareVersion: vi.fn().mockRejectedValue(refusal) });
    await button(view, "Make a link and copy it").trigger("click");
    await flushPromises();
    expect(view.get("[role=status]").text()).toContain("There is no such video.");
    expect(writeText).not.toHaveBeenCalled();
  });
});
