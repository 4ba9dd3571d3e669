/** What can go wrong between the page and the API, in words for the person who reads them. */

import { t } from "@/lib/i18n";
import type { FieldProblem, Problem } from "./types";

/** Proxies in between answer in bodies of their own. */
export type ErrorBody = Partial<Problem>;

/** The API refused; `code` is its class of error. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly code: string;
  readonly details: FieldProblem[];
  readonly requestId: string;
  readonly retriable: boolean;

  constructor(readonly status: number, body: ErrorBody) {
    super(body.message ?? t("problem.status", { status }));
    this.code = body.error ?? "";
    this.details = body.details ?? [];
    this.requestId = body.requestId ?? "";
    this.retriable = body.retriable ?? status >= 500;
  }

  about(field: string): string {
    return this.details.find((detail) => detail.field === field)?.message ?? "";
  }
}

/** No answer came: the network, or the service, is away. */
export class ConnectionLost extends Error {
  override name = "ConnectionLost";

  constructor(options?: ErrorOptions) {
    super(t("problem.offline"), options);
  }
}

/** Nobody is signed in any more: what was asked for is not wanted now. */
export class SignedOut extends DOMException {
  constructor() {
    super("The person has signed out.", "AbortError");
  }
}

/** Whether a caught value is the mark of an operation that the page itself gave up. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** A caught value as a sentence; for what nobody foresaw too. */
export function sentence(error: unknown): string {
  if (error instanceof ApiProblem || error instanceof ConnectionLost) return error.message;
  return t("problem.page");
}
