/** What every view and store may use, provided once by the application. */

import { inject, type InjectionKey } from "vue";

import type { Reelwright } from "@/api/reelwright";
import type { Session } from "@/auth/session";
import type { PageConfig } from "@/config";
import type { Sender } from "@/lib/sending";

export interface Services {
  api: Reelwright;
  session: Session;
  config: PageConfig;
  /** How a file is sent to the bucket; the browser's own way unless a test says otherwise. */
  send?: Sender;
  /** How long something is waited for, in milliseconds; a test does not wait. */
  pause?: (milliseconds: number) => Promise<void>;
}

export const SERVICES: InjectionKey<Services> = Symbol("services");

export function useServices(): Services {
  const services = inject(SERVICES);
  if (!services) throw new Error("No services were provided.");
  return services;
}
