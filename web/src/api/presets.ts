/** The API's routes of presets, as functions. */

import type { Http } from "./http";
import type { Preset, PresetChoices } from "./types";

export interface PresetRoutes {
  /** All of the caller's own, by their names. */
  presets(signal?: AbortSignal): Promise<Preset[]>;
  /** Stores it in place of what was called so. */
  putPreset(name: string, choices: PresetChoices): Promise<Preset>;
  removePreset(name: string): Promise<void>;
}

export function presetRoutes(http: Http): PresetRoutes {
  const path = (name: string) => `/presets/${encodeURIComponent(name)}`;
  return {
    async presets(signal) {
      return (await http<{ presets: Preset[] }>("/presets", signal ? { signal } : {})).body.presets;
    },
    async putPreset(name, choices) {
      return (await http<{ preset: Preset }>(path(name), { method: "PUT", body: choices })).body.preset;
    },
    async removePreset(name) {
      await http(path(name), { method: "DELETE" });
    },
  };
}
