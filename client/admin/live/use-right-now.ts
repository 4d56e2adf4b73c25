import { placedAt } from '../../contract.ts'
import { useNowPutRight } from '../../ui/use-now.ts'
import { useBackend } from './console.ts'

/** A moment of this computer's clock in ms, put right where it is known to be wrong by the server's: days are the server's. */
export function useRightTime(): (ms: number) => number {
  const { gateway } = useBackend()
  return (ms) => placedAt(new Date(ms), gateway.clockSkewMs()).getTime()
}

/** Now, put right, anew every so often. */
export function useRightNow(everyMs: number): number {
  return useNowPutRight(everyMs, useRightTime())
}
