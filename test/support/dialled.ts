import { Socket } from 'node:net';

/** Has no TCP connection leave this process, and tells to which addresses there would have been one. */
export function dialNowhere(): { dialled: string[]; restore: () => void } {
  const dialled: string[] = [];
  const spy = jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (
    this: Socket,
    ...args: unknown[]
  ) {
    const [first] = args.flat() as [{ host?: string }];
    dialled.push(first.host ?? '');
    process.nextTick(() => this.destroy(new Error('nothing leaves this test')));
    return this;
  });
  return {
    dialled,
    restore: () => {
      spy.mockRestore();
    },
  };
}
