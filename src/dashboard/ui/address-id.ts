/** The id that the address ends with. From the browser itself: the router decodes a part of it, and an id may have any signs. */
export function idInAddress(): string {
  return decodeURIComponent(window.location.pathname.split('/').at(-1) ?? '');
}
