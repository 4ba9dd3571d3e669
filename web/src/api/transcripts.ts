/** The API's routes of own transcripts as functions. */

import type { Http } from "./http";
import type { Transcript, TranscriptCreated } from "./types";

export interface TranscriptRoutes {
  createTranscript(videoId: string, file: File, key: string): Promise<TranscriptCreated>;
  /** A transcript that has arrived is read by this call: it is `ready`, or `refused` with the reason. */
  transcript(videoId: string, transcriptId: string): Promise<Transcript>;
}

const pathOf = (videoId: string) => `/videos/${encodeURIComponent(videoId)}/transcripts`;

export const transcriptRoutes = (http: Http): TranscriptRoutes => ({
  async createTranscript(videoId, file, key) {
    const body = { filename: file.name, fileSize: file.size };
    return (await http<TranscriptCreated>(pathOf(videoId), { method: "POST", body, idempotencyKey: key })).body;
  },
  async transcript(videoId, transcriptId) {
    const path = `${pathOf(videoId)}/${encodeURIComponent(transcriptId)}`;
    return (await http<{ transcript: Transcript }>(path)).body.transcript;
  },
});
