import type { Socket } from 'node:net';

/** How long the parts of connecting took. Milliseconds. */
export interface ConnectPhases {
  /** Looking up the name, and vetting its addresses. */
  dnsMs: number;
  /** To the receiver, or to the end of a proxy's tunnel. */
  connectMs: number;
  /** Absent over plain http. */
  tlsMs?: number;
}

/** Kept beside the sockets, since undici's way of handing them over has no place for it. */
const known = new WeakMap<Socket, ConnectPhases>();

export function notePhases(socket: Socket, phases: ConnectPhases): void {
  known.set(socket, phases);
}

/** How a connection was made; undefined when nobody has noted it. */
export function phasesOf(socket: Socket): ConnectPhases | undefined {
  return known.get(socket);
}
