/**
 * A network as cafés have it. Every client has a line of its own: a `fetch`, a `WebSocket` and the platform's word
 * for the SDK's `environment`, with real connections to a real gateway underneath. What goes wrong follows from the
 * seed: the third push of till-1 meets the same fault in every run of that seed, whatever else goes on beside it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket as RealWebSocket } from 'ws'
import type { Environment } from '../../../client/sdk/api.ts'
import { textOf } from '../support/sent.ts'

/** A number from 0 up to 1 that follows from its name alone (FNV-1a, then the finalizer of MurmurHash3). */
export function chance(...name: (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const char of name.join(' ')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** What can happen to a request, and how often of all that goes wrong. */
const faults = {
  /** Never gets there. */
  requestLost: 4,
  /** The gateway has processed it, and nobody hears of it. */
  answerLost: 6,
  /** Arrives twice, one after the other. */
  repeated: 3,
  /** Arrives twice at once. */
  doubled: 3,
  late: 4,
  /** A proxy answers for a gateway that was not asked. */
  badGateway: 2,
  /** A proxy answers for a gateway that has processed it. */
  answerReplaced: 2,
  halfAnAnswer: 2,
  /** The line is dead, and nobody is told for long: neither the request nor an answer arrives. */
  silence: 1,
  answerSilent: 1,
}
type Fault = keyof typeof faults

const faultNames = Object.keys(faults) as Fault[]
const allWeights = Object.values(faults).reduce((sum, weight) => sum + weight)

function faultAt(point: number): Fault {
  let left = point * allWeights
  return faultNames.find((name) => {
    left -= faults[name]
    return left < 0
  })!
}

/** Moments at which a test can pull the plug. */
export type Moment = 'asked' | 'answered'

export class FaultyNetwork {
  readonly seed: number
  /** How many of the requests go wrong, from 0 to 1. */
  severity: number
  /** Told of every request, for whoever looks for the cause of a failure. */
  readonly trace: (text: string) => void
  readonly #lines: Line[] = []

  constructor(of: { seed: number; severity: number; trace: (text: string) => void }) {
    this.seed = of.seed
    this.severity = of.severity
    this.trace = of.trace
  }

  line(name: string): Line {
    const line = new Line(this, name)
    this.#lines.push(line)
    return line
  }

  /** Nothing goes wrong from now on. */
  calm(): void {
    this.severity = 0
    for (const line of this.#lines) line.plug()
  }
}

type Platform = Parameters<Environment['watchPlatform']>[0]

export class Line {
  readonly name: string
  readonly #network: FaultyNetwork
  /** How many requests of each kind there were. */
  readonly #counts = new Map<string, number>()
  readonly #sockets = new Set<RealWebSocket>()
  readonly #platforms = new Set<Platform>()
  #isPlugged = true
  #isDead = false
  #plan: { operation: string; moment: Moment; then: () => void } | null = null

  constructor(network: FaultyNetwork, name: string) {
    this.#network = network
    this.name = name
  }

  get isPlugged(): boolean {
    return this.#isPlugged
  }

  get environment(): Pick<Environment, 'fetch' | 'WebSocket' | 'watchPlatform'> {
    return {
      fetch: (url, init) => this.#fetch(String(url), init ?? {}),
      WebSocket: this.#socketClass(),
      watchPlatform: (on) => {
        this.#platforms.add(on)
        return () => this.#platforms.delete(on)
      },
    }
  }

  plug(): void {
    if (this.#isPlugged || this.#isDead) return
    this.#isPlugged = true
    for (const on of this.#platforms) on.online()
  }

  unplug(): void {
    if (!this.#isPlugged || this.#isDead) return
    this.#isPlugged = false
    this.cutSockets()
    for (const on of this.#platforms) on.offline()
  }

  /** Somebody looks at the app again. */
  resume(): void {
    for (const on of this.#platforms) on.resume()
  }

  /** No closing handshake: the other side is just gone. */
  cutSockets(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  /** The device has lost its power: what is under way may arrive, but nothing comes back. */
  die(): void {
    this.#isDead = true
    this.#isPlugged = false
    this.cutSockets()
  }

  /** A new life of the device, on the same line. */
  revive(): void {
    this.#isDead = false
    this.#isPlugged = true
    this.#plan = null
    this.#platforms.clear()
  }

  /** Calls `then` at that moment of the next request of this name. */
  plan(operation: string, moment: Moment, then: () => void): void {
    this.#plan = { operation, moment, then }
  }

  #moment(operation: string, moment: Moment): void {
    const plan = this.#plan
    if (plan?.operation !== operation || plan.moment !== moment) return
    this.#plan = null
    plan.then()
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const operation = (/(?:query|mutation) (\w+)/.exec(textOf(init)) ?? [])[1] ?? 'unknown'
    const count = (this.#counts.get(operation) ?? 0) + 1
    this.#counts.set(operation, count)
    const { seed, severity } = this.#network
    const isFaulty = chance(seed, this.name, operation, count) < severity
    const fault = isFaulty ? faultAt(chance(seed, 'which', this.name, operation, count)) : null
    const name = `${this.name} ${operation} ${count}${fault ? ` (${fault})` : ''}`
    try {
      const answer = await this.#exchange(url, init, operation, fault)
      this.#network.trace(`${name}: ${answer.status} ${await told(init, answer.clone())}`)
      return answer
    } catch (error) {
      this.#network.trace(`${name}: ${error instanceof Error ? error.message : error}`)
      throw error
    }
  }

  async #exchange(url: string, init: RequestInit, operation: string, fault: Fault | null): Promise<Response> {
    const send = async () => {
      if (!this.#isPlugged) throw unreachable()
      const response = await globalThis.fetch(url, init)
      const { status, headers } = response
      return new Response(await response.arrayBuffer(), { status, headers })
    }
    if (fault === 'requestLost') throw reset()
    if (fault === 'badGateway') return badGateway()
    if (fault === 'silence') return silence(init)
    if (fault === 'late') await wait(20)
    this.#moment(operation, 'asked')
    const answer = await (fault === 'repeated' || fault === 'doubled' ? twice(send, fault) : send())
    this.#moment(operation, 'answered')
    if (this.#isDead) return silence(init)
    if (fault === 'answerLost') throw reset()
    if (fault === 'answerReplaced') return badGateway()
    if (fault === 'answerSilent') return silence(init)
    if (fault === 'halfAnAnswer') return half(answer)
    return answer
  }

  #socketClass(): typeof WebSocket {
    const [sockets, isPlugged] = [this.#sockets, () => this.#isPlugged]
    class Socket extends RealWebSocket {
      constructor(url: string, protocols?: string | string[]) {
        // Nobody listens on the port of `discard`.
        super(isPlugged() ? url : 'ws://127.0.0.1:9', protocols)
        sockets.add(this)
        this.on('error', () => {})
        this.on('close', () => sockets.delete(this))
      }
    }
    return Socket as unknown as typeof WebSocket
  }
}

const networkError = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
const reset = () => networkError('ECONNRESET')
/** Node's word for a device without a network: certainly nothing was sent. */
const unreachable = () => networkError('ENETUNREACH')

const badGateway = () =>
  new Response('<html><body><h1>502 Bad Gateway</h1></body></html>', {
    status: 502,
    headers: { 'content-type': 'text/html' },
  })

/** The answer of the second; where one of them failed, the other may have arrived. */
async function twice(send: () => Promise<Response>, how: 'repeated' | 'doubled'): Promise<Response> {
  const first = send()
  const second = how === 'doubled' ? send() : first.then(send)
  const [, outcome] = await Promise.allSettled([first, second])
  if (outcome.status === 'rejected') throw reset()
  return outcome.value
}

async function half(answer: Response): Promise<Response> {
  const text = await answer.text()
  const { status, headers } = answer
  return new Response(text.slice(0, text.length / 2), { status, headers })
}

/** Until somebody gives up: who has asked, or the network itself. Minutes in a café, a moment here. */
async function silence({ signal }: RequestInit): Promise<never> {
  await wait(150, undefined, { signal: signal ?? undefined })
  throw networkError('ETIMEDOUT')
}

type Asked = { input?: { operations?: { type: string }[]; branchId?: string } } | undefined
type Told = {
  data?: {
    syncPushBatch?: { results: { status: string; code: string | null }[] }
    syncPull?: { reason?: string; changes: unknown[]; headSeq: number }
  } | null
}

/** In short what was asked and answered, for the log. */
async function told(asked: RequestInit, answer: Response): Promise<string> {
  const { input }: NonNullable<Asked> = JSON.parse(textOf(asked)).variables ?? {}
  const { data }: Told = await answer.json().catch(() => ({}))
  const { syncPushBatch: pushed, syncPull: pulled } = data ?? {}
  if (pushed)
    return pushed.results
      .map(({ status, code }, i) => `${input?.operations?.[i]?.type} ${code ?? status}`)
      .join(', ')
  return pulled
    ? `${input?.branchId} ${pulled.reason ?? `${pulled.changes.length} up to ${pulled.headSeq}`}`
    : ''
}
