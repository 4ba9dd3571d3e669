/** The API's routes of a recording's moments and clips, as functions. */

import type { Http, Reply } from "./http";
import type { ClipPrices, ClipsStarted, ClipWishes, Moments, MomentSearch, SearchPrice, Video } from "./types";

export interface MomentRoutes {
  priceMoments(videoId: string, search: MomentSearch, signal: AbortSignal): Promise<SearchPrice>;
  lookForMoments(videoId: string, search: MomentSearch, key: string): Promise<void>;
  /** Rejects with `MomentsMissing` (409) before any were chosen. */
  moments(videoId: string): Promise<Moments>;
  priceClips(videoId: string, wishes: ClipWishes, signal: AbortSignal): Promise<ClipPrices>;
  startClips(videoId: string, wishes: ClipWishes, key: string): Promise<ClipsStarted>;
  /** The clips of a recording that are still there, newest first. */
  clips(videoId: string, signal?: AbortSignal): Promise<Reply<Video[]>>;
}

export function momentRoutes(http: Http): MomentRoutes {
  const path = (videoId: string, what: string) => `/videos/${encodeURIComponent(videoId)}/${what}`;
  return {
    async priceMoments(videoId, search, signal) {
      const request = { method: "POST", body: search, signal } as const;
      return (await http<SearchPrice>(path(videoId, "moments/estimate"), request)).body;
    },
    async lookForMoments(videoId, search, key) {
      await http(path(videoId, "moments"), { method: "POST", body: search, idempotencyKey: key });
    },
    async moments(videoId) { return (await http<Moments>(path(videoId, "moments"))).body; },
    async priceClips(videoId, wishes, signal) {
      return (await http<ClipPrices>(path(videoId, "clips/estimate"), { method: "POST", body: wishes, signal })).body;
    },
    async startClips(videoId, wishes, key) {
      const request = { method: "POST", body: wishes, idempotencyKey: key } as const;
      return (await http<ClipsStarted>(path(videoId, "clips"), request)).body;
    },
    async clips(videoId, signal) {
      const reply = await http<{ videos: Video[] }>(path(videoId, "clips"), signal ? { signal } : {});
      return { ...reply, body: reply.body.videos };
    },
  };
}
