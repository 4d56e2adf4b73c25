/**
 * Trying again what may go better later: a gateway that restarts, is overloaded or out of reach.
 */
import { ReplayError } from './replay-error.ts'

/** It did not go this time. `waitMs`: how long the gateway asked to be left alone. */
export class NotNow extends Error {
  override name = 'NotNow'
  readonly waitMs: number
  constructor(message: string, waitMs = 0) {
    super(message)
    this.waitMs = waitMs
  }
}

export type Persistence = {
  /** Tries in a row without any success before it gives up. */
  tries: number
  sleep: (ms: number) => Promise<unknown>
  /** 0 to 1. */
  random: () => number
}

const shortestMs = 200
const longestMs = 5_000

/** Doubles from try to try up to a limit; half of it by chance, so that many clients do not come back at once. */
export function backOffMs(failures: number, random: () => number): number {
  const ms = Math.min(longestMs, shortestMs * 2 ** (failures - 1))
  return ms / 2 + (ms / 2) * random()
}

/** The first answer that is not NotNow. After the last try a ReplayError; other errors pass as they are. */
export async function persist<T>(
  { tries, sleep, random }: Persistence,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof NotNow)) throw error
      if (failures >= tries)
        throw new ReplayError(
          `given up after ${failures} tries: ${error.message}. Run it again: what was applied is not applied twice.`,
        )
      await sleep(Math.max(error.waitMs, backOffMs(failures, random)))
    }
  }
}
