/** A socket whose first bytes vanished never opens, and nobody says so. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { listenForNudges } from '../../client/sdk/transport/nudges.ts'
import { createSilences } from '../../client/sdk/transport/silence.ts'
import { NoSocket } from './support/till.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('is given up once the gateway answers somebody else, the next is tried at once, and is suspected later', async () => {
  const tries: number[] = []
  const suspicions: number[] = []
  class Silent extends NoSocket {
    constructor() {
      super()
      tries.push(performance.now())
    }
  }
  let isWhole = true
  const silences = createSilences(() => {
    suspicions.push(performance.now())
    if (isWhole) silences.answered(performance.now())
  })
  const begun = performance.now()
  const listening = listenForNudges(
    {
      url: 'ws://127.0.0.1/graphql',
      token: async () => 'a token',
      WebSocket: Silent as unknown as typeof WebSocket,
      random: () => 0.5,
      silences,
      timeoutMs: 20_000,
      pingEveryMs: 15_000,
    },
    { tenantId: 'demo', branchId: 'riverside', moduleScopes: [] },
    { nudge() {}, open() {}, closed() {} },
  )
  const passed = (times: readonly number[]) => times.map((at) => Math.round((at - begun) / 100) / 10)
  await vi.advanceTimersByTimeAsync(31_000)
  expect(passed(suspicions)).toEqual([2, 6, 14, 30])
  expect(passed(tries)).toEqual([0, 2, 6, 14, 30])
  // By then the gateway lets no socket through: it is waited for as long as for anything, and tried less and less often.
  isWhole = false
  await vi.advanceTimersByTimeAsync(60_000)
  expect(suspicions).toHaveLength(4)
  expect(passed(tries).slice(5)).toEqual([50.5, 71.5])
  listening.end()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tries).toHaveLength(7)
})
