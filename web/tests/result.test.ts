import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import FilmPlayer from "@/components/FilmPlayer.vue";
import ResultPanel from "@/components/ResultPanel.vue";
import VersionList from "@/components/VersionList.vue";
import { generation, show, version, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

describe("the result", () => {
  const talk = video("v1", { title: "Talk", filename: "talk.v2.mp3" });
  const notes = ["The video is 4.0 s long, not 15 s.", "the recording ends 0.5 s before the film"];

  it("says what is otherwise than asked for, and nothing where nothing is", () => {
    const adjusted = generation({ degraded: notes });
    const view = show(ResultPanel, { video: talk, version: version("a"), generation: adjusted, preview: false });
    expect(view.findAll(".notes li").map((note) => note.text())).toEqual(notes);
    expect(view.text()).toContain("Adjustments");
    const earlier = show(ResultPanel, { video: talk, version: { ...version("a"), degraded: notes }, preview: false });
    expect(earlier.findAll(".notes li").map((note) => note.text())).toEqual(notes);
    for (const plain of [generation(), undefined]) {
      const other = show(ResultPanel, { video: talk, version: version("a"), generation: plain, preview: false });
      expect(other.find(".notes").exists()).toBe(false);
      expect(other.text()).not.toContain("Adjustments");
    }
  });

  it("shows the whole account of the latest generation, and the sum of an earlier one", () => {
    const of = (more: object) => show(ResultPanel, { video: talk, version: version("a", 7), ...more }).text();
    expect(of({ generation: generation(), preview: false })).toContain("Estimated for the clips: $3.00.");
    expect(of({ preview: false })).toContain("$7.00 in all");
    expect(of({ preview: true })).toContain("This preview was free. Live, it would have cost:");
    expect(of({ preview: false })).toContain("Wish a");
  });

  it("saves under the recording's name, and asks for new links when the old ones have run out", async () => {
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("", { status: 403 }));
    const view = show(ResultPanel, { video: talk, version: version("a"), preview: false });
    await view.get("button.main").trigger("click");
    await flushPromises();
    expect(fetched).toHaveBeenCalledWith("https://b/a/final_video.mp4?sig=a");
    expect(view.get(".notice").text()).toBe("The download failed. Try again.");
    expect(view.emitted("stale")).toHaveLength(1);
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function save(this: HTMLAnchorElement) {
      names.push(this.download);
    });
    fetched.mockResolvedValue(new Response("film"));
    await view.get("button.main").trigger("click");
    await flushPromises();
    expect(names).toEqual(["talk.v2.mp4"]);
    expect(view.get(".notice").text()).toBe("");
  });

  it("shows captions of its own as a track, and none of another video", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => (
      String(url).includes("/a/") ? new Response("WEBVTT") : new Response("", { status: 404 })
    ));
    const props = { poster: "", title: "Talk", language: "ar", isCaptioned: false, shape: "9:16" };
    const view = show(FilmPlayer, { ...props, url: "https://b/a/f.mp4", captionsUrl: "https://b/a/c.vtt" });
    await flushPromises();
    expect(view.get("track").attributes("srclang")).toBe("ar");
    expect(view.get("track").attributes("default")).toBeDefined();
    await view.setProps({ url: "https://b/x/f.mp4", captionsUrl: "https://b/x/c.vtt" });
    await flushPromises();
    expect(view.find("track").exists()).toBe(false);
  });
});

describe("the versions", () => {
  const list = [version("b", 2), version("a", 1)];

  it("each has its date, style, length and price, and says which is shown", () => {
    const rows = show(VersionList, { versions: list, current: "a", preview: false }).findAll("li");
    const facts = rows.map((row) => row.findAll("p")[1]!.text());
    expect(facts).toEqual(["Animated · 15 s · $2.00", "Animated · 15 s · $1.00"]);
    expect(rows.map((row) => row.attributes("aria-current"))).toEqual([undefined, "true"]);
    expect(rows[1]!.text()).toContain("Shown");
    expect(rows[0]!.text()).toMatch(/Jan 2|2 Jan/);
    expect(rows[0]!.text()).toContain("Wish b");
    const free = show(VersionList, { versions: list, current: "", preview: true });
    expect(free.text()).not.toContain("$");
  });

  it("each can be played, downloaded and deleted by a button that names it", async () => {
    const view = show(VersionList, { versions: list, current: "b", preview: false });
    const labels = view.findAll("li")[1]!.findAll("button").map((button) => button.attributes("aria-label"));
    expect(labels.map((label) => label!.split(" ")[0])).toEqual(["Play", "Download", "Delete"]);
    for (const button of view.findAll("li")[1]!.findAll("button")) await button.trigger("click");
    for (const event of ["play", "download", "remove"]) expect(view.emitted(event)).toEqual([[list[1]]]);
  });
});
