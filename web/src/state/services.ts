/** What every view may use, provided once by the application. */

import { inject, type InjectionKey } from "vue";

import type { Reelwright } from "@/api/reelwright";
import type { Session } from "@/auth/session";
import type { PageConfig } from "@/config";

export interface Services {
  api: Reelwright;
  session: Session;
  config: PageConfig;
}

export const SERVICES: InjectionKey<Services> = Symbol("services");

export function useServices(): Services {
  const services = inject(SERVICES);
  if (!services) throw new Error("No services were provided.");
  return services;
}
