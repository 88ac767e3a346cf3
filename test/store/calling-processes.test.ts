import { randomUUID } from 'node:crypto';
import { ProcessShares } from '../../src/delivery/room/process-shares';
import { describeOnBothDatabases } from '../support/stores';

describeOnBothDatabases((databases) => {
  /** Two processes with an installation of their own. */
  async function two() {
    const settings = await databases.create();
    const stores = await Promise.all([databases.open(settings), databases.open(settings)]);
    return stores.map(({ callingProcesses }) => callingProcesses);
  }

  it('a process learns of the others that have beaten before it', async () => {
    const [one, other] = await two();
    await one?.beat({ id: 'one', beat: 1, divides: null }, []);
    expect(await other?.beat({ id: 'other', beat: 1, divides: ['one', 'other'] }, [])).toEqual([
      { id: 'one', beat: 1, divides: null },
      { id: 'other', beat: 1, divides: ['one', 'other'] },
    ]);
  });

  it('the latest that a process says is what counts', async () => {
    const [one] = await two();
    await one?.beat({ id: 'one', beat: 1, divides: null }, []);
    const again = { id: 'one', beat: 2, divides: ['one'] };
    expect(await one?.beat(again, [])).toEqual([again]);
  });

  it('one that leaves is not there any more', async () => {
    const [one, other] = await two();
    await one?.beat({ id: 'one', beat: 1, divides: null }, []);
    await one?.leave('one');
    expect(await other?.beat({ id: 'other', beat: 1, divides: null }, [])).toHaveLength(1);
  });

  it('one that is gone is taken out, unless it has beaten again', async () => {
    const [one, other] = await two();
    const silent = { id: 'silent', beat: 7, divides: null };
    const back = { id: 'back', beat: 8, divides: null };
    await one?.beat(silent, []);
    await one?.beat(back, []);
    const gone = [silent, { ...back, beat: 7 }];
    const left = await other?.beat({ id: 'other', beat: 1, divides: null }, gone);
    expect(left?.map(({ id }) => id)).toEqual(['back', 'other']);
  });

  it('of many that beat at the same moment, each reads what those before it have written', async () => {
    const [one, other] = await two();
    const beats = Array.from({ length: 20 }, async (_, nth) =>
      (nth % 2 ? one : other)?.beat({ id: randomUUID(), beat: 1, divides: null }, []),
    );
    const seen = (await Promise.all(beats)).map((processes) => processes?.length);
    expect(seen.sort((a = 0, b = 0) => a - b)).toEqual(beats.map((_, nth) => nth + 1));
  });

  it('two processes come to halves of a limit', async () => {
    const shares = (await two()).map(
      (register, nth) => new ProcessShares({ id: `p${nth}`, register, now: () => performance.now() }),
    );
    for (let round = 0; round < 4; round += 1) for (const each of shares) await each.beat(() => true);
    const parts = shares.map((each) => each.of('d', { concurrent: 10 }, true).concurrent);
    expect(parts).toEqual([5, 5]);
  });
});
