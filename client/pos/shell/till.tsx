import { useEffect, useState } from 'react'
import { SyncProvider } from '../../react/index.ts'
import { exportQueue, StoreError, type SyncClient } from '../../sdk/index.ts'
import { openClient, store } from '../open-client.ts'
import { App } from './app.tsx'
import { Opening } from './opening.tsx'
import { StoreFault } from './store-fault.tsx'

/** The till, from opening its store on. */
export function Till() {
  const [client, setClient] = useState<SyncClient | null>(null)
  const [fault, setFault] = useState<StoreError | null>(null)
  useEffect(() => {
    openClient().then(setClient, (error) =>
      setFault(
        error instanceof StoreError ? error : new StoreError('FAILED', String(error), { cause: error }),
      ),
    )
  }, [])
  if (fault)
    return <StoreFault fault={fault.fault} message={fault.message} queue={() => exportQueue(store)} />
  if (!client) return <Opening />
  return (
    <SyncProvider client={client}>
      <App />
    </SyncProvider>
  )
}
