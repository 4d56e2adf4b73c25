/**
 * Whose cart it is, where several tabs are open: a cart has one sale id, so two tabs that shared one would sell two
 * customers' coffees as one sale. A tab claims its cart by a lock, which the browser lets go of when the tab is gone.
 */
const patienceMs = 500

export type Claim = {
  /** False: another tab has it. Null: this browser has no locks, and nobody can tell. */
  granted: Promise<boolean | null>
  release(): void
}

export function claimCart(saleId: string, locks: LockManager | null = navigator.locks ?? null): Claim {
  const released = new AbortController()
  if (!locks) return { granted: Promise.resolve(null), release() {} }
  // Whoever has just let go of it (this tab, as somebody took over and came back) is waited for.
  const patience = setTimeout(() => released.abort(), patienceMs)
  const granted = new Promise<boolean | null>((resolve) => {
    locks
      .request(`modula-sync cart ${saleId}`, { signal: released.signal }, () => {
        clearTimeout(patience)
        resolve(true)
        return new Promise<void>((letGo) => {
          if (released.signal.aborted) letGo()
          else released.signal.addEventListener('abort', () => letGo())
        })
      })
      .catch(() => resolve(false))
  })
  return {
    granted,
    release() {
      clearTimeout(patience)
      released.abort()
    },
  }
}
