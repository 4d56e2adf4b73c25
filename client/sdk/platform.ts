/**
 * What the SDK needs of the world, as browsers, Node and React Native have it.
 */
import { v7 as uuid } from 'uuid'
import type { Environment } from './api.ts'

/** What is missing here (locks in an insecure context, say) is undefined. */
export const defaultEnvironment = (): Environment => ({
  fetch: (input, init) => globalThis.fetch(input, init),
  WebSocket: globalThis.WebSocket,
  now: () => new Date(),
  // In order of time, as the gateway's indexes grow best; insecure contexts have no `randomUUID` anyway.
  newId: () => uuid(),
  random: Math.random,
  // As OWASP recommends for PBKDF2-SHA-256: 108 ms in Chromium on a server's core.
  pinRounds: 600_000,
  locks: globalThis.navigator?.locks,
  openChannel: globalThis.BroadcastChannel && ((name) => new BroadcastChannel(name)),
  watchPlatform,
})

/**
 * `online` and `offline` are the browser's own words; `resume`: somebody looks at the app again, after which anything
 * known may be old. Does nothing where there is no window, or one that tells nothing (React Native's).
 */
const watchPlatform: Environment['watchPlatform'] = (on) => {
  if (typeof document === 'undefined' || typeof window?.addEventListener !== 'function') return () => {}
  const watching = new AbortController()
  const { signal } = watching
  window.addEventListener('online', () => on.online(), { signal })
  window.addEventListener('offline', () => on.offline(), { signal })
  window.addEventListener('focus', () => on.resume(), { signal })
  // A page that was put aside and is shown again, rather than loaded.
  window.addEventListener('pageshow', ({ persisted }) => persisted && on.resume(), { signal })
  const seen = () => document.visibilityState === 'visible' && on.resume()
  document.addEventListener('visibilitychange', seen, { signal })
  return () => watching.abort()
}
