/**
 * Whether the gateway can be reached: a pure state machine. What counts is that the gateway spoke; the browser only
 * knows whether there is a network, so its word starts a probe and decides nothing.
 *
 *   unknown    nothing is known (at the start, or since the browser has seen a network again); a probe is under way
 *   online     the gateway spoke last
 *   doubtful   it spoke, then something went wrong; a probe is under way, and until it ends the link counts as online
 *   offline    it did not answer a probe
 *
 * State x event; `!`: probe now; empty: the state stays.
 *
 *   | event          | unknown  | online     | doubtful | offline    |
 *   |----------------|----------|------------|----------|------------|
 *   | answered       | online   |            | online   | online     |
 *   | failed         |          | doubtful ! |          |            |
 *   | probeFailed    | offline  | doubtful ! | offline  |            |
 *   | socketOpen     | online   |            | online   | online     |
 *   | socketClosed   |          | doubtful ! |          |            |
 *   | browserOnline  |          | doubtful ! |          | unknown !  |
 *   | browserOffline |          | doubtful ! |          |            |
 *
 * One lost request on a good line does not show: the probe answers, and the link was never shown as offline. In
 * flight mode the request and the probe both fail at once, so Offline shows within moments. A probe is asked for only
 * on the way into a state in which one is under way; further ones, while it lasts, link.ts begins by itself. (A probe that fails while online is
 * one that was begun before a request was answered: the two contradict each other, so it is asked anew; what hangs since
 * before that does not decide it, see link.ts.)
 */
export type LinkState = 'unknown' | 'online' | 'doubtful' | 'offline'

/**
 * `answered`: the gateway has answered a request, if only with an error. `failed`: a request got no answer.
 * `probeFailed`: nor did a probe. `socketOpen`, `socketClosed`: the gateway's socket. `browserOnline`,
 * `browserOffline`: the browser's own word.
 */
export type LinkEvent =
  | 'answered'
  | 'failed'
  | 'probeFailed'
  | 'socketOpen'
  | 'socketClosed'
  | 'browserOnline'
  | 'browserOffline'

/** `probe`: ask the gateway lightly now. */
export const next = (state: LinkState, event: LinkEvent): { state: LinkState; probe: boolean } => {
  switch (event) {
    case 'answered':
    case 'socketOpen':
      return { state: 'online', probe: false }
    case 'probeFailed':
      return state === 'online' ? doubt : { state: 'offline', probe: false }
    case 'browserOnline':
      if (state === 'offline') return { state: 'unknown', probe: true }
      break
    case 'failed':
    case 'socketClosed':
    case 'browserOffline':
      break
  }
  return state === 'online' ? doubt : { state, probe: false }
}

const doubt = { state: 'doubtful', probe: true } as const

/** What is shown: a doubtful link counts as online until the probe has failed. */
export const isOnline = (state: LinkState): boolean => state === 'online' || state === 'doubtful'
