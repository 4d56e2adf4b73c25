/**
 * The transport over HTTP, and over a WebSocket (`nudges.ts`). It keeps nothing and repeats nothing, but for
 * two things: a request whose token is not taken is sent once more if there is another token, and one whose compressed
 * body is not taken is sent once more without, as are all after it.
 */
import type { Document } from '../api.ts'
import type { Verdict } from '../words.ts'
import { addressOf, socketAddressOf } from './address.ts'
import { gzipped, readWhole } from './bodies.ts'
import { directMutation, type Mutation } from './direct.ts'
import {
  brokenAnswer,
  closed,
  faultOf,
  noToken,
  stalled,
  timeOut,
  tokenUnknown,
  toldFault,
} from './faults.ts'
import {
  ActorKeyDocument,
  ProbeDocument,
  PullDocument,
  PushDocument,
  ReportDocument,
  SignInDocument,
} from './generated/graphql.ts'
import { listenForNudges, type Nudges } from './nudges.ts'
import { createSilences } from './silence.ts'
import {
  type PullPage,
  type PullReset,
  type TokenSource,
  type Transport,
  TransportError,
} from './transport.ts'

export type TransportOptions = {
  /** Of GraphQL over HTTP. In a browser it may be relative. */
  url: string
  /** Of the socket; left out: `url` with ws: or wss:. */
  subscriptionUrl?: string
  /** Of whoever is signed in. */
  token: TokenSource
  /** The same for the socket, where that is another. */
  socketToken?: TokenSource
  fetch: typeof fetch
  /** Undefined where the platform has none: nudges do not come then. */
  WebSocket: typeof WebSocket | undefined
  /** How long nothing may come for a request, once it is sent; 20,000 by default. */
  timeoutMs?: number
  /** How long nothing may come for a push or a pull before the gateway is probed; 6,000 by default. */
  suspectMs?: number
  /** Something is silent for long: `probe` tells whether to go on waiting. */
  onSilence?: () => void
  /** How often a socket must prove that it is alive; 15,000 by default. */
  pingEveryMs?: number
  /** From 0 up to 1. */
  random: () => number
  /** How a type of operation is a mutation; left out: about a branch, and with an input. */
  mutationOf?: (type: string) => Mutation
}

/**
 * What fetch has sent of a body it does not tell (streamed bodies would, but browsers send those over HTTP/2 only, and
 * what is told then is what has gone into the kernel's buffer). So sending is given as long as it takes on the slowest
 * line that the gateway supports, 8 kbit/s; requests are cut so that on any line it takes a few seconds (`sizing.ts`).
 */
const slowestBytesPerMs = 1

/** As GraphQL over HTTP wants them. */
const jsonHeaders = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
}

/** A token to use whatever happens (null: none), or whose it is to be. */
type By = string | null | TokenSource

type RequestOptions = { token?: By | undefined; limitMs?: number; suspectMs?: number }

/** Throws a TypeError where an address is none. */
export function createTransport(options: TransportOptions): Transport {
  const { timeoutMs = 20_000, suspectMs = 6_000, pingEveryMs = 15_000 } = options
  const url = needed(options.url)
  const socketUrl = needed(options.subscriptionUrl ?? options.url)
  /** What ends the requests under way and the listening. */
  const ends = new Set<() => void>()
  const listenings = new Set<Nudges>()
  const silences = createSilences(() => options.onSilence?.())
  /** Whether the gateway takes compressed bodies: as its answers say (`Accept-Encoding`, RFC 9110, 12.5.3). */
  let takesGzip = false
  let refusedGzip = false
  let suspicion = suspectMs
  let isClosed = false

  /** The data of an answer without errors. */
  async function request<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
    how: RequestOptions = {},
  ): Promise<Data> {
    const { token: by = options.token, limitMs = timeoutMs, suspectMs = Infinity } = how
    const ending = new AbortController()
    const { signal } = ending
    let sent = false
    if (isClosed) throw closed({ sent })
    /** Why it was given up: React Native's signals do not say. */
    let reason: TransportError | null = null
    const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(reason)))
    function end(why: typeof closed): void {
      reason ??= why({ sent })
      ending.abort()
    }
    const close = () => end(closed)
    const giveUp = (isDead: boolean) => end(isDead ? stalled : timeOut)
    const wait = silences.begin({ suspectMs, limitMs, giveUp })
    ends.add(close)
    try {
      return await Promise.race([ended, withToken()])
    } finally {
      wait.end()
      ends.delete(close)
    }

    async function withToken(): Promise<Data> {
      if (typeof by !== 'function') return send(by)
      const token = await tokenOf(by, null)
      if (token === null) throw noToken()
      try {
        return await send(token)
      } catch (error) {
        if (!(error instanceof TransportError && error.kind === 'unauthenticated')) throw error
        const another = await tokenOf(by, token)
        if (another === null || another === token) throw error
        return send(another)
      }
    }

    async function send(token: string | null): Promise<Data> {
      if (reason) throw reason
      let status: number | null = null
      try {
        const response = await post(JSON.stringify({ query: document.toString(), variables }), token)
        status = response.status
        const answer = JSON.parse(await readWhole(response, () => wait.heard(limitMs)))
        if (answer.data && !answer.errors?.length && status < 500) return answer.data
        throw toldFault(answer.errors?.[0]) ?? new Error('There is no data.')
      } catch (cause) {
        throw faultOf(cause, status)
      }
    }

    /** Compressed where the gateway takes that; whoever stands before it may not. */
    async function post(text: string, token: string | null): Promise<Response> {
      const headers = { ...jsonHeaders, ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
      const compressed = takesGzip ? await gzipped(text) : null
      if (!compressed) return ask(text.length, { headers, body: text })
      const response = await ask(compressed.length, {
        headers: { ...headers, 'content-encoding': 'gzip' },
        body: compressed,
      })
      if (!isGzipRefused(response)) return response
      takesGzip = false
      refusedGzip = true
      void response.body?.cancel()
      return ask(text.length, { headers, body: text })
    }

    async function ask(bytes: number, init: RequestInit): Promise<Response> {
      if (reason) throw reason
      sent = true
      wait.heard(limitMs + bytes / slowestBytesPerMs)
      const response = await options.fetch(url, { ...init, method: 'POST', redirect: 'manual', signal })
      wait.heard(limitMs)
      if (!refusedGzip) takesGzip = /\bgzip\b/.test(response.headers.get('accept-encoding') ?? '')
      return response
    }
  }

  /**
   * A request that is repeated by itself. Each that was given up makes the next wait twice as long before it is
   * suspected: a gateway that takes long must not be asked the same again and again.
   */
  async function repeated<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    try {
      const data = await request(document, variables, { suspectMs: suspicion })
      suspicion = suspectMs
      return data
    } catch (error) {
      if (error instanceof TransportError && error.code === 'STALLED') suspicion *= 2
      throw error
    }
  }

  async function tokenOf(by: TokenSource, refused: string | null): Promise<string | null> {
    try {
      return await by({ refused })
    } catch (error) {
      throw tokenUnknown(error)
    }
  }

  return {
    async push(input) {
      const { syncPushBatch: answer } = await repeated(PushDocument, { input })
      const { results } = answer ?? {}
      if (!Array.isArray(results) || results.length !== input.operations.length) throw brokenAnswer()
      input.operations.forEach(({ clientOpId }, index) => {
        if (!isVerdictOn(clientOpId, results[index])) throw brokenAnswer()
      })
      return answer
    },

    async pull(input) {
      // Which there are, the modules say; the types are those of the gateway's own schema.
      const moduleScopes = [...input.moduleScopes] as never[]
      const variables = { input: { ...input, moduleScopes } }
      const { syncPull: answer } = await repeated(PullDocument, variables)
      if (isReset(answer)) return { reset: answer.reason, message: answer.message }
      if (!isPage(answer)) throw brokenAnswer()
      return answer
    },

    async direct(type, args, token) {
      const mutation = options.mutationOf?.(type) ?? { type, of: 'branch', hasInput: true }
      const { document, variables } = directMutation(mutation, args)
      const { verdict } = await request<{ verdict: Verdict }, object>(document, variables, {
        token,
      })
      if (!isVerdictOn(args.idempotencyKey, verdict)) throw brokenAnswer()
      return verdict
    },

    read: (document, variables, { token } = {}) => request(document, variables, { token }),

    async signIn(input) {
      const { signIn: answer } = await request(SignInDocument, { input }, { token: null })
      if (typeof answer?.token !== 'string') throw brokenAnswer()
      return answer
    },

    async actorKey(input) {
      const { actorKey: answer } = await request(ActorKeyDocument, input)
      if (typeof answer !== 'string') throw brokenAnswer()
      return answer
    },

    async report(input) {
      const { deviceReport: answer } = await request(ReportDocument, { input })
      return answer ?? Promise.reject(brokenAnswer())
    },

    async probe({ withinMs } = {}) {
      const askedAt = performance.now()
      const limitMs = withinMs ?? timeoutMs
      await request(ProbeDocument, {}, { token: null, limitMs })
      silences.answered(askedAt)
      // Whatever made somebody doubt the line may have cost a socket a nudge: what comes behind the gap never comes.
      for (const listening of listenings) listening.check()
    },

    listen(of, on) {
      if (isClosed) return () => {}
      const { socketToken: token = options.token, WebSocket, random } = options
      const url = socketAddressOf(socketUrl)
      const nudges = { url, token, WebSocket, random, silences, timeoutMs, pingEveryMs }
      const listening = listenForNudges(nudges, of, on)
      listenings.add(listening)
      return () => {
        listenings.delete(listening)
        listening.end()
      }
    },

    close() {
      isClosed = true
      for (const end of [...ends]) end()
      ends.clear()
      for (const { end } of listenings) end()
      listenings.clear()
    },
  }
}

function needed(given: string): string {
  const address = addressOf(given)
  if (!address) throw new TypeError(`${given} is no address`)
  return address
}

/** The gateway says 415; a proxy that cannot read the body may say so by a page of its own. */
const isGzipRefused = ({ status, headers }: Response): boolean =>
  status === 415 || (status === 400 && !/json/.test(headers.get('content-type') ?? ''))

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
  Number.isSafeInteger(pulled.headSeq) &&
  Array.isArray(pulled.added) &&
  Array.isArray(pulled.personal)
