/** The API's routes of own music as functions. */

import { contentType } from "./files";
import type { Http } from "./http";
import type { Music, MusicCreated } from "./types";

export interface MusicRoutes {
  /** The caller's own music that can be used, newest first. */
  music(signal?: AbortSignal): Promise<Music[]>;
  createMusic(file: File, key: string): Promise<MusicCreated>;
  showMusic(musicId: string, signal?: AbortSignal): Promise<Music>;
  removeMusic(musicId: string): Promise<void>;
}

export const musicRoutes = (http: Http): MusicRoutes => ({
  async music(signal) {
    const reply = await http<{ pieces: Music[] }>("/music?limit=100", signal ? { signal } : {});
    return reply.body.pieces.filter((piece) => piece.status === "ready");
  },
  async createMusic(file, key) {
    const body = { filename: file.name, contentType: contentType(file), fileSize: file.size };
    return (await http<MusicCreated>("/music", { method: "POST", body, idempotencyKey: key })).body;
  },
  async showMusic(musicId, signal) {
    return (await http<{ music: Music }>(`/music/${musicId}`, signal ? { signal } : {})).body.music;
  },
  async removeMusic(musicId) {
    await http(`/music/${musicId}`, { method: "DELETE" });
  },
});
