import type { CallingProcess, ProcessRegister } from '../../src/delivery/room/process-shares';

/** A register in memory: each beat is one step, as the store makes it. */
export class MemoryRegister implements ProcessRegister {
  private readonly processes = new Map<string, CallingProcess>();

  async beat(own: CallingProcess, gone: readonly CallingProcess[]): Promise<CallingProcess[]> {
    this.processes.set(own.id, own);
    for (const { id, beat } of gone) if (this.processes.get(id)?.beat === beat) this.processes.delete(id);
    return [...this.processes.values()];
  }

  async leave(id: string): Promise<void> {
    this.processes.delete(id);
  }
}
