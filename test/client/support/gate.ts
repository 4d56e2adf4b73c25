/** A line whose answers can be held back, so that a test says what happens while a request is under way. */
import { textOf } from './sent.ts'

export type Held = {
  /** Resolves once the gateway has answered. */
  answered: Promise<void>
  /** Lets the answer through. */
  release: () => void
}

export type Gate = {
  fetch: typeof fetch
  /** Holds back the answer of the next request of this name, such as `Push`. */
  hold(operation: string): Held
  /** Answers every request of this name instead of the gateway; null: no more. */
  replace: (operation: string, answer: (() => Response) | null) => void
  count(operation: string): number
  /** How many of this name were under way at once at most. */
  most(operation: string): number
}

export function createGate(): Gate {
  const holds = new Map<string, { answered: () => void; released: Promise<void> }>()
  const answers = new Map<string, () => Response>()
  const counts = new Map<string, { all: number; now: number; most: number }>()
  const countOf = (operation: string) => counts.get(operation) ?? { all: 0, now: 0, most: 0 }

  async function ask(operation: string, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const answer = answers.get(operation)
    if (answer) return answer()
    const response = await fetch(input, init)
    const body = await response.arrayBuffer()
    const hold = holds.get(operation)
    holds.delete(operation)
    hold?.answered()
    await hold?.released
    return new Response(body, { status: response.status, headers: response.headers })
  }

  return {
    async fetch(input, init) {
      const [, operation = ''] = /(?:query|mutation) (\w+)/.exec(textOf(init)) ?? []
      const count = countOf(operation)
      counts.set(operation, count)
      count.all += 1
      count.now += 1
      count.most = Math.max(count.most, count.now)
      return ask(operation, input, init).finally(() => {
        count.now -= 1
      })
    },
    hold(operation) {
      const answered = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      holds.set(operation, { answered: answered.resolve, released: released.promise })
      return { answered: answered.promise, release: released.resolve }
    },
    replace(operation, answer) {
      if (answer) answers.set(operation, answer)
      else answers.delete(operation)
    },
    count: (operation) => countOf(operation).all,
    most: (operation) => countOf(operation).most,
  }
}

/** What a proxy says when it has no gateway behind it. */
export const badGateway = () =>
  new Response('<html>502 Bad Gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } })
