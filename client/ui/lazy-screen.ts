import { type ComponentType, lazy } from 'react'

/**
 * A screen with its code in a file of its own, which comes when it is shown for the first time, or when the browser has
 * nothing else to do. So nothing is missing later, when the network is gone or a new version has replaced the files.
 */
export function lazyScreen<Props = object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  // Safari has no requestIdleCallback.
  const whenIdle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 2_000))
  whenIdle(() => void load().catch(() => {}))
  return lazy(load)
}
