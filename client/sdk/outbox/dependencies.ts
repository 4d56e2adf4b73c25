/**
 * What an operation builds on, read from what it names. A thing (its module says what is one) is made by one operation,
 * used by some and ended by one:
 *
 *   using it depends on its making; ending it depends on its making and on everything that used it.
 *
 * Only operations that are still in the queue count: what is applied needs no naming.
 */
import type { Modules, Role } from '../modules/modules.ts'
import type { Json } from '../words.ts'

type Named = { clientOpId: string; type: string; tenantId: string; payload: Json }

/** Which operations of the queue make, use and end what. A sale must not look at the thousands before it: by role. */
export class Dependencies {
  readonly #modules: Modules
  readonly #things = new Map<string, Record<Role, Set<string>>>()

  constructor(modules: Modules) {
    this.#modules = modules
  }

  #named({ tenantId, ...operation }: Omit<Named, 'clientOpId'>) {
    return this.#modules
      .thingsOf(operation)
      .map(({ role, thing, id }) => ({ role, key: `${tenantId} ${thing.kind} ${id}` }))
  }

  add(operation: Named): void {
    for (const { role, key } of this.#named(operation)) {
      const users = this.#things.get(key) ?? { makes: new Set(), uses: new Set(), ends: new Set() }
      users[role].add(operation.clientOpId)
      this.#things.set(key, users)
    }
  }

  remove(operation: Named): void {
    for (const { role, key } of this.#named(operation)) {
      const users = this.#things.get(key)
      users?.[role].delete(operation.clientOpId)
      if (users && users.makes.size + users.uses.size + users.ends.size === 0) this.#things.delete(key)
    }
  }

  /** The operations of the queue that a new one builds on. */
  of(operation: Omit<Named, 'clientOpId'>): string[] {
    const ids = this.#named(operation).flatMap(({ role, key }) => {
      const users = this.#things.get(key)
      if (!users || role === 'makes') return []
      return role === 'ends' ? [...users.makes, ...users.uses] : [...users.makes]
    })
    return [...new Set(ids)]
  }
}
