/**
 * The service worker, and the new versions of the till that it brings. A new version waits until a person takes it:
 * nothing reloads on its own, in this tab or in another, for there may be a sale in it.
 *
 *     current -> waits (a new worker is installed, or another tab has taken it) -> taken: this page reloads
 */
import { observed } from '../ui/observed.ts'

const hour = 3_600_000

const waits = observed(false)
let taking = false
let registration: ServiceWorkerRegistration | undefined

/** Called once, when the till has started. It opens without, only not without a network. */
export async function registerServiceWorker(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (!import.meta.env.PROD || !workers) return
  let controlled = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    if (taking) location.reload()
    // The first worker of all is no new version.
    else if (controlled) waits.set(true)
    controlled = true
  })
  registration = await workers.register('/pos/sw.js', { scope: '/pos' })
  if (registration.waiting) waits.set(true)
  registration.addEventListener('updatefound', () => {
    const worker = registration?.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && controlled) waits.set(true)
    })
  })
  // A tablet may run for weeks without being loaded anew.
  const ask = () => void registration?.update().catch(() => {})
  setInterval(ask, hour)
  addEventListener('online', ask)
}

/** Whether a new version waits, and how to take it: the page reloads. Show it where no sale is under way. */
export function useNewVersion(): { waits: boolean; take: () => void } {
  return { waits: waits.use(), take }
}

function take(): void {
  taking = true
  if (registration?.waiting) registration.waiting.postMessage({ type: 'SKIP_WAITING' })
  else location.reload()
}
