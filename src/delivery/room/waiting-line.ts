/** A call that was told to come again. Times are in milliseconds. */
interface Ticket {
  id: string;
  /** When the call became due: the line's order. */
  since: number;
  /** When it will be back. */
  backAt: number;
}

/** The calls of one kind that wait for room at one destination, the one that waits longest first. */
export class WaitingLine {
  private readonly tickets: Ticket[] = [];
  private readonly byId = new Map<string, Ticket>();

  get length(): number {
    return this.tickets.length;
  }

  put(ticket: Ticket): void {
    this.tickets.splice(this.placeOf(ticket.since), 0, ticket);
    this.byId.set(ticket.id, ticket);
  }

  /** @returns whether it was there */
  remove(id: string): boolean {
    const ticket = this.byId.get(id);
    if (ticket === undefined) return false;
    this.byId.delete(id);
    this.tickets.splice(this.tickets.indexOf(ticket), 1);
    return true;
  }

  /** How many have waited longer than one that waits since then, of those that are back by a time. */
  countBefore(since: number, backBy: number): number {
    const place = this.placeOf(since);
    if (backBy === Infinity) return place;
    let count = 0;
    for (let index = 0; index < place; index += 1) {
      if ((this.tickets[index]?.backAt ?? Infinity) <= backBy) count += 1;
    }
    return count;
  }

  /** Gives up on the one that is overdue for longest, if any is. */
  forgetMostOverdue(now: number): void {
    let most: Ticket | undefined;
    for (const ticket of this.tickets) {
      if (ticket.backAt <= now && ticket.backAt < (most?.backAt ?? Infinity)) most = ticket;
    }
    if (most) this.remove(most.id);
  }

  /** Gives up on those that should have come back by then: they were cancelled, or went to another process. */
  forget(backBy: number): void {
    for (const { id } of this.tickets.filter(({ backAt }) => backAt < backBy)) this.remove(id);
  }

  private placeOf(since: number): number {
    let [low, high] = [0, this.tickets.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.tickets[middle]?.since ?? Infinity) <= since) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
