/** The API's routes of a video's other formats, as functions. */

import type { Http, Reply } from "./http";
import type { Shape, Video } from "./types";

export interface VariantRoutes {
  /** Makes the finished video in another format, of the same clips, as a video of its own. */
  makeVariant(videoId: string, aspectRatio: Shape, key: string): Promise<void>;
  /** The formats that were made of the video and are still there, newest first. */
  variants(videoId: string, signal?: AbortSignal): Promise<Reply<Video[]>>;
}

export function variantRoutes(http: Http): VariantRoutes {
  const path = (videoId: string) => `/ai-video/${encodeURIComponent(videoId)}/variants`;
  return {
    async makeVariant(videoId, aspectRatio, key) {
      await http(path(videoId), { method: "POST", body: { aspectRatio }, idempotencyKey: key });
    },
    async variants(videoId, signal) {
      const reply = await http<{ videos: Video[] }>(path(videoId), signal ? { signal } : {});
      return { ...reply, body: reply.body.videos };
    },
  };
}
