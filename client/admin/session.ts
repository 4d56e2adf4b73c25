/**
 * Who is signed in on this tab. It is kept for this tab alone, and goes with it.
 */
import { v7 as newId } from 'uuid'
import { observed } from '../ui/observed.ts'

export type Session = { readonly tenantId: string; readonly token: string }
/** `ended`: the server takes the token no more, or the person may do less than before. */
export type SignedOut = { readonly why: 'ended' | null }

const key = 'modula.console.session'

const current = observed<Session | SignedOut>(recall())

export const session = {
  now: current.now,
  use: current.use,
  begin: (begun: Session): void => change(begun),
  end: (why: SignedOut['why']): void => change({ why }),
}

export const isSession = (value: Session | SignedOut): value is Session => 'token' in value

function change(to: Session | SignedOut): void {
  guarded(() =>
    isSession(to) ? sessionStorage.setItem(key, JSON.stringify(to)) : sessionStorage.removeItem(key),
  )
  if (isSession(to)) guarded(() => localStorage.setItem(tenantKey, to.tenantId))
  current.set(to)
}

function recall(): Session | SignedOut {
  const kept = guarded(() => JSON.parse(sessionStorage.getItem(key) ?? 'null')) as Partial<Session> | null
  return typeof kept?.token === 'string' && typeof kept.tenantId === 'string'
    ? { tenantId: kept.tenantId, token: kept.token }
    : { why: null }
}

const tenantKey = 'modula.console.tenant'
const deviceKey = 'modula.console.device'

/** The business that was signed in to last on this browser. */
export const lastTenant = (): string | null => guarded(() => localStorage.getItem(tenantKey))

/** This browser, as the server knows it. It syncs nothing: it is no till. */
export function deviceId(): string {
  const known = guarded(() => localStorage.getItem(deviceKey))
  if (known) return known
  // All of it: its beginning is the time, and whoever guesses it passes for this browser.
  const made = `console-${newId()}`
  guarded(() => localStorage.setItem(deviceKey, made))
  return made
}

/** A browser that keeps nothing (blocked storage) works on, until the page is left. */
function guarded<Result>(use: () => Result): Result | null {
  try {
    return use()
  } catch {
    return null
  }
}
