import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from './link';
import type { Party } from './parties/party';
import type { SmallDisk } from './small-disk';
import type { Topology } from './topology';

/** Something that can go wrong. */
export interface Fault {
  kind: string;
  /** The party or link that it befalls. */
  target: string;
  /** Of two faults at once, each has another; the target unless told. */
  lock?: string;
  /** How often it may interrupt what is under way; once unless told. */
  strikes?: number;
  /** Lets it happen, and mends it. Resolves when all is up again. @param forMs how long it lasts */
  inject(forMs: number): Promise<void>;
}

/** Each fault that a topology can suffer. */
export function faultsOf({ parties, links, disk, smtp }: Topology): Fault[] {
  return [
    ...parties.flatMap(partyFaults),
    ...links.flatMap(linkFaults),
    ...(disk === undefined ? [] : [diskFull(disk, parties)]),
    {
      kind: 'smtp-refuses',
      target: 'smtp',
      inject: (forMs) =>
        during(
          forMs,
          () => (smtp.behaviour = 'refuse'),
          () => (smtp.behaviour = 'accept'),
        ),
    },
    {
      kind: 'smtp-drops-after-taking',
      target: 'smtp',
      inject: (forMs) =>
        during(
          forMs,
          () => (smtp.behaviour = 'accept-and-drop'),
          () => (smtp.behaviour = 'accept'),
        ),
    },
  ];
}

/** Kills of a crash loop, and the time between two: a start takes longer. */
const KILLS = 3;

function partyFaults(party: Party): Fault[] {
  const { name: target, partOf: lock = target } = party;
  return [
    {
      kind: 'kill',
      ...{ target, lock },
      inject: async (forMs) => {
        await party.crash();
        await delay(forMs);
        await party.revive();
      },
    },
    {
      kind: 'crash-loop',
      ...{ target, lock },
      strikes: KILLS + 1,
      inject: async (forMs) => {
        for (let kill = 1; kill <= KILLS; kill += 1) {
          party.killNow();
          await delay(forMs / KILLS);
        }
        await party.crash();
        await party.revive();
      },
    },
    {
      kind: 'restart',
      ...{ target, lock },
      inject: async () => {
        await party.shutDown();
        await party.revive();
      },
    },
    {
      kind: 'stop',
      ...{ target, lock },
      inject: (forMs) =>
        during(
          forMs,
          () => {
            party.freeze();
          },
          () => {
            party.thaw();
          },
        ),
    },
  ];
}

/** Milliseconds for each piece of data: some answers then take longer than a call may. */
const SLOW_MS = 700;

function linkFaults(link: Link): Fault[] {
  const ways: [string, () => void][] = [
    [
      'cut',
      () => {
        link.cut();
      },
    ],
    [
      'swallow',
      () => {
        link.swallow();
      },
    ],
    [
      'slow',
      () => {
        link.slow(SLOW_MS);
      },
    ],
  ];
  return ways.map(([kind, begin]) => ({
    kind,
    target: link.name,
    inject: (forMs) =>
      during(forMs, begin, () => {
        link.mend();
      }),
  }));
}

/** What ended for want of room is started again by whoever supervises it; it is waited for. */
function diskFull(disk: SmallDisk, parties: readonly Party[]): Fault {
  return {
    kind: 'disk-full',
    target: 'disk',
    inject: async (forMs) => {
      await during(
        forMs,
        () => {
          disk.fill();
        },
        () => {
          disk.empty();
        },
      );
      await Promise.all(parties.map((party) => party.untilReady()));
    },
  };
}

async function during(ms: number, begin: () => void, end: () => void): Promise<void> {
  begin();
  await delay(ms);
  end();
}
