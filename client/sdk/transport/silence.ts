/**
 * When to give up waiting. What is waited for is given up for want of progress, not for its length, in two ways:
 *
 *   1. nothing has come for `limitMs`;
 *   2. nothing has come for `suspectMs`, and then the gateway has answered somebody who asked after that. It can be
 *      reached, so it is the connection that is dead: bytes were lost in it, and it would be silent for ever.
 *
 * The second is what makes a half-dead line quick again: there the sockets stay open and say nothing.
 */
export type Wait = {
  /** A sign of life: waiting begins anew. */
  heard(limitMs?: number): void
  end(): void
}

export interface Silences {
  /** `isDead`: given up in the second way. */
  begin(of: { suspectMs: number; limitMs: number; giveUp: (isDead: boolean) => void }): Wait
  /** Somebody who asked at this time (`performance.now()`) was answered. */
  answered(askedAt: number): void
}

/** `onSuspect`: something is silent for long; ask the gateway lightly. */
export function createSilences(onSuspect: () => void): Silences {
  const suspects = new Map<(isDead: boolean) => void, number>()
  return {
    begin({ suspectMs, limitMs, giveUp }) {
      let timers: ReturnType<typeof setTimeout>[] = []
      function end(): void {
        for (const timer of timers.splice(0)) clearTimeout(timer)
        suspects.delete(giveItUp)
      }
      function giveItUp(isDead: boolean): void {
        end()
        giveUp(isDead)
      }
      function suspect(): void {
        suspects.set(giveItUp, performance.now())
        onSuspect()
      }
      function heard(limit = limitMs): void {
        end()
        timers = [setTimeout(giveItUp, limit, false)]
        if (suspectMs < limit) timers.push(setTimeout(suspect, suspectMs))
      }
      heard()
      return { heard, end }
    },
    answered(askedAt) {
      for (const [giveUp, since] of [...suspects]) if (since <= askedAt) giveUp(true)
    },
  }
}
