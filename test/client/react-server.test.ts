/** A page that is made on a server, as frameworks do before the browser takes over: the hooks say what the client does. */
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import {
  SyncProvider,
  useBlocked,
  useEntities,
  useEntity,
  usePeople,
  useSyncStatus,
  useWaiting,
} from '../../client/react/index.ts'
import { createSyncClient, memoryStore } from '../../client/sdk/index.ts'

it('every hook has something to say before there is a browser', async () => {
  const client = await createSyncClient({
    url: 'http://127.0.0.1:9/graphql',
    store: memoryStore(),
    context: { tenantId: 'demo', branchId: 'riverside', actorId: 'demo-admin' },
    getToken: async () => null,
    environment: {
      fetch: async () => Promise.reject(new TypeError('fetch failed')),
      WebSocket: undefined as never,
    },
  })
  function Page() {
    const all = [
      useSyncStatus(({ pending }) => pending),
      useEntities('sale').length,
      useEntity('sale', 'none') ?? null,
      useWaiting().length,
      usePeople().length,
      useBlocked('sale.finalize')?.code,
    ]
    return createElement('p', {}, JSON.stringify(all))
  }
  try {
    const page = renderToString(createElement(SyncProvider, { client }, createElement(Page)))
    expect(page.replaceAll('&quot;', '"')).toBe('<p>[0,0,null,0,0,"CACHE_MISSING"]</p>')
  } finally {
    await client.close()
  }
})
