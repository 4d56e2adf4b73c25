import type { Nudge } from './bus.ts'
import type { NudgeFilter, NudgeHub } from './hub.ts'
import { branchKey, mergeNudges } from './merge.ts'

/**
 * A subscription as an async generator, for ordinary GraphQL execution. A slow reader never makes it grow: what it
 * has not yet read is merged, one nudge a branch. Starts at once, and ends with `return()`, even while a read waits.
 */
export function nudgeStream(hub: NudgeHub, filter: NudgeFilter): AsyncGenerator<Nudge, void, void> {
  const unread = new Map<string, Nudge>()
  let ended = false
  let changed = Promise.withResolvers<void>()
  const wake = () => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const stop = hub.subscribe(filter, (nudge) => {
    const key = branchKey(nudge)
    const earlier = unread.get(key)
    unread.set(key, earlier ? mergeNudges(earlier, nudge) : nudge)
    wake()
  })

  async function next(): Promise<IteratorResult<Nudge, void>> {
    while (!ended) {
      const [first] = unread
      if (first) {
        unread.delete(first[0])
        return { done: false, value: first[1] }
      }
      await changed.promise
    }
    return { done: true, value: undefined }
  }

  async function end(): Promise<IteratorResult<Nudge, void>> {
    ended = true
    stop()
    wake()
    return { done: true, value: undefined }
  }

  return {
    next,
    return: end,
    throw: (error) => end().then(() => Promise.reject(error)),
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: () => end().then(() => {}),
  }
}
