/**
 * What the device says of itself to whoever looks after it: how much waits and since when, its storage, its clock. Told
 * before a run, where something has waited for long, and after it, where anything is new or half a minute has passed. A
 * report that gets lost is followed by another.
 */
import type { Environment } from '../api.ts'
import { reportedHead } from '../outbox/chain.ts'
import type { LocalState } from '../state/local-state.ts'
import type { StoragePromise } from '../state/storage-promise.ts'
import type { Transport } from '../transport/transport.ts'

const pauseMs = 30_000
/** Of the device's clock against the time that has passed: more, and somebody has set it. */
const clockWasSetMs = 5_000

export type Reporter = ReturnType<typeof createReporter>

export function createReporter(of: {
  state: LocalState
  transport: Transport
  storage: Pick<StoragePromise, 'is'>
  environment: Pick<Environment, 'now'>
  appVersion: string | null
}) {
  const { state, transport, storage, environment, appVersion } = of
  /** `passed`: by a clock that nobody sets (`performance.now`); `offset`: what the device's is ahead of it. */
  let last = { passed: Number.NEGATIVE_INFINITY, offset: 0, text: '' }

  async function report(isNews: (oldestWaitingAt: string | null) => boolean): Promise<void> {
    const { context, outbox, deviceId, store } = state
    if (!context) return
    const { tenantId, branchId } = context
    const oldestWaitingAt = outbox.waiting(tenantId, 1)[0]?.occurredAt ?? null
    const counts = { waiting: outbox.count(tenantId, 'PENDING'), failed: outbox.count(tenantId, 'FAILED') }
    const text = JSON.stringify([tenantId, branchId, counts])
    const at = environment.now()
    const passed = performance.now()
    const offset = at.getTime() - passed
    const isDue =
      text !== last.text || passed - last.passed >= pauseMs || Math.abs(offset - last.offset) >= clockWasSetMs
    if (!isDue || !isNews(oldestWaitingAt)) return
    last = { passed, offset, text }
    const estimate = await store.estimate().catch(() => null)
    const chain = await reportedHead(state, tenantId).catch(() => null)
    await transport
      .report({
        tenantId,
        deviceId,
        branchId,
        at: at.toISOString(),
        ...counts,
        oldestWaitingAt,
        storage: storage.is === 'persistent' ? 'PERSISTENT' : 'BEST_EFFORT',
        usageBytes: estimate?.usage ?? null,
        quotaBytes: estimate?.quota ?? null,
        appVersion,
        chain,
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
