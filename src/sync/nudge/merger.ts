import type { SetTimer } from './timer.ts'

export type Merger<T> = {
  /** Emits what is due at once and keeps the rest, merged, for the end of its window. */
  push(items: T[]): void
  /** Emits what is kept, and forgets every window. */
  flush(): void
  /** Keys that are not quiet: one emitted less than a window ago. */
  readonly busy: number
}

/**
 * Lets each key through once per `mergeMs`, losing nothing:
 *
 *   quiet --push: emit--> open --push: keep, merged--> open, something kept
 *     ^                    |                             |
 *     +--window ends-------+          window ends: emit, a new window opens
 *
 * So an item waits at most `mergeMs`. Keys whose windows open together share one timer, and what is due together
 * is emitted in one call: a change that nudges a thousand branches costs one timer, not a thousand.
 */
export function createMerger<T>(options: {
  keyOf: (item: T) => string
  merge: (earlier: T, later: T) => T
  mergeMs: number
  setTimer: SetTimer
  emit: (items: T[]) => void
}): Merger<T> {
  const { keyOf, merge, mergeMs, setTimer, emit } = options
  const kept = new Map<string, T | null>()
  const cancels = new Set<() => void>()

  function open(due: Map<string, T>): void {
    if (due.size === 0) return
    const keys = [...due.keys()]
    for (const key of keys) kept.set(key, null)
    const cancel = setTimer(() => {
      cancels.delete(cancel)
      open(take(keys))
    }, mergeMs)
    cancels.add(cancel)
    emit([...due.values()])
  }

  /** Removes these keys and returns what was kept for them. */
  function take(keys: Iterable<string>): Map<string, T> {
    const due = new Map<string, T>()
    for (const key of keys) {
      const item = kept.get(key)
      kept.delete(key)
      if (item != null) due.set(key, item)
    }
    return due
  }

  return {
    push(items) {
      const due = new Map<string, T>()
      for (const item of items) {
        const key = keyOf(item)
        const into: Map<string, T | null> = kept.has(key) ? kept : due
        const earlier = into.get(key)
        into.set(key, earlier == null ? item : merge(earlier, item))
      }
      open(due)
    },

    flush() {
      for (const cancel of cancels) cancel()
      cancels.clear()
      const due = [...take([...kept.keys()]).values()]
      if (due.length > 0) emit(due)
    },

    get busy() {
      return kept.size
    },
  }
}
