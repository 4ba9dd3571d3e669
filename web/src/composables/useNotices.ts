/** A notice of the browser when a video is ready or has stopped, where the person has asked for it in this browser. */

import { readonly, ref, type Ref } from "vue";

/** "refused": the person, or the browser's own setting, lets no notice through; "none": it has no such notices. */
export type NoticeState = "off" | "on" | "refused" | "none";

const CHOICE = "reelwright.notices";
const state = ref<NoticeState>("off");

export interface Notices {
  state: Readonly<Ref<NoticeState>>;
  /** Asks for the permission, and shows how a notice looks. */
  turnOn(example: string): Promise<void>;
  turnOff(): void;
  /** Says the sentence unless the person is looking at the page; `open` is done when the notice is pressed. */
  tell(sentence: string, videoId: string, open?: () => void): void;
}

function current(): NoticeState {
  if (!("Notification" in window)) return "none";
  if (Notification.permission === "denied") return "refused";
  return localStorage.getItem(CHOICE) === "on" && Notification.permission === "granted" ? "on" : "off";
}

function notify(sentence: string, tag: string, open?: () => void): void {
  try {
    const notice = new Notification(sentence, { tag, icon: "/favicon.svg" });
    notice.onclick = () => {
      window.focus();
      notice.close();
      open?.();
    };
  } catch {
    // On Android only a service worker may show one.
    state.value = "none";
  }
}

export function useNotices(): Notices {
  // What has been refused can be allowed in the browser's settings meanwhile.
  if (state.value !== "none") state.value = current();
  return {
    state: readonly(state),
    async turnOn(example) {
      await Notification.requestPermission();
      localStorage.setItem(CHOICE, "on");
      state.value = current();
      if (state.value === "on") notify(example, "example");
    },
    turnOff() {
      localStorage.removeItem(CHOICE);
      state.value = current();
    },
    tell(sentence, videoId, open) {
      if (state.value === "on" && document.visibilityState === "hidden") notify(sentence, videoId, open);
    },
  };
}
