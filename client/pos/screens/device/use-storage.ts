import { useEffect, useState } from 'react'

/** Bytes that this browser keeps for the till, and how many it may; null where it does not tell. */
export function useEstimate(): { usage: number; quota: number } | null {
  const [estimate, setEstimate] = useState<{ usage: number; quota: number } | null>(null)
  useEffect(() => {
    void navigator.storage?.estimate?.().then(({ usage, quota }) => {
      if (usage !== undefined && quota !== undefined) setEstimate({ usage, quota })
    })
  }, [])
  return estimate
}

/** Whether the service worker has everything, so that the till opens without a network. */
export function useIsReadyOffline(): boolean {
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    void navigator.serviceWorker?.ready.then(() => setReady(true))
  }, [])
  return isReady
}
