/**
 * The transport over HTTP, by urql, and over a WebSocket (`nudges.ts`). It keeps nothing and repeats nothing, but for
 * one thing: a request whose token is not taken is sent once more if there is another token.
 */
import { Client, createRequest, fetchExchange } from '@urql/core'
import type { Document } from '../api.ts'
import type { Verdict } from '../words.ts'
import { directMutation } from './direct.ts'
import { probeQuery, pullQuery, pushMutation, reportMutation, signInMutation } from './documents.ts'
import { brokenAnswer, closed, faultOf, noToken, timeOut, tokenUnknown } from './faults.ts'
import { listenForNudges } from './nudges.ts'
import { type PullPage, type PullReset, type Transport, TransportError } from './transport.ts'

export type TransportOptions = {
  /** Of GraphQL over HTTP. In a browser it may be relative. */
  url: string
  /** Of the socket; left out: `url` with ws: or wss:. */
  subscriptionUrl?: string
  /**
   * The token of whoever is signed in, or null. Asked before each request, and again (`refused`) when the one that it
   * gave was not taken.
   */
  token: (asked: { refused: string | null }) => Promise<string | null>
  fetch: typeof fetch
  /** Undefined where the platform has none: nudges do not come then. */
  WebSocket: typeof WebSocket | undefined
  /** How long a request may take, with its answer and the wait for a token; 20,000 by default. */
  timeoutMs?: number
  /** How often a socket must prove that it is alive; 15,000 by default. */
  pingEveryMs?: number
  /** From 0 up to 1. */
  random: () => number
  now: () => Date
}

type Kind = 'query' | 'mutation'
/** A token to use whatever happens; null: none. */
type Fixed = { token: string | null }

/** Throws a TypeError where an address is none. */
export function createTransport(options: TransportOptions): Transport {
  const { timeoutMs = 20_000, pingEveryMs = 15_000 } = options
  const url = new URL(options.url, globalThis.location?.href).href
  const socketUrl = new URL(options.subscriptionUrl ?? url, url)
  socketUrl.protocol = socketUrl.protocol.replace('http', 'ws')
  const client = new Client({
    url,
    exchanges: [fetchExchange],
    requestPolicy: 'network-only',
    preferGetMethod: false,
  })
  /** What ends the requests under way and the listening. */
  const ends = new Set<() => void>()
  let requests = 0
  let isClosed = false

  /** The data of an answer without errors. */
  async function request<Data, Variables extends object>(
    kind: Kind,
    document: Document<Data, Variables>,
    variables: Variables,
    fixed?: Fixed,
  ): Promise<Data> {
    const ending = new AbortController()
    const { signal } = ending
    let sent = false
    if (isClosed) throw closed({ sent })
    const close = () => ending.abort(closed({ sent }))
    const timer = setTimeout(() => ending.abort(timeOut({ sent })), timeoutMs)
    ends.add(close)
    try {
      return await Promise.race([aborted(signal), withToken()])
    } finally {
      clearTimeout(timer)
      ends.delete(close)
    }

    async function withToken(): Promise<Data> {
      if (fixed) return send(fixed.token)
      const token = await tokenOf(null)
      if (token === null) throw noToken()
      try {
        return await send(token)
      } catch (error) {
        if (!(error instanceof TransportError && error.kind === 'unauthenticated')) throw error
        const another = await tokenOf(token)
        if (another === null || another === token) throw error
        return send(another)
      }
    }

    async function send(token: string | null): Promise<Data> {
      signal.throwIfAborted()
      let status: number | null = null
      // A key of its own: urql gives equal requests one answer, and these may differ in their tokens. Without variables,
      // as urql would make a text and a hash of them for that key: half of what it takes to send a large batch.
      const keyed = { ...createRequest<Data>(document.toString(), {}), variables, key: ++requests }
      const operation = client.createRequestOperation(kind, keyed, {
        fetchOptions: { headers: token === null ? {} : { authorization: `Bearer ${token}` } },
        async fetch(input, init) {
          sent = true
          const response = await options.fetch(input, { ...init, signal })
          status = response.status
          return response
        },
      })
      const { data, error } = await client.executeRequestOperation(operation).toPromise()
      if (error || !data || (status ?? 0) >= 500) throw faultOf(error, status)
      return data
    }
  }

  async function tokenOf(refused: string | null): Promise<string | null> {
    try {
      return await options.token({ refused })
    } catch (error) {
      throw tokenUnknown(error)
    }
  }

  return {
    async push(input) {
      const { syncPushBatch: answer } = await request('mutation', pushMutation, { input })
      const { results } = answer ?? {}
      if (!Array.isArray(results) || results.length !== input.operations.length) throw brokenAnswer()
      input.operations.forEach(({ clientOpId }, index) => {
        if (!isVerdictOn(clientOpId, results[index])) throw brokenAnswer()
      })
      return answer
    },

    async pull(input) {
      const variables = { input: { ...input, moduleScopes: [...input.moduleScopes] } }
      const { syncPull: answer } = await request('query', pullQuery, variables)
      if (isReset(answer)) return { reset: answer.reason, message: answer.message }
      if (!isPage(answer)) throw brokenAnswer()
      return answer
    },

    async direct(type, args) {
      const { document, variables } = directMutation(type, args)
      const { verdict } = await request<{ verdict: Verdict }, object>('mutation', document, variables)
      if (!isVerdictOn(args.idempotencyKey, verdict)) throw brokenAnswer()
      return verdict
    },

    read: (document, variables, { token } = {}) =>
      request('query', document, variables, token === undefined ? undefined : { token }),

    async signIn(input) {
      const { signIn: answer } = await request('mutation', signInMutation, { input }, { token: null })
      if (typeof answer?.token !== 'string') throw brokenAnswer()
      return answer
    },

    async report(input) {
      const { deviceReport: answer } = await request('mutation', reportMutation, { input })
      return answer ?? Promise.reject(brokenAnswer())
    },

    async probe() {
      await request('query', probeQuery, {}, { token: null })
    },

    listen(of, on) {
      if (isClosed) return () => {}
      const { token, WebSocket, random, now } = options
      const nudges = { url: socketUrl.href, token, WebSocket, random, now, timeoutMs, pingEveryMs }
      const end = listenForNudges(nudges, of, on)
      ends.add(end)
      return () => {
        ends.delete(end)
        end()
      }
    },

    close() {
      isClosed = true
      for (const end of [...ends]) end()
      ends.clear()
    },
  }
}

/** Rejects with the reason once it is given up. */
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

const statuses = ['APPLIED', 'REJECTED', 'DEFERRED']
const isVerdictOn = (clientOpId: string, verdict: Verdict | undefined): boolean =>
  verdict?.clientOpId?.toLowerCase() === clientOpId.toLowerCase() && statuses.includes(verdict.status)

type Pulled = PullPage | { reason: PullReset['reset']; message: string }

const isReset = (pulled: Pulled | undefined): pulled is Exclude<Pulled, PullPage> =>
  typeof (pulled as { reason?: unknown } | undefined)?.reason === 'string'

const isPage = (pulled: PullPage | undefined): boolean =>
  Array.isArray(pulled?.changes) &&
  typeof pulled.nextCursor === 'string' &&
  typeof pulled.hasMore === 'boolean' &&
  Number.isSafeInteger(pulled.headSeq)
