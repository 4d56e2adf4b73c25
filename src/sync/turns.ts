/**
 * What a batch waits for, in this order: a place, a turn to be examined, its branches' turns, a connection. Each is
 * shared out between tenants, so that a tenant's own crowd is all that it waits in; and batches of one person are
 * examined one after the other, and recorded so where they change nothing else.
 */
import { Company } from './company.ts'
import { FairTurns } from './fair-turns.ts'
import { Fruitless } from './fruitless.ts'
import { KeyedLock } from './keyed-lock.ts'
import { Passing } from './passing.ts'
import { SharedTurns } from './shared-turns.ts'
import { TenantShare } from './tenant-share.ts'
import { WaitingRoom } from './waiting-room.ts'

export type Turns = {
  /** Of whom the rests are for: whoever asks, and the tenants that they ask for. */
  readonly company: Company
  readonly tenants: Company
  /** Of the processors: what a tenant's batches and requests begin with. */
  readonly share: TenantShare
  readonly passing: Passing
  readonly room: WaitingRoom
  /** Whose batches come to nothing. */
  readonly fruitless: Fruitless
  /** Being inspected and looked at: work of this process, and one short read. */
  readonly examining: FairTurns
  /** Of people, devices and branches; the wait across gateways is PostgreSQL's. */
  readonly locks: KeyedLock
  /** Connections that writers hold, also while they wait for a lock in the database. */
  readonly connections: FairTurns
  /** Branches that take the tenant's changes before a pull: a little writing, of the connections that reads have. */
  readonly taking: SharedTurns
}

/**
 * Of a pool writers get seven tenths, and those of one tenant half, and never all of what writers get: reads, and other
 * tenants, always find one.
 */
export function createTurns(poolSize: number, passing = new Passing()): Turns {
  const writers = Math.max(1, Math.floor(poolSize * 0.7))
  const ofTenant = Math.max(1, Math.min(Math.floor(poolSize / 2), writers - 1))
  const tenants = new Company()
  return {
    company: new Company(),
    tenants,
    share: new TenantShare(tenants, undefined, passing),
    passing,
    room: new WaitingRoom(),
    fruitless: new Fruitless(),
    examining: new FairTurns({ most: Math.max(1, poolSize - writers) }),
    locks: new KeyedLock(),
    connections: new FairTurns({ most: writers, mostOfKey: ofTenant }),
    taking: new SharedTurns(new FairTurns({ most: Math.max(1, poolSize - writers - 1) })),
  }
}
