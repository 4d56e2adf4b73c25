import type { Nudge, NudgeBus, NudgeLog } from './bus.ts'
import { byTenant } from './merge.ts'

/** The bus of a gateway that is alone: listeners of this process, called one after the other. Never away. */
export function createProcessBus({ log }: { log: NudgeLog }): NudgeBus {
  const listeners = new Map<string, Set<(nudges: Nudge[]) => void>>()
  let closed = false

  return {
    healthy: true,

    publish(nudges) {
      for (const [tenantId, own] of byTenant(nudges)) {
        for (const listener of listeners.get(tenantId) ?? []) {
          try {
            listener(own)
          } catch (error) {
            log.warn({ err: error, tenantId }, 'a listener of nudges failed')
          }
        }
      }
    },

    subscribe(tenantId, listener) {
      if (closed) return () => {}
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry = (nudges: Nudge[]) => listener(nudges)
      const own = listeners.get(tenantId) ?? new Set()
      listeners.set(tenantId, own.add(entry))
      return () => {
        own.delete(entry)
        if (own.size === 0 && listeners.get(tenantId) === own) listeners.delete(tenantId)
      }
    },

    onRecovered: () => () => {},

    async close() {
      closed = true
      listeners.clear()
    },
  }
}
