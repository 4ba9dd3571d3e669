/** The API's routes of a person's own settings, as functions. */

import type { Http } from "./http";
import type { OwnSettings } from "./types";

export interface SettingRoutes {
  /** What is chosen, the address that e-mails come from, empty where none are sent, and the person's verified one. */
  settings(signal?: AbortSignal): Promise<OwnSettings>;
  putSettings(mailAtEnd: boolean): Promise<OwnSettings>;
}

export function settingRoutes(http: Http): SettingRoutes {
  return {
    async settings(signal) {
      return (await http<OwnSettings>("/settings", signal ? { signal } : {})).body;
    },
    async putSettings(mailAtEnd) {
      return (await http<OwnSettings>("/settings", { method: "PUT", body: { mailAtEnd } })).body;
    },
  };
}
