/**
 * The tabs of a shared store: one of them leads, by a Web Lock, and they tell each other what has changed. A tab that
 * is closed or dies lets go of the lock, and the next in line leads. One that is frozen (a system may do that to what
 * nobody looks at) keeps it, so whoever finds it silent takes the lock from it.
 */

/** Anything that can be cloned from tab to tab. */
type TabMessage = unknown

export interface Tabs {
  isLeader(): boolean
  /** To the other tabs, not to this one. A hint: it may be lost. */
  tell(message: TabMessage): void
  /** Leads from now on, whoever has led: it is taken for frozen, and learns of it when it is not any more. */
  takeLead(): void
  /** Takes what the others tell; what came before anybody listened comes first. */
  listen(listener: (message: TabMessage) => void): void
  /** `lead`: this tab begins to lead, or does already; `deposed`: another has taken that from it. */
  watch(on: { lead(): void; deposed(): void }): void
  /** Lets go of everything; another tab leads at once. Idempotent. */
  close(): Promise<void>
}

/** Stands in line at once. Alone with its store, or on a platform without locks, a tab leads from the start. */
export function createTabs(of: {
  name: string
  shared: boolean
  locks: LockManager | undefined
  openChannel: ((name: string) => BroadcastChannel) | undefined
}): Tabs {
  const name = `modula-sync:${of.name}`
  const locks = of.shared ? of.locks : undefined
  const channel = of.shared ? of.openChannel?.(name) : undefined
  const early: TabMessage[] = []
  let listener: ((message: TabMessage) => void) | null = null
  let watcher: Parameters<Tabs['watch']>[0] | null = null
  const closing = new AbortController()
  const closed = () => closing.signal.aborted
  let leads = false

  const inLine: LockOptions = { signal: closing.signal }

  function lead(): void {
    if (closed() || leads) return
    leads = true
    queueMicrotask(() => watcher?.lead())
  }

  async function compete(how: LockOptions): Promise<void> {
    // Node calls back before `request` returns, browsers later.
    await null
    if (!locks) return lead()
    let wasGranted = false
    try {
      await locks.request(name, how, () => {
        wasGranted = true
        lead()
        return closed() || new Promise((letGo) => closing.signal.addEventListener('abort', letGo))
      })
    } catch {
      // Given up by `close`; or the platform has locks but forbids them, which is the same as having none.
      if (!wasGranted) return lead()
      if (closed()) return
      leads = false
      watcher?.deposed()
      await compete(inLine)
    }
  }

  channel?.addEventListener('message', ({ data }) => {
    if (listener) listener(data)
    else early.push(data)
  })
  // In Node an open channel would keep the process alive.
  if (channel && 'unref' in channel) (channel as unknown as { unref(): void }).unref()
  let competed: Promise<unknown> = compete(inLine)

  return {
    isLeader: () => leads && !closed(),
    tell: (message) => {
      if (!closed()) channel?.postMessage(message)
    },
    takeLead() {
      competed = Promise.all([competed, compete({ steal: true })])
    },
    listen(by) {
      listener = by
      for (const message of early.splice(0)) by(message)
    },
    watch(on) {
      watcher = on
      if (leads) queueMicrotask(() => on.lead())
    },
    async close() {
      closing.abort()
      channel?.close()
      await competed
    },
  }
}
