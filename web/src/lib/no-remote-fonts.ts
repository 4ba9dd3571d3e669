/** Stands for a library that looks for fonts at other addresses: the page has its own. */
export const queryRemoteFonts = (): Promise<never[]> => Promise.resolve([]);
