/** What a file is sent as. */

// Browsers know no type for some recordings, and the service wants one.
const TYPES: Record<string, string> = {
  mp3: "audio/mpeg", m4a: "audio/mp4", mp4: "video/mp4", wav: "audio/wav",
  flac: "audio/flac", ogg: "audio/ogg", webm: "audio/webm", amr: "audio/amr",
};

export function contentType(file: File): string {
  const known = TYPES[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "";
  const type = file.type.split(";")[0] ?? "";
  return known || (/^(audio|video)\//.test(type) ? type : "");
}

/** Browsers know hardly any type for fonts; empty for what is none. */
export function fontType(file: File): string {
  const ending = file.name.split(".").pop()?.toLowerCase() ?? "";
  return ["ttf", "otf"].includes(ending) ? `font/${ending}` : "";
}

export const FONT_ENDINGS = ".ttf,.otf";

export const RECORDINGS = Object.keys(TYPES).map((ending) => `.${ending}`).join(",");
