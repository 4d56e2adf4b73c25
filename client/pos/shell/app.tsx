import { useEffect, useState } from 'react'
import { Router } from 'wouter'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import { CrashGuard } from '../../ui/crash-guard.tsx'
import { CartProvider } from '../hooks/cart.tsx'
import { ignoreScans } from '../lib/bursts.ts'
import { keepDevice, keptDevice, wasCleared } from '../lib/kept.ts'
import { unansweredCount } from '../lib/queue.ts'
import { SignInScreen } from '../screens/sign-in/sign-in-screen.tsx'
import { Announcer } from './announcer.tsx'
import { ClearedNotice } from './cleared-notice.tsx'
import { Crashed } from './crashed.tsx'
import { Shell } from './shell.tsx'
import { StoreFault } from './store-fault.tsx'

/** Somebody is signed in, or nobody is. */
export function App() {
  const client = useSyncClient()
  const { deviceId } = client
  const isSignedIn = useSyncStatus(({ context }) => context !== null)
  const [isCleared, setCleared] = useState(() => wasCleared(keptDevice(), deviceId))
  useEffect(() => {
    if (!isCleared) keepDevice(deviceId)
  }, [isCleared, deviceId])
  useEffect(() => ignoreScans(document), [])
  const unsent = useSyncStatus(unansweredCount)
  const lost = useSyncStatus(({ storeFault }) => storeFault)
  if (lost) {
    // The store that worked until now is not one that this browser does not give.
    const fault = lost.code === 'UNAVAILABLE' ? 'LOST' : lost.code
    const queue = () => client.exportQueue()
    return <StoreFault fault={fault} message={lost.message} queue={queue} unsent={unsent} />
  }
  return (
    <CrashGuard crashed={<Crashed />}>
      <Router base="/pos">
        <Announcer />
        {isCleared && <ClearedNotice onUnderstood={() => setCleared(false)} />}
        {isSignedIn ? (
          <CartProvider>
            <Shell />
          </CartProvider>
        ) : (
          <SignInScreen />
        )}
      </Router>
    </CrashGuard>
  )
}
