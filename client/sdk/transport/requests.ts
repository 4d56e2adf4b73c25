/**
 * Requests of GraphQL over HTTP. Nothing is kept and nothing is repeated, but for two things: a request whose token is not
 * taken is sent once more if there is another token, and one whose compressed body is not taken is sent once more without,
 * as are all after it.
 */
import type { Document } from '../api.ts'
import { gzipped, readWhole } from './bodies.ts'
import { closed, faultOf, noToken, stalled, timeOut, tokenUnknown, toldFault } from './faults.ts'
import type { Silences, Wait } from './silence.ts'
import { type TokenSource, TransportError } from './transport.ts'

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

type Of = {
  url: string
  token: TokenSource
  fetch: typeof fetch
  silences: Silences
  timeoutMs: number
  suspectMs: number
  /** As the transport's. */
  deviceId: string | undefined
}

export class Requests {
  readonly #of: Of
  /** What ends those under way. */
  readonly #ends = new Set<() => void>()
  /** Whether the gateway takes compressed bodies: as its answers say (`Accept-Encoding`, RFC 9110, 12.5.3). */
  #takesGzip = false
  #refusedGzip = false
  #suspicion: number
  #isClosed = false

  constructor(of: Of) {
    this.#of = of
    this.#suspicion = of.suspectMs
  }

  /** The data of an answer without errors. */
  async ask<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
    how: RequestOptions = {},
  ): Promise<Data> {
    const { silences, timeoutMs } = this.#of
    const { token: by = this.#of.token, limitMs = timeoutMs, suspectMs = Infinity } = how
    if (this.#isClosed) throw closed({ sent: false })
    const asked = new Asked(silences, { limitMs, suspectMs })
    const close = () => asked.end(closed)
    this.#ends.add(close)
    const body = () => JSON.stringify({ query: document.toString(), variables })
    try {
      return await Promise.race([asked.ended, withToken(by, (token) => this.#send<Data>(asked, body, token))])
    } finally {
      asked.wait.end()
      this.#ends.delete(close)
    }
  }

  /**
   * A request that is repeated by itself. Each that was given up makes the next wait twice as long before it is
   * suspected: a gateway that takes long must not be asked the same again and again.
   */
  async repeated<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    try {
      const data = await this.ask(document, variables, { suspectMs: this.#suspicion })
      this.#suspicion = this.#of.suspectMs
      return data
    } catch (error) {
      if (error instanceof TransportError && error.code === 'STALLED') this.#suspicion *= 2
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    for (const end of [...this.#ends]) end()
    this.#ends.clear()
  }

  async #send<Data>(asked: Asked, body: () => string, token: string | null): Promise<Data> {
    asked.checkOpen()
    let status: number | null = null
    try {
      const response = await this.#post(asked, body(), token)
      status = response.status
      const answer = JSON.parse(await readWhole(response, () => asked.wait.heard(asked.limitMs)))
      if (answer.data && !answer.errors?.length && status < 500) return answer.data
      throw toldFault(answer.errors?.[0]) ?? new Error('There is no data.')
    } catch (cause) {
      throw faultOf(cause, status)
    }
  }

  /** Compressed where the gateway takes that; whoever stands before it may not. */
  async #post(asked: Asked, text: string, token: string | null): Promise<Response> {
    const { deviceId } = this.#of
    const headers = {
      ...jsonHeaders,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(deviceId === undefined ? {} : { 'x-device-id': deviceId }),
    }
    const compressed = this.#takesGzip ? await gzipped(text) : null
    if (!compressed) return this.#fetch(asked, text.length, { headers, body: text })
    const response = await this.#fetch(asked, compressed.length, {
      headers: { ...headers, 'content-encoding': 'gzip' },
      body: compressed,
    })
    if (!isGzipRefused(response)) return response
    this.#takesGzip = false
    this.#refusedGzip = true
    void response.body?.cancel()
    return this.#fetch(asked, text.length, { headers, body: text })
  }

  async #fetch(asked: Asked, bytes: number, init: RequestInit): Promise<Response> {
    const { url, fetch } = this.#of
    asked.checkOpen()
    const { wait, signal, limitMs } = asked
    asked.sent = true
    wait.heard(limitMs + bytes / slowestBytesPerMs)
    const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual', signal })
    wait.heard(limitMs)
    if (!this.#refusedGzip) this.#takesGzip = /\bgzip\b/.test(response.headers.get('accept-encoding') ?? '')
    return response
  }
}

/** A request under way: how long it is waited for, and why it was given up. */
class Asked {
  sent = false
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Rejects when it is given up. */
  readonly ended: Promise<never>
  readonly wait: Wait
  readonly #ending = new AbortController()
  /** React Native's signals do not say. */
  #reason: TransportError | null = null

  constructor(silences: Silences, { limitMs, suspectMs }: { limitMs: number; suspectMs: number }) {
    this.limitMs = limitMs
    this.signal = this.#ending.signal
    this.ended = new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.#reason)))
    const giveUp = (isDead: boolean) => this.end(isDead ? stalled : timeOut)
    this.wait = silences.begin({ suspectMs, limitMs, giveUp })
  }

  end(why: typeof closed): void {
    this.#reason ??= why({ sent: this.sent })
    this.#ending.abort()
  }

  checkOpen(): void {
    if (this.#reason) throw this.#reason
  }
}

/** Sends with the token that there is, and once more with another if that is not taken. */
async function withToken<Data>(by: By, send: (token: string | null) => Promise<Data>): Promise<Data> {
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

async function tokenOf(by: TokenSource, refused: string | null): Promise<string | null> {
  try {
    return await by({ refused })
  } catch (error) {
    throw tokenUnknown(error)
  }
}

/** The gateway says 415; a proxy that cannot read the body may say so by a page of its own. */
const isGzipRefused = ({ status, headers }: Response): boolean =>
  status === 415 || (status === 400 && !/json/.test(headers.get('content-type') ?? ''))
