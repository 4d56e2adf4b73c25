/**
 * What a run may ask for at once, and whether the line is slow: `sizing.ts` at work, for batches (by bytes) and for pages
 * (by changes).
 */

import type { Pulse } from '../pulse.ts'
import { isHalf } from '../transport/faults.ts'
import { TransportError } from '../transport/transport.ts'
import { resized, type Sized, type Sizing, sizingFrom, targetMs } from './sizing.ts'

/** On a line of 64 kbit/s such a batch takes the target time, were it not compressed, and such a page less. */
const first: Record<Sized, number> = { batch: 32_000, page: 50 }
/** As many as proxies take without being told to. */
const mostBytes = 1_000_000
/** Proxies reset a connection that brings too much. So little is not too much: the line has gone. */
const fewPackets = { batch: 8_000, page: 8 }
/** A request that takes so long is felt: the line is slow until one takes less than half of it. */
const slowMs = 3_000

export type Sizes = {
  /** What the next request may carry. */
  size(of: Sized): number
  isSlow(): boolean
  /** Sends a request that carries `size`. `isWhole`: by its answer, there was more to carry. */
  send<Answer>(
    of: Sized,
    size: number,
    request: () => Promise<Answer>,
    isWhole: (answer: Answer) => boolean,
  ): Promise<Answer>
}

export function createSizes(of: { pageSize: number; pulse: Pulse }): Sizes {
  const bounds: Record<Sized, Parameters<typeof resized>[2]> = {
    batch: { max: mostBytes, target: targetMs.batch },
    page: { max: of.pageSize, target: targetMs.page },
  }
  const sizings: Record<Sized, Sizing> = {
    batch: sizingFrom(first.batch),
    page: sizingFrom(Math.min(first.page, of.pageSize)),
  }
  let slow = false

  function show(isSlow: boolean): void {
    if (slow === isSlow) return
    slow = isSlow
    of.pulse.beat()
  }

  return {
    size: (of) => sizings[of].size,
    isSlow: () => slow,
    async send(of, size, request, isWhole) {
      const begun = performance.now()
      const timer = setTimeout(show, slowMs, true)
      try {
        const answer = await request()
        const ms = performance.now() - begun
        sizings[of] = resized(
          sizings[of],
          { type: 'carried', size, ms, isWhole: isWhole(answer) },
          bounds[of],
        )
        if (ms < slowMs / 2) show(false)
        return answer
      } catch (error) {
        const type = sizeFault(error, of, { size, ms: performance.now() - begun })
        if (type) sizings[of] = resized(sizings[of], { type, size }, bounds[of])
        throw error
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const isTooLarge = ({ code }: TransportError) => code === 'BATCH_TOO_LARGE' || code === 'HTTP_413'

/** It would be the same at once again, and half of it may not be: refused as it is, or answered by half. */
export const wantsLess = (error: unknown): boolean =>
  error instanceof TransportError && (isTooLarge(error) || isHalf(error))

/** Its connection was dead while the gateway answers others: over another one it gets through. */
export const isStalled = (error: unknown): boolean =>
  error instanceof TransportError && error.code === 'STALLED'

/** What a failure may have to do with the size; null: nothing. `ms`: how long it took to fail. */
function sizeFault(
  error: unknown,
  of: Sized,
  { size, ms }: { size: number; ms: number },
): 'late' | 'tooLarge' | 'refused' | null {
  if (!(error instanceof TransportError)) return null
  if (isTooLarge(error)) return 'tooLarge'
  if (!error.sent) return null
  // The gateway itself, whose database is away, or which was busy with this for too long.
  if (error.code === 'SERVICE_UNAVAILABLE') return ms > slowMs ? 'late' : null
  if (error.code === 'TIMEOUT' || error.code === 'STALLED' || isHalf(error)) return 'late'
  if (error.code === 'NETWORK') return size > fewPackets[of] ? 'late' : null
  return error.kind === 'unreachable' && error.code !== 'CLOSED' ? 'refused' : null
}
