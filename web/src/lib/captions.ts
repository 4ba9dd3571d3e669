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
/** The renderer gives up on an empty document, so that it is given one that shows nothing. */
const NOTHING = [
  "[Script Info]", "ScriptType: v4.00+", "", "[V4+ Styles]", "Format: Name, Fontname, Fontsize", "",
  "[Events]", "Format: Layer, Start, End, Style, Text", "",
].join("\n");

export interface Picture {
  width: number;
  height: number;
}

/** The captions of a video, and where the font of the person's own is that they name; empty for none. */
export interface CaptionText {
  document: string;
  ownFont: string;
}

export interface Captions {
  /** Draws what is on screen at `seconds` of the video; the text is another one after an edit. */
  draw(text: CaptionText, seconds: number): Promise<void>;
  close(): void;
}

export type OpenCaptions = (canvas: HTMLCanvasElement, text: CaptionText, picture: Picture) => Promise<Captions>;

/** Rejects where the browser lacks what it takes: WebAssembly, or a canvas of a worker's. */
export const openCaptions: OpenCaptions = async (canvas, text, picture) => {
  const loaded = new Set<string>();
  /** Where the fonts are that the text names, of which each is loaded once. */
  const toLoad = ({ document, ownFont }: CaptionText): string[] => {
    const missing = namesIn(document).filter((name) => !loaded.has(name));
    missing.forEach((name) => loaded.add(name));
    return missing.flatMap((name) => FONTS[name] ?? (ownFont || []));
  };
  const shown = new JASSUB({
    canvas, subContent: text.document || NOTHING, fonts: toLoad(text), availableFonts: {}, defaultFont: LATIN,
    queryFonts: false,
  });
  await shown.ready;
  let current = text.document;
  return {
    async draw(next, seconds) {
      const isOther = next.document !== current;
      if (isOther) {
        current = next.document;
        const missing = toLoad(next);
        if (missing.length) await shown.renderer.addFonts(missing);
        await shown.renderer.setTrack(next.document || NOTHING);
      }
      await shown.manualRender({ expectedDisplayTime: performance.now(), mediaTime: seconds, ...picture }, isOther);
    },
    close: () => { void shown.destroy(); },
  };
};

/** What the document calls its fonts. Only one's own, of which it names one, is none of those that everybody has. */
function namesIn(document: string): string[] {
  const asked = document.matchAll(/\\fn([^\\}]+)|^Style: [^,]*,([^,]+)/gm);
  return [...new Set([LATIN, ...[...asked].map((match) => match[1] ?? match[2] ?? "")])];
}
