/** What a device holds of a branch: the changes it pulled, applied. */
import type { PulledChange } from './gateway.ts'

export class Replica {
  readonly entities = new Map<string, unknown>()

  apply(changes: readonly PulledChange[]): this {
    for (const { opKind, entityKind, entityId, payload } of changes) {
      const name = `${entityKind} ${entityId}`
      // EC-OS-09: a tombstone of what is not here is no error.
      if (opKind === 'TOMBSTONE') this.entities.delete(name)
      else this.entities.set(name, payload)
    }
    return this
  }

  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by kind of entity
  get(entityKind: string, entityId: string): any {
    return this.entities.get(`${entityKind} ${entityId}`)
  }

  has(entityKind: string, entityId: string): boolean {
    return this.entities.has(`${entityKind} ${entityId}`)
  }

  /** Comparable, whatever the order in which things arrived. */
  sorted(): [string, unknown][] {
    return [...this.entities].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}
