import { useState } from 'react'
import { SyncClientError } from '../../sdk/index.ts'

/** Goes a way out, and says where that is none. */
export function useWayOut() {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<SyncClientError | null>(null)
  async function way(out: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await out()
    } catch (error) {
      if (!(error instanceof SyncClientError)) throw error
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return { go: (out: () => Promise<unknown>) => void way(out), isBusy, problem }
}
