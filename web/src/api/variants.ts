/** The API's routes of a video's other formats, as functions. */

import type { Http, Reply } from "./http";
import type { VariantPrice, VariantWishes, Video } from "./types";

export interface VariantRoutes {
  /** Makes the finished video in another format, of the same clips, as a video of its own. */
  makeVariant(videoId: string, wishes: VariantWishes, key: string): Promise<void>;
  /** What that would buy: a translation of the captions, or nothing. */
  priceVariant(videoId: string, wishes: VariantWishes, signal: AbortSignal): Promise<VariantPrice>;
  /** The formats that were made of the video and are still there, newest first. */
  variants(videoId: string, signal?: AbortSignal): Promise<Reply<Video[]>>;
}

export function variantRoutes(http: Http): VariantRoutes {
  const path = (videoId: string) => `/ai-video/${encodeURIComponent(videoId)}/variants`;
  return {
    async makeVariant(videoId, wishes, key) {
      await http(path(videoId), { method: "POST", body: wishes, idempotencyKey: key });
    },
    async priceVariant(videoId, wishes, signal) {
      const request = { method: "POST", body: wishes, signal } as const;
      return (await http<VariantPrice>(`${path(videoId)}/estimate`, request)).body;
    },
    async variants(videoId, signal) {
      const reply = await http<{ videos: Video[] }>(path(videoId), signal ? { signal } : {});
      return { ...reply, body: reply.body.videos };
    },
  };
}
