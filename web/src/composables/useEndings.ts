/** Says of every video that was in progress how it has ended: to a screen reader, and by a notice of the browser. */

import { watch } from "vue";

import type { Video } from "@/api/types";
import { t } from "@/lib/i18n";
import { useAnnouncer } from "./useAnnouncer";
import { useNotices } from "./useNotices";

function ending(video: Video): string {
  const title = video.title ?? "";
  const status = video.ai_generation_status;
  if (status === "completed") return t("video.finished", { title });
  return t(status === "awaiting_review" ? "video.reviewable" : "video.stoppedNotice", { title });
}

/** `open` is done when a notice of a video is pressed. */
export function useEndings(videos: () => Video[], open: (videoId: string) => void = () => undefined): void {
  const { announce } = useAnnouncer();
  const { tell } = useNotices();
  const inProgress = () => new Set(
    videos().filter((video) => video.ai_generation_status === "processing").map((video) => video.video_id),
  );
  watch(inProgress, (now, before) => {
    for (const video of videos()) {
      if (!before.has(video.video_id) || now.has(video.video_id)) continue;
      announce(ending(video));
      tell(ending(video), video.video_id, () => { open(video.video_id); });
    }
  });
}
