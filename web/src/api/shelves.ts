/** A person's own files of a kind, as the API keeps them: announced, sent, checked when it is asked about them. */

import { contentType, fontType } from "./files";
import type { Http } from "./http";
import type { Font, Music, Upload } from "./types";

/** What all kinds have in common, and of each what only it has. */
export interface OwnFile {
  id: string;
  filename: string;
  status: Music["status"];
  reason?: string;
  /** Of music. */
  seconds?: number;
  /** Of a font. */
  family?: string;
}

export interface Shelf {
  /** Those that can be used, newest first. */
  list(signal?: AbortSignal): Promise<OwnFile[]>;
  create(file: File, key: string): Promise<{ id: string; upload: Upload }>;
  show(id: string, signal?: AbortSignal): Promise<OwnFile>;
  remove(id: string): Promise<void>;
}

export interface ShelfRoutes {
  ownMusic: Shelf;
  ownFonts: Shelf;
}

export const shelfRoutes = (http: Http): ShelfRoutes => ({
  ownMusic: shelf<Music>(http, "/music", "music", "pieces", contentType, (music) => ({ ...music, id: music.musicId })),
  ownFonts: shelf<Font>(http, "/fonts", "font", "fonts", fontType, (font) => ({ ...font, id: font.fontId })),
});

/** `one` and `many` are what the answers call them, `typeOf` is what a file is announced as. */
function shelf<Item>(
  http: Http, path: string, one: string, many: string, typeOf: (file: File) => string, seen: (item: Item) => OwnFile,
): Shelf {
  return {
    async list(signal) {
      const { body } = await http<Record<string, Item[]>>(`${path}?limit=100`, signal ? { signal } : {});
      return (body[many] ?? []).map(seen).filter((file) => file.status === "ready");
    },
    async create(file, key) {
      const body = { filename: file.name, contentType: typeOf(file), fileSize: file.size };
      const reply = await http<Record<string, Item> & { upload: Upload }>(
        path, { method: "POST", body, idempotencyKey: key },
      );
      return { id: seen(reply.body[one] as Item).id, upload: reply.body.upload };
    },
    async show(id, signal) {
      const { body } = await http<Record<string, Item>>(`${path}/${id}`, signal ? { signal } : {});
      return seen(body[one] as Item);
    },
    async remove(id) { await http(`${path}/${id}`, { method: "DELETE" }); },
  };
}
