import type { Nudge, NudgeBus, NudgeLog } from './bus.ts'
import { byTenant } from './merge.ts'

/** The bus of a gateway that is alone: listeners of this process, called one after the other. Never away. */
export function createProcessBus({ log }: { log: NudgeLog }): NudgeBus {
  const nudges = new Listeners<Nudge[]>(log)
  const access = new Listeners<void>(log)
  let closed = false

  return {
    healthy: true,

    publish(all) {
      for (const [tenantId, own] of byTenant(all)) nudges.tell(tenantId, own)
    },

    subscribe: (tenantId, listener) => (closed ? () => {} : nudges.add(tenantId, listener)),
    publishAccess: (tenantId) => access.tell(tenantId),
    subscribeAccess: (tenantId, listener) => (closed ? () => {} : access.add(tenantId, listener)),
    onRecovered: () => () => {},

    async close() {
      closed = true
      nudges.clear()
      access.clear()
    },
  }
}

/** Listeners by tenant. One that throws is logged and costs nobody else. */
class Listeners<Told> {
  readonly #byTenant = new Map<string, Set<(told: Told) => void>>()
  readonly #log: NudgeLog

  constructor(log: NudgeLog) {
    this.#log = log
  }

  tell(tenantId: string, told: Told): void {
    for (const listener of this.#byTenant.get(tenantId) ?? []) {
      try {
        listener(told)
      } catch (error) {
        this.#log.warn({ err: error, tenantId }, 'a listener of nudges failed')
      }
    }
  }

  add(tenantId: string, listener: (told: Told) => void): () => void {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const entry = (told: Told) => listener(told)
    const own = this.#byTenant.get(tenantId) ?? new Set()
    this.#byTenant.set(tenantId, own.add(entry))
    return () => {
      own.delete(entry)
      if (own.size === 0 && this.#byTenant.get(tenantId) === own) this.#byTenant.delete(tenantId)
    }
  }

  clear(): void {
    this.#byTenant.clear()
  }
}
