/**
 * What a gateway says to whoever has not signed in yet: whether it shows the demo café, and whether there is a business
 * at all.
 */
import { useEffect, useState } from 'react'

export type Welcome = { readonly demo: boolean; readonly tenants: boolean }

/** Null until it has been heard, and where it cannot be. */
export function useWelcome(): Welcome | null {
  const [welcome, setWelcome] = useState<Welcome | null>(null)
  useEffect(() => {
    const ending = new AbortController()
    fetch('/welcome.json', { signal: ending.signal })
      .then(async (answer) => answer.ok && setWelcome((await answer.json()) as Welcome))
      // Without a connection there is nothing to say.
      .catch(() => {})
    return () => ending.abort()
  }, [])
  return welcome
}
