/**
 * A person who never looks away from a till, also while pages come: what was applied does not go out of view again, and
 * the drawer holds what was put into it, sold and taken out, to the cent.
 */
import type { Entity, EntityKind, SyncClient } from '../../../client/sdk/index.ts'
import type { Context } from '../../../client/sdk/words.ts'
import type { World } from './world.ts'

/** By type of operation: what it makes, and the field of its payload that names it. */
const made: Record<string, { kind: EntityKind; id: string }> = {
  'cashSession.open': { kind: 'cashSession', id: 'cashSessionId' },
  'cashSession.movement': { kind: 'cashMovement', id: 'movementId' },
  'sale.finalize': { kind: 'sale', id: 'saleId' },
}
const kinds = ['cashSession', 'cashMovement', 'sale'] as const

export class Eyes {
  /** Everything that should not have been seen. */
  readonly sights: string[] = []
  #told = 0
  readonly #client: SyncClient
  readonly #world: Pick<World, 'performed' | 'hasAged' | 'hasNewRights' | 'note'>
  readonly #device: { isBlind(context: Context): boolean }
  /** What was seen and is there for good, by branch. */
  readonly #known = new Map<string, Set<string>>()

  constructor(
    client: SyncClient,
    world: Pick<World, 'performed' | 'hasAged' | 'hasNewRights' | 'note'>,
    device: { isBlind(context: Context): boolean },
  ) {
    this.#client = client
    this.#device = device
    this.#world = world
    client.subscribe(() => {
      this.#look()
      for (const sight of this.sights.slice(this.#told)) world.note(`    to be seen: ${sight}`)
      this.#told = this.sights.length
    })
    client.onVerdict(({ clientOpId, status }) => {
      const intent = world.performed.get(clientOpId)
      const what = intent && made[intent.type]
      if (status !== 'APPLIED' || !what || !this.#isHere(intent)) return
      const id = String(intent.payload[what.id]).toLowerCase()
      if (client.get(what.kind, id)) this.#at(intent).add(`${what.kind} ${id}`)
    })
  }

  #isHere({ tenantId, branchId }: { tenantId: string; branchId: string }): boolean {
    const { context } = this.#client.status()
    return context?.tenantId === tenantId && context.branchId === branchId
  }

  #at({ tenantId, branchId }: { tenantId: string; branchId: string }): Set<string> {
    const key = `${tenantId} ${branchId}`
    const known = this.#known.get(key) ?? new Set<string>()
    this.#known.set(key, known)
    return known
  }

  #look(): void {
    const { context, hydrated, phase } = this.#client.status()
    if (!context || this.sights.length > 0 || this.#device.isBlind(context)) return
    const { hasAged, hasNewRights } = this.#world
    const known = this.#at(context)
    for (const name of known) {
      const [kind, id] = name.split(' ') as [EntityKind, string]
      if (this.#client.get(kind, id)) continue
      // With a right, what it gave to see goes; with time, what is finished; with a restore, what no queue had.
      if (hasNewRights || hasAged) known.delete(name)
      else this.sights.push(`${name} has gone out of view (${phase})`)
    }
    for (const kind of kinds)
      for (const { id, pending } of this.#client.query(kind)) if (!pending) known.add(`${kind} ${id}`)
    if (hydrated && !hasAged) this.#count(phase)
  }

  #count(phase: string): void {
    const sales = this.#client.query('sale')
    // A refund goes into the session that is open then, and no stream says which that was.
    if (sales.some(({ status }) => status === 'VOIDED')) return
    for (const session of this.#client.query('cashSession')) {
      const isOurs = ({ cashSessionId }: { cashSessionId: string }) => cashSessionId === session.id
      const moved = [
        session.openingFloat,
        ...this.#client.query('cashMovement').filter(isOurs),
        ...sales.filter(isOurs).map(paidIn),
      ]
      for (const currency of ['usd', 'khr'] as const) {
        const sum = moved.reduce((total, amount) => total + amount[currency], 0)
        if (sum !== session.expected[currency])
          this.sights.push(
            `${session.id} should hold ${sum} ${currency}, and shows ${session.expected[currency]} (${phase})`,
          )
      }
    }
  }
}

function paidIn({ tender }: Entity<'sale'>): { usd: number; khr: number } {
  const { change } = tender
  const received =
    'currency' in tender
      ? { usd: 0, khr: 0, [tender.currency === 'USD' ? 'usd' : 'khr']: tender.received }
      : tender.received
  return { usd: received.usd - change.usd, khr: received.khr - change.khr }
}
