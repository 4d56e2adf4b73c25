/**
 * The tabs of a shared store: one of them leads, by a Web Lock, and they tell each other what has changed. A tab that
 * is closed or dies lets go of the lock, and the next in line leads.
 */

/** Anything that can be cloned from tab to tab. */
export type TabMessage = unknown

export interface Tabs {
  isLeader(): boolean
  /** To the other tabs, not to this one. A hint: it may be lost. */
  tell(message: TabMessage): void
  /** Takes what the others tell; what came before anybody listened comes first. */
  listen(listener: (message: TabMessage) => void): void
  /** Lets go of everything; another tab leads at once. Idempotent. */
  close(): Promise<void>
}

/**
 * `onLead` is called once, after this has returned, when this tab begins to lead. Alone with its store, or on a
 * platform without locks, it leads from the start.
 */
export function createTabs(of: {
  name: string
  shared: boolean
  locks: LockManager | undefined
  openChannel: ((name: string) => BroadcastChannel) | undefined
  onLead: () => void
}): Tabs {
  const name = `modula-sync:${of.name}`
  const locks = of.shared ? of.locks : undefined
  const channel = of.shared ? of.openChannel?.(name) : undefined
  const early: TabMessage[] = []
  let listener: ((message: TabMessage) => void) | null = null
  const closing = new AbortController()
  const closed = () => closing.signal.aborted
  let leads = false

  function lead(): void {
    if (closed()) return
    leads = true
    queueMicrotask(of.onLead)
  }

  async function compete(): Promise<void> {
    // Node calls back before `request` returns, browsers later.
    await null
    if (!locks) return lead()
    try {
      await locks.request(name, { signal: closing.signal }, () => {
        lead()
        return closed() || new Promise((letGo) => closing.signal.addEventListener('abort', letGo))
      })
    } catch {
      // Given up by `close`; or the platform has locks but forbids them, which is the same as having none.
      lead()
    }
  }

  channel?.addEventListener('message', ({ data }) => {
    if (listener) listener(data)
    else early.push(data)
  })
  // In Node an open channel would keep the process alive.
  if (channel && 'unref' in channel) (channel as unknown as { unref(): void }).unref()
  const competed = compete()

  return {
    isLeader: () => leads && !closed(),
    tell: (message) => {
      if (!closed()) channel?.postMessage(message)
    },
    listen(by) {
      listener = by
      for (const message of early.splice(0)) by(message)
    },
    async close() {
      closing.abort()
      channel?.close()
      await competed
    },
  }
}
