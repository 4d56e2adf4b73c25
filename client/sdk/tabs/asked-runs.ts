/**
 * `sync()` in a tab that does not lead: it asks the leader for a run, and waits for the word that it is over. The leader
 * may go meanwhile; then whoever leads next is asked again.
 */
import { Offline, SyncFailed } from '../errors.ts'

/** How a run ended; null: well. */
export type RunEnd = { code: string; message: string } | null

export interface AskedRuns {
  /** Resolves or rejects as `sync()` does. */
  ask(): Promise<void>
  ended(id: string, end: RunEnd): void
  /** Another tab has given a sign of life. */
  alive(): void
  /** Those that wait. */
  ids(): string[]
  close(): void
}

/** Without a sign of life for so long there is nobody who could answer: a request of a run takes less. */
const patienceMs = 60_000

const noAnswer = { code: 'NO_ANSWER', message: 'The tab that synchronises did not answer.' }
const closed = { code: 'CLOSED', message: 'The client is closed.' }

export function createAskedRuns(of: { newId: () => string; tell: (id: string) => void }): AskedRuns {
  const waiting = new Map<string, (end: RunEnd) => void>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function alive(): void {
    clearTimeout(timer)
    if (waiting.size > 0) timer = setTimeout(endAll, patienceMs, noAnswer)
  }

  function ended(id: string, end: RunEnd): void {
    const settle = waiting.get(id)
    waiting.delete(id)
    settle?.(end)
    alive()
  }

  function endAll(end: RunEnd): void {
    for (const id of [...waiting.keys()]) ended(id, end)
  }

  return {
    ask() {
      return new Promise((resolve, reject) => {
        const id = of.newId()
        waiting.set(id, (end) => (end ? reject(errorOf(end)) : resolve()))
        alive()
        of.tell(id)
      })
    },
    ended,
    alive,
    ids: () => [...waiting.keys()],
    close: () => endAll(closed),
  }
}

const errorOf = ({ code, message }: { code: string; message: string }) =>
  code === 'OFFLINE' ? new Offline(message) : new SyncFailed(code, message)
