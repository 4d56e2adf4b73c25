/**
 * What the device says of itself to whoever looks after it: how much waits and since when, its storage, its clock. Told
 * before a run, where something has waited for long, and after it, where anything is new or half a minute has passed. A
 * report that gets lost is followed by another.
 */
import type { Environment } from './api.ts'
import type { LocalState } from './local-state.ts'
import type { Transport } from './transport/transport.ts'
import type { Status } from './words.ts'

const pauseMs = 30_000

export function createReporter(of: {
  state: LocalState
  transport: Transport
  storage: () => Status['storage']
  environment: Pick<Environment, 'now'>
  appVersion: string | null
}) {
  const { state, transport, storage, environment, appVersion } = of
  let last = { at: Number.NEGATIVE_INFINITY, text: '' }

  async function report(isNews: (oldestWaitingAt: string | null) => boolean): Promise<void> {
    const { context, outbox, deviceId, store } = state
    if (!context) return
    const { tenantId, branchId } = context
    const oldestWaitingAt = outbox.waiting(tenantId, 1)[0]?.occurredAt ?? null
    const counts = { waiting: outbox.count(tenantId, 'PENDING'), failed: outbox.count(tenantId, 'FAILED') }
    const text = JSON.stringify([tenantId, branchId, counts])
    const at = environment.now()
    const isDue = text !== last.text || at.getTime() - last.at >= pauseMs
    if (!isDue || !isNews(oldestWaitingAt)) return
    last = { at: at.getTime(), text }
    const estimate = await store.estimate().catch(() => null)
    await transport
      .report({
        tenantId,
        deviceId,
        branchId,
        at: at.toISOString(),
        ...counts,
        oldestWaitingAt,
        storage: storage() === 'persistent' ? 'PERSISTENT' : 'BEST_EFFORT',
        usageBytes: estimate?.usage ?? null,
        quotaBytes: estimate?.quota ?? null,
        appVersion,
      })
      .catch(() => {})
  }

  return {
    beforeRun: () =>
      report(
        (oldest) => oldest !== null && environment.now().getTime() - new Date(oldest).getTime() >= pauseMs,
      ),
    afterRun: () => report(() => true),
  }
}
