/** The API's routes of the person's own pictures and clips, as functions. */

import type { Http, Reply } from "./http";
import type { Picture, PictureCreated, PicturePage } from "./types";

export interface PictureApi {
  createPicture(file: File, key: string): Promise<PictureCreated>;
  /** Newest first. */
  pictures(next?: string, signal?: AbortSignal): Promise<Reply<PicturePage>>;
  picture(imageId: string, signal?: AbortSignal): Promise<Reply<Picture>>;
  removePicture(imageId: string): Promise<void>;
}

export function makePictureApi(http: Http): PictureApi {
  const path = (imageId: string) => `/images/${encodeURIComponent(imageId)}`;
  return {
    async createPicture(file, key) {
      const body = { filename: file.name, contentType: pictureType(file), fileSize: file.size };
      return (await http<PictureCreated>("/images", { method: "POST", body, idempotencyKey: key })).body;
    },
    async pictures(next, signal) {
      const query = new URLSearchParams({ limit: "24", ...(next ? { next } : {}) });
      return await http<PicturePage>(`/images?${query}`, signal ? { signal } : {});
    },
    async picture(imageId, signal) {
      const reply = await http<{ image: Picture }>(path(imageId), signal ? { signal } : {});
      return { ...reply, body: reply.body.image };
    },
    async removePicture(imageId) {
      await http(path(imageId), { method: "DELETE" });
    },
  };
}

// Browsers know no type for some of them, and the service wants one; what it is by its content the service finds out.
const TYPES: Record<string, string> = {
  jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp", heic: "image/heic", heif: "image/heif",
  mp4: "video/mp4", m4v: "video/x-m4v", mov: "video/quicktime",
};

/** The type of a picture or clip by its name; empty for what is none. */
export const pictureType = (file: File): string => TYPES[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "";

export const PICTURES = Object.keys(TYPES).map((ending) => `.${ending}`).join(",");
