/**
 * What an operation builds on, read from what it names. A thing (a cash session, a work record) is made by one
 * operation, used by some and ended by one:
 *
 *   using it depends on its making; ending it depends on its making and on everything that used it.
 *
 * Only operations that are still in the queue count: what is applied needs no naming.
 */
import type { Json } from '../words.ts'

type Role = 'makes' | 'uses' | 'ends'
type Naming = { role: Role; thing: (payload: { [name: string]: Json }) => string }

// A queue from another app may have its keys in capitals; the gateway reads them in small letters.
const key = (value: Json | undefined) => String(value).toLowerCase()
const session = (payload: { [name: string]: Json }) => `cashSession ${key(payload.cashSessionId)}`
const work = (payload: { [name: string]: Json }) => `attendance ${key(payload.attendanceId)}`

const namings: Record<string, Naming> = {
  'cashSession.open': { role: 'makes', thing: session },
  'cashSession.movement': { role: 'uses', thing: session },
  'sale.finalize': { role: 'uses', thing: session },
  'cashSession.close': { role: 'ends', thing: session },
  'attendance.startWork': { role: 'makes', thing: work },
  'attendance.endWork': { role: 'ends', thing: work },
}

type Named = { clientOpId: string; type: string; tenantId: string; payload: Json }

const namingOf = ({ type, tenantId, payload }: Omit<Named, 'clientOpId'>) => {
  const naming = namings[type]
  return (
    naming && { role: naming.role, thing: `${tenantId} ${naming.thing(payload as { [name: string]: Json })}` }
  )
}

/** Whether it can be sent to another cash session. */
export const isReassignable = (type: string) =>
  type === 'sale.finalize' || type === 'cashSession.movement' || type === 'cashSession.close'

/** Which operations of the queue make, use and end what. A sale must not look at the thousands before it: by role. */
export class Dependencies {
  readonly #things = new Map<string, Record<Role, Set<string>>>()

  add(operation: Named): void {
    const named = namingOf(operation)
    if (!named) return
    const users = this.#things.get(named.thing) ?? { makes: new Set(), uses: new Set(), ends: new Set() }
    users[named.role].add(operation.clientOpId)
    this.#things.set(named.thing, users)
  }

  remove(operation: Named): void {
    const named = namingOf(operation)
    const users = named && this.#things.get(named.thing)
    if (!users) return
    users[named.role].delete(operation.clientOpId)
    if (users.makes.size + users.uses.size + users.ends.size === 0) this.#things.delete(named.thing)
  }

  /** The operations of the queue that a new one builds on. */
  of(operation: Omit<Named, 'clientOpId'>): string[] {
    const named = namingOf(operation)
    const users = named && this.#things.get(named.thing)
    if (!users || named.role === 'makes') return []
    return named.role === 'ends' ? [...users.makes, ...users.uses] : [...users.makes]
  }
}
