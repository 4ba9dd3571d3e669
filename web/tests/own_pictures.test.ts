import { flushPromises, type DOMWrapper } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problems";
import { pictureType } from "@/api/pictures";
import type { Reelwright } from "@/api/reelwright";
import type { Picture } from "@/api/types";
import PictureWishes from "@/components/pictures/PictureWishes.vue";
import { useDeliveries } from "@/stores/deliveries";
import { usePictures } from "@/stores/pictures";
import PicturesView from "@/views/PicturesView.vue";
import { board, button, plan, scene, take } from "./planned";
import { answer, services, settle, show, withStores } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

const picture = (imageId: string, more: Partial<Picture> = {}): Picture => ({
  imageId, status: "ready", filename: `${imageId}.jpg`, kind: "still", width: 400, height: 200, seconds: 0, reason: "",
  preview: { url: `https://b/${imageId}.jpg?sig=a`, expiresAt: "" }, ...more,
} as Picture);
const file = (name: string, content = "x") => new File([content], name);
const upload = { url: "https://b", fields: {} };

/** A service that takes files, whose ids are their names, and checks each for two looks. */
function service(refused: Record<string, string> = {}) {
  const looks = new Map<string, number>();
  const api = {
    createPicture: vi.fn(async ({ name }: File) => ({ image: picture(name, { status: "waiting" }), upload })),
    picture: vi.fn(async (id: string) => {
      looks.set(id, (looks.get(id) ?? 0) + 1);
      if (looks.get(id) === 1) return { ...answer(picture(id, { status: "checking" })), retryAfter: 2 };
      const reason = refused[id];
      return answer(picture(id, reason ? { status: "refused", reason } : {}));
    }),
    pictures: vi.fn(async () => answer({ success: true, images: [picture("old")], next: null })),
    removePicture: vi.fn().mockResolvedValue(undefined),
  };
  const waits: number[] = [];
  const pause = async (milliseconds: number) => { waits.push(milliseconds); };
  const given = services({ api: api as unknown as Reelwright, send: vi.fn().mockResolvedValue(undefined), pause });
  return { api, given, waits };
}

describe("pictures on their way", () => {
  const stores = (given = service()) => ({
    ...given, ...withStores(given.given, () => ({ deliveries: useDeliveries(), pictures: usePictures() })),
  });

  it("are usable when they are checked, in the order of their names, in which numbers count", async () => {
    const { deliveries, pictures, waits } = stores();
    const ready = await deliveries.add("here", ["b10.png", "b2.jpg", "a.MOV", "c.webp"].map((name) => file(name)));
    expect(ready.map((each) => each.imageId)).toEqual(["a.MOV", "b2.jpg", "b10.png", "c.webp"]);
    expect(deliveries.list).toEqual([]);
    expect(pictures.ready).toHaveLength(4);
    expect(waits).toEqual([2000, 2000, 2000, 2000]);
  });

  it("that cannot be used say why in the service's words, and keep no other from its scene", async () => {
    const { deliveries } = stores(service({ "fake.jpg": "The file is no picture." }));
    const files = [file("fake.jpg"), file("good.jpg"), file("notes.txt"), file("no.png", "")];
    const ready = await deliveries.add("here", files);
    expect(ready.map((each) => each.imageId)).toEqual(["good.jpg"]);
    expect(deliveries.list.map(({ name, problem }) => [name, problem])).toEqual([
      ["fake.jpg", "The file is no picture."], ["no.png", "This file is empty. Choose another one."],
      ["notes.txt", "Unsupported file type. Choose a JPG, PNG, WebP or HEIC picture, or an MP4 or MOV clip."],
    ]);
    expect(deliveries.isBusy).toBe(false);
  });

  it("are three at once, and none goes on that was taken off", async () => {
    const stage = service();
    let finish: () => void = () => undefined;
    const send = vi.fn(() => new Promise<void>((resolve) => { finish = resolve; }));
    Object.assign(stage.given, { send });
    const { deliveries, api } = stores(stage);
    const ready = deliveries.add("here", ["1.jpg", "2.jpg", "3.jpg", "4.jpg"].map((name) => file(name)));
    await settle();
    expect(deliveries.list.map((each) => each.state)).toEqual(["sending", "sending", "sending", "waiting"]);
    for (const { id } of deliveries.list.slice(1)) deliveries.dismiss(id);
    deliveries.dismiss(deliveries.list[0]!.id);
    finish();
    await settle();
    expect(api.createPicture).toHaveBeenCalledTimes(3);
    void ready;
  });

  it.each([
    ["a.jpeg", "image/jpeg"], ["a.HEIC", "image/heic"], ["a.mov", "video/quicktime"], ["a.gif", ""], ["a", ""],
  ])("%s is a file of type %s", (name, type) => { expect(pictureType(file(name))).toBe(type); });
});

describe("the list of pictures", () => {
  it("shows each, with the reason of one that cannot be used, and deletes after a question", async () => {
    const { api, given } = service();
    const images = [picture("bad", { status: "refused", reason: "The clip lasts 70 s." }), picture("good")];
    api.pictures.mockResolvedValue(answer({ success: true, images, next: null }));
    const view = show(PicturesView, {}, given);
    await flushPromises();
    expect(view.findAll(".shelf > li").map((row) => row.text())).toEqual([
      "bad.jpgThe clip lasts 70 s.", "good.jpg400 × 200",
    ]);
    await button(view, "Delete good.jpg").trigger("click");
    expect(api.removePicture).not.toHaveBeenCalled();
    await view.get("dialog button.danger").trigger("click");
    await flushPromises();
    expect(api.removePicture).toHaveBeenCalledWith("good");
    expect(view.findAll(".shelf > li")).toHaveLength(1);
    view.unmount();
  });

  it("asks about what was left behind before it was checked, and is read once for all who need it", async () => {
    const { api, given } = service();
    const images = [picture("left", { status: "waiting" })];
    api.pictures.mockResolvedValue(answer({ success: true, images, next: null }));
    const view = show(PicturesView, {}, given);
    await flushPromises();
    expect(view.get(".shelf > li").text()).toContain("Checking…");
    expect(api.picture).toHaveBeenCalledWith("left");
    view.unmount();
    const pictures = withStores(given, () => usePictures());
    const reads = api.pictures.mock.calls.length;
    await Promise.all([pictures.ensure(), pictures.ensure()]);
    expect(api.pictures.mock.calls.length).toBe(reads + 1);
  });

  it("keeps older pages when the newest one is read again", async () => {
    const { api, given } = service();
    const pictures = withStores(given, () => usePictures());
    pictures.takeFirst({ success: true, images: [picture("b"), picture("c")], next: "c" });
    api.pictures.mockResolvedValueOnce(answer({ success: true, images: [picture("d")], next: null }));
    await pictures.more();
    pictures.takeFirst({ success: true, images: [picture("a"), picture("c")], next: "c" });
    expect(pictures.list.map((each) => each.imageId)).toEqual(["a", "c", "d"]);
    expect(pictures.next).toBeUndefined();
  });
});

describe("pictures of a video that is about to be made", () => {
  it("are added by choice, put in order, and left out", async () => {
    const { given } = service();
    const chosen = [{ imageId: "x", filename: "x.jpg" }];
    const view = show(PictureWishes, { modelValue: chosen }, given);
    await flushPromises();
    await button(view, /choose from yours/).trigger("click");
    await view.get("dialog .choice").trigger("click");
    await button(view, "Use 1 picture").trigger("click");
    const [both] = view.emitted("update:modelValue")!.at(-1) as [{ imageId: string }[]];
    expect(both.map((each) => each.imageId)).toEqual(["x", "old"]);
    await view.setProps({ modelValue: both });
    await button(view, "Move old.jpg one place earlier").trigger("click");
    expect(view.emitted("update:modelValue")!.at(-1)).toEqual([[both[1], both[0]]]);
    await button(view, "Leave out x.jpg").trigger("click");
    expect(view.emitted("update:modelValue")!.at(-1)).toEqual([[both[1]]]);
  });
});

describe("a scene", () => {
  const uses = [
    { use: "still" as const, seconds: 0, usd: 0 }, { use: "clip" as const, seconds: 0, usd: 0 },
    { use: "first_frame" as const, seconds: 8, usd: 0.8 },
    { use: "reference" as const, seconds: 0, usd: 0, refusal: "veo takes no reference pictures." },
  ];
  const own = (use: "still" | "clip") => plan({
    scenes: [
      scene("a", 1, {
        picture: { imageId: "old", use }, pictureUses: uses,
        takes: [take("own", true, { kind: "still", imageId: "old" })],
      }),
      scene("b", 2, { pictureUses: uses }),
    ],
  });

  it("says what its picture can be used for, at which price, and why not", async () => {
    const { view, api } = board(own("still"));
    await flushPromises();
    const [first] = view.findAll("article.scene");
    expect(first!.text()).toContain("Your picture: free");
    const rows = first!.findAll(".use");
    expect(rows.map((row) => row.text())).toEqual([
      "StillFreeThe picture itself, slowly moving.", "First frame$0.80A new clip begins with it.",
      "Referenceveo takes no reference pictures.",
    ]);
    expect(rows.map((row) => row.get("input").attributes("disabled"))).toEqual([undefined, undefined, ""]);
    await rows[1]!.get("input").setValue();
    await button(view, "Remove the picture of scene 1").trigger("click");
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "picture", scene: "a", imageId: "old", use: "first_frame" }, { op: "picture", scene: "a", imageId: "" },
    ]);
    const clip = board(own("clip")).view;
    await flushPromises();
    expect(clip.findAll(".use").map((row) => row.text())).toEqual(["ClipFreeCut to the scene, without its sound."]);
  });

  it("numbers the takes that were bought as before, and says of its picture where it is shown", async () => {
    const bought = take("t1", false, { kind: "still", usd: 0.07 });
    const clip = take("c1", false);
    const mine = take("own", true, { kind: "still", imageId: "old" });
    const of = async (use: "still" | "first_frame") => {
      const { view } = board(plan({ scenes: [
        scene("a", 1, { picture: { imageId: "old", use }, pictureUses: uses, takes: [clip, bought, mine] }),
        scene("b", 2),
      ] }));
      await flushPromises();
      // A clip that fits no more is missed where one is bought.
      expect(view.text().includes("No clip fits this scene")).toBe(use === "first_frame");
      return view.findAll(".take").slice(1).map((tile) => tile.text());
    };
    expect(await of("still")).toEqual(["Still 1 ($0.07)Use this still", "Your pictureIn the video"]);
    expect(await of("first_frame")).toEqual(["Still 1 ($0.07)Use this still", "Your pictureIn the stills"]);
  });

  it("keeps the use that the plan has where another is refused, and says at the field why", async () => {
    const { view, api } = board(own("still"));
    await flushPromises();
    api.editPlan.mockRejectedValue(new ApiProblem(400, {
      message: "use: no.", error: "InvalidEdit",
      details: [{ field: "use", message: "the picture is gone.", edit: 0 }] as never,
    }));
    const fields = view.findAll<HTMLInputElement>(".use input");
    await fields[1]!.setValue();
    await flushPromises();
    expect(fields.map((field) => field.element.checked)).toEqual([true, false, false]);
    expect(view.get(".own [role=alert]").text()).toBe("Use of the picture: The picture is gone.");
    expect(view.findAll(".problem")).toHaveLength(0);
  });

  it("takes a picture that is dropped on it, and the storyboard those that are dropped beside", async () => {
    const { view, api } = board(own("still"), {}, service());
    await flushPromises();
    const drop = (on: Omit<DOMWrapper<Element>, "exists">, files: File[]) => (
      on.trigger("drop", { dataTransfer: { files } })
    );
    await drop(view.findAll("article.scene")[1]!, [file("one.jpg"), file("two.jpg")]);
    await flushPromises();
    expect(view.text()).toContain("two.jpg: A scene shows one picture.");
    await drop(view.get("section.board"), [file("b.jpg"), file("a.jpg")]);
    await flushPromises();
    expect(api.editPlan.mock.calls.map(([, [edit]]) => edit)).toEqual([
      { op: "picture", scene: "b", imageId: "one.jpg" },
      { op: "pictures", pictures: [{ imageId: "a.jpg" }, { imageId: "b.jpg" }] },
    ]);
  });
});
