/** The title of the browser's tab: what the view shows, and whose page it is. */

import { onScopeDispose, watchEffect } from "vue";

import { t } from "@/lib/i18n";

export function usePageTitle(title: () => string): void {
  const stop = watchEffect(() => { document.title = t("app.title", { view: title() }); });
  onScopeDispose(stop);
}
