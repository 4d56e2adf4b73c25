import { afterEach, expect, test, vi } from 'vitest'
import { createReporter } from '../../client/sdk/run/reporter.ts'

afterEach(() => vi.useRealTimers())

test('a clock that was put right is told at once, whichever way; else half a minute passes, by no clock that is set', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const told: string[] = []
  let ahead = 86_400_000
  const now = () => new Date(1_700_000_000_000 + performance.now() + ahead)
  const reporter = createReporter({
    state: {
      context: { tenantId: 'demo', branchId: 'riverside', actorId: 'x' },
      outbox: { waiting: () => [], count: () => 0 },
      deviceId: 'till-1',
      store: { estimate: async () => null },
    } as never,
    transport: { report: async ({ at }: { at: string }) => void told.push(at) } as never,
    storage: { is: 'persistent' },
    environment: { now },
    appVersion: null,
  })
  const runAfter = async (ms: number) => {
    vi.advanceTimersByTime(ms)
    await reporter.afterRun()
    return told.length
  }
  expect(await runAfter(0)).toBe(1)
  expect(await runAfter(29_000)).toBe(1)
  expect(await runAfter(1_000)).toBe(2)
  ahead = 0
  expect(await runAfter(1_000)).toBe(3)
  expect(await runAfter(1_000)).toBe(3)
  expect(await runAfter(29_000)).toBe(4)
  ahead = 60_000
  expect(await runAfter(1_000)).toBe(5)
})
