import { useSyncExternalStore } from 'react'

/** A value of the whole page, outside of React: whoever shows it is told when it is another. */
export function observed<Value>(first: Value) {
  let value = first
  const listeners = new Set<() => void>()
  const now = (): Value => value
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    now,
    subscribe,
    set(next: Value): void {
      value = next
      for (const listener of [...listeners]) listener()
    },
    use: (): Value => useSyncExternalStore(subscribe, now),
  }
}
