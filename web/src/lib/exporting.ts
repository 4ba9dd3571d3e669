/** The export of a plan as one zip, packed here: its texts come with the answer, pictures and sound by their links. */

import type { ExportFile, ExportView } from "@/api/types";
import { hand, read } from "./links";

/** Saves the zip; rejects when a file cannot be read, and nothing is saved then. */
export async function saveExport(view: ExportView): Promise<void> {
  // The packer comes when somebody exports.
  const { makeZip } = await import("client-zip");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = makeZip(entries(view)).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(Uint8Array.from(part.value));
  hand(new Blob(parts, { type: "application/zip" }), `${view.name}.zip`);
}

/** One after another, in a folder of its own, wherever it is unpacked. */
async function* entries(view: ExportView) {
  for (const file of view.files) yield { name: `${view.name}/${file.path}`, input: await content(file) };
}

const content = async (file: ExportFile): Promise<Uint8Array | string> => (
  file.link ? new Uint8Array(await (await read(file.link.url)).arrayBuffer()) : file.text ?? ""
);
