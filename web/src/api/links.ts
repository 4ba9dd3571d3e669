/** The API's routes of a finished video's public link, as functions. */

import type { Http } from "./http";

export interface LinkRoutes {
  /** The path of the version's public link, below the API's own address; it is made where there is none. */
  shareVersion(videoId: string, generationId: string): Promise<string>;
  /** From now on the link shows nothing. */
  unshareVersion(videoId: string, generationId: string): Promise<void>;
}

export function linkRoutes(http: Http): LinkRoutes {
  const path = (videoId: string, generationId: string) => (
    `/ai-video/${encodeURIComponent(videoId)}/versions/${encodeURIComponent(generationId)}/link`
  );
  return {
    async shareVersion(videoId, generationId) {
      return (await http<{ publicLink: string }>(path(videoId, generationId), { method: "PUT" })).body.publicLink;
    },
    async unshareVersion(videoId, generationId) {
      await http(path(videoId, generationId), { method: "DELETE" });
    },
  };
}
