import { useCallback, useState } from 'react'
import { SyncClientError } from '../sdk/index.ts'

/** Why something was not done: an error of the SDK, or a verdict that is no yes. */
type Problem = { code: string | null; message: string | null; details?: unknown }

export type Action = {
  /**
   * Does it, and shows that meanwhile. Resolves to true where it was done; false where the SDK threw, or where it
   * resolved to a problem: `problem` then says why. Other errors are thrown on.
   */
  run: (work: () => Promise<unknown>) => Promise<boolean>
  isBusy: boolean
  /** Why the last one was not done. */
  problem: Problem | null
  forgetProblem: () => void
}

/** For a button or a form that does something of the SDK's which may be refused. */
export function useAction(): Action {
  const [underWay, setUnderWay] = useState(0)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setUnderWay((count) => count + 1)
    setProblem(null)
    try {
      const refusal = refusalIn(await work())
      setProblem(refusal)
      return refusal === null
    } catch (error) {
      if (!(error instanceof SyncClientError)) throw error
      setProblem(error)
      return false
    } finally {
      setUnderWay((count) => count - 1)
    }
  }, [])
  const forgetProblem = useCallback(() => setProblem(null), [])
  return { run, isBusy: underWay > 0, problem, forgetProblem }
}

/** Of a verdict. */
function refusalIn(done: unknown): Problem | null {
  const { status } = (done ?? {}) as { status?: string }
  return status === 'REJECTED' || status === 'DEFERRED' ? (done as Problem) : null
}
