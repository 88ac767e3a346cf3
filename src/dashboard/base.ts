/**
 * The path below which the service is opened: that of PUBLIC_URL, which what stands before the service takes away. Empty at the
 * root. Known from where this script was loaded, which the page names relative to itself.
 */
export const BASE = new URL(/* @vite-ignore */ '..', import.meta.url).pathname.replace(/\/$/, '');
