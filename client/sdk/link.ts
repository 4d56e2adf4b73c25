/**
 * The link to the gateway: the state machine of `connectivity.ts` at work. It holds the state, runs the probes (one at
 * a time), listens to the platform, and while offline probes again and again, less and less often.
 */
import type { Environment } from './api.ts'
import { createBackoff } from './backoff.ts'
import { isOnline, type LinkEvent, type LinkState, next } from './connectivity.ts'

export interface Link {
  state(): LinkState
  /** As it is shown. */
  online(): boolean
  /** What others have learnt of the link. */
  event(event: LinkEvent): void
  /** Stops probing and listening. Idempotent. */
  close(): void
}

export type LinkOptions = {
  /** Asks the gateway lightly; rejects where no answer comes. It must come to an end by itself. */
  probe: () => Promise<void>
  /** After every change of the state, never before `createLink` has returned. */
  onChange: (state: LinkState) => void
  /** Somebody looks at the app again, or the browser sees a network: what waits may be tried. The link probes by itself. */
  onResume?: () => void
  watchPlatform: Environment['watchPlatform']
  random: Environment['random']
  /** After so long without an answer to a probe the link is offline, even if the answer may still come. */
  patienceMs?: number
}

/** Begins with a probe. */
export function createLink(of: LinkOptions): Link {
  const { patienceMs = 5000 } = of
  const backoff = createBackoff({ random: of.random, maxMs: 30_000 })
  let state: LinkState = 'unknown'
  let probing = false
  let closed = false
  /** Of the end of patience while a probe is under way; of the next probe while offline. */
  let timer: ReturnType<typeof setTimeout> | undefined

  function event(event: LinkEvent): void {
    if (closed) return
    const before = state
    const after = next(before, event)
    state = after.state
    if (state === 'online') {
      backoff.reset()
      stopTimer()
    }
    if (after.probe) void probe()
    if (state === 'offline' && !probing) timer ??= setTimeout(probe, backoff.next())
    if (state !== before) of.onChange(state)
  }

  /** Where one is under way already, that one decides. */
  async function probe(): Promise<void> {
    stopTimer()
    timer = setTimeout(event, patienceMs, 'probeFailed')
    if (probing) return
    probing = true
    const outcome = await of.probe().then(
      () => 'answered' as const,
      () => 'probeFailed' as const,
    )
    probing = false
    stopTimer()
    event(outcome)
  }

  function stopTimer(): void {
    clearTimeout(timer)
    timer = undefined
  }

  /** What was known may be old, and who waits no longer wants to wait for the next probe. */
  function lookAgain(): void {
    backoff.reset()
    event('browserOnline')
    of.onResume?.()
  }

  const unwatch = of.watchPlatform({
    online: lookAgain,
    offline: () => event('browserOffline'),
    resume: lookAgain,
  })
  void probe()

  return {
    state: () => state,
    online: () => isOnline(state),
    event,
    close() {
      closed = true
      stopTimer()
      unwatch()
    },
  }
}
