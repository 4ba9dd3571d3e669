/** Draws captions as the video's renderer does: the same library, the same fonts, the same document. */

import JASSUB from "jassub";

import japanese from "../../../functions/render_scene/cjk_fonts/NotoSansJP-ExtraBold.ttf?url";
import korean from "../../../functions/render_scene/cjk_fonts/NotoSansKR-ExtraBold.ttf?url";
import chinese from "../../../functions/render_scene/cjk_fonts/NotoSansSC-ExtraBold.ttf?url";
import anton from "../../../functions/render_scene/fonts/Anton-Regular.ttf?url";
import arabic from "../../../functions/render_scene/fonts/NotoSansArabic-ExtraBold.ttf?url";
import bangers from "../../../functions/render_scene/fonts/Bangers-Regular.ttf?url";
import caveat from "../../../functions/render_scene/fonts/Caveat-Bold.ttf?url";
import devanagari from "../../../functions/render_scene/fonts/NotoSansDevanagari-ExtraBold.ttf?url";
import emoji from "../../../functions/render_scene/fonts/NotoEmoji-Bold.ttf?url";
import hebrew from "../../../functions/render_scene/fonts/NotoSansHebrew-ExtraBold.ttf?url";
import latin from "../../../functions/render_scene/fonts/NotoSans-ExtraBold.ttf?url";
import montserrat from "../../../functions/render_scene/fonts/Montserrat-ExtraBold.ttf?url";
import playfair from "../../../functions/render_scene/fonts/PlayfairDisplay-ExtraBold.ttf?url";
import spaceMono from "../../../functions/render_scene/fonts/SpaceMono-Bold.ttf?url";
import thai from "../../../functions/render_scene/fonts/NotoSansThai-ExtraBold.ttf?url";

/** By the names that the document calls them. */
const FONTS: Record<string, string> = {
  "Anton Regular": anton,
  "Bangers Regular": bangers,
  "Caveat Bold": caveat,
  "Montserrat ExtraBold": montserrat,
  "Playfair Display ExtraBold": playfair,
  "Space Mono Bold": spaceMono,
  "Noto Sans ExtraBold": latin,
  "Noto Sans Arabic ExtraBold": arabic,
  "Noto Sans Hebrew ExtraBold": hebrew,
  "Noto Sans Devanagari ExtraBold": devanagari,
  "Noto Sans Thai ExtraBold": thai,
  "Noto Sans JP ExtraBold": japanese,
  "Noto Sans KR ExtraBold": korean,
  "Noto Sans SC ExtraBold": chinese,
  "Noto Emoji Bold": emoji,
};
const LATIN = "Noto Sans ExtraBold";

export interface Picture {
  width: number;
  height: number;
}

export interface Captions {
  /** Draws what is on screen at `seconds` of the video; the document is another one after an edit. */
  draw(document: string, seconds: number): Promise<void>;
  close(): void;
}

export type OpenCaptions = (canvas: HTMLCanvasElement, document: string, picture: Picture) => Promise<Captions>;

/** Rejects where the browser lacks what it takes: WebAssembly, or a canvas of a worker's. */
export const openCaptions: OpenCaptions = async (canvas, document, picture) => {
  const loaded = new Set(fontsOf(document));
  const shown = new JASSUB({
    canvas, subContent: document, fonts: [...loaded], availableFonts: {}, defaultFont: LATIN, queryFonts: false,
  });
  await shown.ready;
  let current = document;
  return {
    async draw(next, seconds) {
      const isOther = next !== current;
      if (isOther) {
        current = next;
        const missing = fontsOf(next).filter((font) => !loaded.has(font));
        missing.forEach((font) => loaded.add(font));
        if (missing.length) await shown.renderer.addFonts(missing);
        await shown.renderer.setTrack(next);
      }
      await shown.manualRender({ expectedDisplayTime: performance.now(), mediaTime: seconds, ...picture }, isOther);
    },
    close: () => { void shown.destroy(); },
  };
};

/** The fonts that the document asks for, of which each is loaded once. */
function fontsOf(document: string): string[] {
  const asked = document.matchAll(/\\fn([^\\}]+)|^Style: [^,]*,([^,]+)/gm);
  const names = [LATIN, ...[...asked].map((match) => match[1] ?? match[2] ?? "")];
  return [...new Set(names)].flatMap((name) => FONTS[name] ?? []);
}
