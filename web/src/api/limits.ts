/** The API's limits, which the build takes from its document. */

interface Limits {
  fileBytes: number;
  musicBytes: number;
  fontBytes: number;
  transcriptBytes: number;
  titleLength: number;
  promptLength: number;
  descriptionLength: number;
  lookLength: number;
  postTitleLength: number;
  hookLength: number;
  coverTextLength: number;
  postTextLength: number;
  /** In USD. */
  budget: { minimum: number; maximum: number };
}

declare const __LIMITS__: Limits;

export const LIMITS = __LIMITS__;
