/**
 * The link to the gateway: the state machine of `connectivity.ts` at work. It holds the state, runs the probes, listens
 * to the platform, and while in doubt or offline probes again and again: about once a second for the first minutes and as
 * long as something waits, then less and less often.
 *
 * A probe whose bytes were swallowed hangs, and so says nothing of the line of now. So the next does not wait for it,
 * and each has only so long as a bad line needs; one at a time is given all the patience there is, for a worse one.
 */
import type { Environment } from '../api.ts'
import { createBackoff } from '../transport/backoff.ts'
import { isOnline, type LinkEvent, type LinkState, next } from './connectivity.ts'

export interface Link {
  state(): LinkState
  /** As it is shown. */
  online(): boolean
  /** What others have learnt of the link. */
  event(event: LinkEvent): void
  /** Why the last probe failed; null: it was answered. */
  fault(): unknown
  /** Stops probing and listening. Idempotent. */
  close(): void
}

export type LinkOptions = {
  /** Asks the gateway lightly; rejects where no answer comes, within this time if one is given. It must end by itself. */
  probe: (options?: { withinMs?: number }) => Promise<void>
  /** Something waits for the line. */
  isNeeded?: () => boolean
  /** After every change of the state, never before `createLink` has returned. */
  onChange: (state: LinkState) => void
  /** Somebody looks at the app again, or the browser sees a network: what waits may be tried. The link probes by itself. */
  onResume?: () => void
  watchPlatform: Environment['watchPlatform']
  random: Environment['random']
  /** How long the gaps between probes stay short though nothing waits; five minutes by default. */
  soonForMs?: number | undefined
  /** After so long without an answer to a probe the link is offline, even if the answer may still come. */
  patienceMs?: number
}

/** A handshake with TLS and an answer, with a second to each round trip. */
const shortMs = 3_500
const leastGapMs = 750
const shortGapMs = 1_500
/** Browsers have six connections to a host. */
const mostProbes = 4

/** Begins with a probe. */
export function createLink(of: LinkOptions): Link {
  const { patienceMs = 5000, isNeeded = () => false, random, soonForMs } = of
  const backoff = createBackoff({ random, leastMs: leastGapMs, soonMs: shortGapMs, maxMs: 30_000, soonForMs })
  let state: LinkState = 'unknown'
  let fault: unknown = null
  /** How often a doubt has begun: it is decided by the probe that it began with, not by those that hang since before. */
  let doubts = 0
  let closed = false
  let patience: ReturnType<typeof setTimeout> | undefined
  let nextProbe: ReturnType<typeof setTimeout> | undefined

  const probe = createProber({
    probe: of.probe,
    onOutcome(outcome, decides) {
      if (outcome !== null && state !== 'offline' && decides !== doubts) return
      fault = outcome
      event(outcome === null ? 'answered' : 'probeFailed')
    },
    isWanted: () => state !== 'online' && !closed,
  })

  function event(what: LinkEvent): void {
    if (closed) return
    const before = state
    const after = next(before, what)
    state = after.state
    if (state === 'online') {
      backoff.reset()
      stopTimers()
    }
    if (after.probe) doubt()
    if (state === 'offline') planProbe()
    if (state !== before) of.onChange(state)
  }

  function doubt(): void {
    doubts += 1
    stopTimers()
    patience = setTimeout(() => event('probeFailed'), patienceMs)
    void probe(doubts)
    // Where its bytes vanish, one that is begun later says first that they do not any more.
    planProbe()
  }

  function planProbe(): void {
    nextProbe ??= setTimeout(() => {
      nextProbe = undefined
      void probe(null)
      planProbe()
    }, backoff.next(isNeeded()))
  }

  function stopTimers(): void {
    clearTimeout(patience)
    clearTimeout(nextProbe)
    nextProbe = undefined
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
  doubt()

  return {
    state: () => state,
    online: () => isOnline(state),
    event,
    fault: () => fault,
    close() {
      closed = true
      stopTimers()
      unwatch()
    },
  }
}

/** Probes, a few at a time; the others begin as those end. Each is told which doubt it decides (null: none). */
function createProber(of: {
  probe: LinkOptions['probe']
  /** Null: it was answered; or why it was not. */
  onOutcome: (outcome: unknown, decides: number | null) => void
  isWanted: () => boolean
}): (decides: number | null) => Promise<void> {
  let probes = 0
  /** One of them is given all the time there is. */
  let hasPatientOne = false
  /** One more was to begin, and as many hang as may: it begins when the first of them ends. */
  let due: { decides: number | null } | null = null

  return async function probe(decides) {
    if (probes >= mostProbes) {
      due = { decides: decides ?? due?.decides ?? null }
      return
    }
    const isPatient = !hasPatientOne
    hasPatientOne ||= isPatient
    probes += 1
    const outcome = await of.probe(isPatient ? {} : { withinMs: shortMs }).then(
      () => null,
      (error: unknown) => error ?? 'failed',
    )
    probes -= 1
    if (isPatient) hasPatientOne = false
    of.onOutcome(outcome, decides)
    const next = due
    due = null
    if (next && of.isWanted()) void probe(next.decides)
  }
}
