/**
 * Installing the till on the home screen: the browser says when it could be, and asks the person when told to.
 */
import { observed } from '../ui/observed.ts'

/** Chrome's; other browsers install from their own menu. */
type InstallPrompt = Event & { prompt(): Promise<unknown> }

const offer = observed<InstallPrompt | null>(null)
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  offer.set(event as InstallPrompt)
})
addEventListener('appinstalled', () => offer.set(null))

/** Asks whether to install; null where that is not on offer. */
export function useInstall(): (() => void) | null {
  const current = offer.use()
  if (!current) return null
  return () => {
    // An offer can be taken once.
    offer.set(null)
    void current.prompt()
  }
}
