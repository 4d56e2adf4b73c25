/**
 * Installing the till on the home screen: the browser says when it could be, and asks the person when told to.
 */
import { useSyncExternalStore } from 'react'

/** Chrome's; other browsers install from their own menu. */
type InstallPrompt = Event & { prompt(): Promise<unknown> }

let offer: InstallPrompt | null = null
const listeners = new Set<() => void>()

function set(next: InstallPrompt | null): void {
  offer = next
  for (const listener of listeners) listener()
}
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  set(event as InstallPrompt)
})
addEventListener('appinstalled', () => set(null))

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks whether to install; null where that is not on offer. */
export function useInstall(): (() => void) | null {
  const current = useSyncExternalStore(subscribe, () => offer)
  if (!current) return null
  return () => {
    // An offer can be taken once.
    set(null)
    void current.prompt()
  }
}
