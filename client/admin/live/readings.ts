/**
 * What the server knows, as somebody on screen wants it, in TanStack Query: kept up to date while somebody looks, and
 * shown as it was last while the server does not answer. When to read anew is said by the news (`live.ts`) alone.
 */
import { type Query, QueryClient } from '@tanstack/react-query'
import type { Interest } from '../lib/concern.ts'

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { interest: Interest }
  }
}

/** News within this time is one reload. */
const reloadEveryMs = 1_000
/** What nobody looks at is kept for whoever comes back to it. */
const keptMs = 10 * 60_000

export type Readings = {
  readonly client: QueryClient
  /** Reads those anew that somebody looks at, and never twice at the same time. */
  refresh(which?: (interest: Interest) => boolean): void
  stop(): void
}

export function createReadings(): Readings {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        gcTime: keptMs,
        networkMode: 'always',
        retry: false,
        refetchOnReconnect: false,
        refetchOnWindowFocus: false,
      },
    },
  })
  const wanted = new Set<Query>()
  let rest: ReturnType<typeof setTimeout> | undefined

  function start(): void {
    if (rest !== undefined || wanted.size === 0) return
    rest = setTimeout(() => {
      rest = undefined
      start()
    }, reloadEveryMs)
    // What is being read may be from before the news: its turn comes when it is there.
    const ready = new Set([...wanted].filter(({ state }) => state.fetchStatus === 'idle'))
    for (const query of ready) wanted.delete(query)
    void client.refetchQueries({ type: 'active', predicate: (query) => ready.has(query) })
  }

  return {
    client,
    refresh(which = () => true) {
      for (const query of client.getQueryCache().getAll())
        if (query.isActive() && query.meta && which(query.meta.interest)) wanted.add(query)
      start()
    },
    stop() {
      clearTimeout(rest)
      wanted.clear()
      client.clear()
    },
  }
}
