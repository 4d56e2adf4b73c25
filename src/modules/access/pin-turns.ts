/**
 * Turns for looking at PINs: scrypt takes a thread of Node's pool for some 60 ms, and a core with it, so two at once
 * leave the others to files and names, and one leaves the other of two cores to everybody else. Who waits is bounded, and
 * takes turns: tenants first, then the addresses of a tenant, so that a crowd keeps waiting those who come from where it
 * comes from; and what an address tries is rested after.
 */
import { availableParallelism } from 'node:os'
import { FairTurns } from '../../sync/fair-turns.ts'
import { RestedTurns } from '../../sync/rested-turns.ts'

export type PinBounds = { readonly atOnce: number; readonly waiting: number; readonly ofAddress: number }
const bounds: PinBounds = { atOnce: availableParallelism() < 4 ? 1 : 2, waiting: 256, ofAddress: 40 }

export class PinTurns {
  readonly #bounds: PinBounds
  readonly #tenants: FairTurns
  /** Of each tenant that waits: its addresses, and how many of them wait. */
  readonly #addresses = new Map<string, { turns: FairTurns; waiting: number }>()
  readonly #tried = new RestedTurns()
  readonly #ofAddress = new Map<string, number>()
  #waiting = 0

  constructor(of: PinBounds = bounds) {
    this.#bounds = of
    this.#tenants = new FairTurns({ most: of.atOnce })
  }

  /** Runs `work` in turn; null, at once, where too many wait already. */
  async try<T>(tenantId: string, address: string, work: () => Promise<T>): Promise<T | null> {
    const ofAddress = this.#ofAddress.get(address) ?? 0
    if (this.#waiting >= this.#bounds.waiting || ofAddress >= this.#bounds.ofAddress) return null
    this.#waiting += 1
    this.#ofAddress.set(address, ofAddress + 1)
    try {
      return await this.#tried.run(address, (turn) => this.run(tenantId, address, turn), work)
    } finally {
      this.#waiting -= 1
      const left = this.#ofAddress.get(address)! - 1
      if (left > 0) this.#ofAddress.set(address, left)
      else this.#ofAddress.delete(address)
    }
  }

  /** Runs `work` in turn, for those who were admitted by another bound. */
  async run<T>(tenantId: string, address: string, work: () => Promise<T>): Promise<T> {
    const own = this.#addresses.get(tenantId) ?? {
      turns: new FairTurns({ most: this.#bounds.atOnce }),
      waiting: 0,
    }
    this.#addresses.set(tenantId, own)
    own.waiting += 1
    try {
      return await own.turns.run(address, () => this.#tenants.run(tenantId, work))
    } finally {
      own.waiting -= 1
      if (own.waiting === 0) this.#addresses.delete(tenantId)
    }
  }
}

/** Of this process: its threads are shared by whatever runs in it. */
export const pinTurns = new PinTurns()
