/** Stands for a polyfill of what every browser has in which captions can be drawn. */
export {};
