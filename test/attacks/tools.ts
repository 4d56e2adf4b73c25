/**
 * What an attacker has: requests of any shape, sockets that are never closed, and a count of what was answered.
 */
import { randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { People, Person } from './people.ts'

export type Target = {
  base: string
  people: People
  /** The attacker's own address of the loopback (the victim has another one), or undefined where a system has but one. */
  address: string | undefined
  /** How long to go on, in ms; what a round does it does at least once. */
  forMs: number
  /** To be awaited once all that is sent is made: what it takes to make it is no part of an attack. */
  begin(): Promise<void>
}

/** How often each answer came: `200 data`, `200 BAD_USER_INPUT`, `413 BAD_USER_INPUT`, `closed` ... */
export type Outcome = Record<string, number>

export type Row = {
  /** What is tried. */
  name: string
  /** What must happen. */
  must: string
  /** Whoever needs no token for it may keep the others waiting for less. */
  by?: 'nobody'
  /** Whose till must not notice: another tenant's, unless it is about the neighbours in one café. */
  victim?: 'neighbour'
  /** It takes its time whatever happens; not repeated where only what is left behind is asked for. */
  lasts?: true
  /** Makes the attack, in a process of its own. Bounded in count and time. */
  attack(target: Target): Promise<Outcome>
  /** Throws where something else came of it than must. */
  check(outcome: Outcome): void
}

/** Whether it is made for the tests, which have little time: once, and by fewer. */
export const isShort = ({ forMs }: Pick<Target, 'forMs'>): boolean => forMs < 1_000

/** At most this many rounds, however long an attack goes on. */
const MAX_ROUNDS = 5_000

/** Does rounds until the time is up, and counts what they tell. */
export async function rounds(
  { forMs, begin }: Target,
  round: (n: number) => Promise<readonly string[]>,
): Promise<Outcome> {
  const outcome: Outcome = {}
  await begin()
  const until = Date.now() + forMs
  for (let n = 0; n === 0 || (Date.now() < until && n < MAX_ROUNDS); n += 1) count(outcome, await round(n))
  return outcome
}

/** Makes this so many times at once, and counts what is told. */
export async function atOnce(
  { begin }: Target,
  n: number,
  make: (i: number) => Promise<string | readonly string[]>,
): Promise<Outcome> {
  await begin()
  return tally((await times(n, make)).flat())
}

export function tally(answers: readonly string[]): Outcome {
  const outcome: Outcome = {}
  count(outcome, answers)
  return outcome
}

export function count(outcome: Outcome, answers: readonly string[]): void {
  for (const answer of answers) outcome[answer] = (outcome[answer] ?? 0) + 1
}

/** The same at once, many times. */
export const times = <T>(n: number, make: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, i) => make(i)))

type Sending = {
  as?: Person | null
  headers?: Record<string, string | number>
  /** Without a Content-Length. */
  chunked?: boolean
  /** Gives up after this long. */
  withinMs?: number
}

/** Posts a body to /graphql as it is; what was answered, or `closed`, or `no answer`. Never throws. */
export function post(
  { base, address }: Target,
  body: string | Buffer,
  { as = null, headers = {}, chunked = false, withinMs = 30_000 }: Sending = {},
): Promise<string> {
  const sending = typeof body === 'string' ? Buffer.from(body) : body
  return new Promise((resolve) => {
    const sent = request(
      `${base}/graphql`,
      {
        method: 'POST',
        agent: false,
        localAddress: address,
        headers: {
          'content-type': 'application/json',
          ...(chunked ? {} : { 'content-length': sending.length }),
          ...(as ? { authorization: `Bearer ${as.token}` } : {}),
          ...headers,
        },
      },
      (response) => void read(response).then(resolve),
    )
    const late = setTimeout(() => {
      resolve('no answer')
      sent.destroy()
    }, withinMs)
    sent.on('close', () => clearTimeout(late))
    sent.on('error', () => resolve('closed'))
    if (chunked) sent.write(sending)
    sent.end(chunked ? undefined : sending)
  })
}

/** The body of a GraphQL request. */
export const bodyOf = (text: string, variables: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ query: text, variables }))

/** A GraphQL request. */
export const query = (target: Target, text: string, variables: object = {}, sending: Sending = {}) =>
  post(target, bodyOf(text, variables), sending)

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk)
  } catch {
    return `${response.statusCode} cut off`
  }
  return `${response.statusCode} ${meaning(Buffer.concat(chunks).toString())}`
}

/** The code of an error; of a push, what its operations came to; `data` for any other data, which nobody reads. */
function meaning(text: string): string {
  if (text.length > 20_000 && /^\{"data":\{"(?!syncPush)/.test(text)) return 'data'
  try {
    const { data, errors } = JSON.parse(text)
    if (errors?.length) return errors[0].extensions?.code ?? 'error'
    const results = Object.values<{ results?: { status: string; code: string | null }[] }>(data ?? {})[0]
      ?.results
    if (!results) return 'data'
    return [...new Set(results.map(({ status, code }) => code ?? status))].sort().join('+')
  } catch {
    return 'no JSON'
  }
}

export const pushMutation =
  'mutation ($input: SyncPushBatchInput!) { syncPushBatch(input: $input) { results { status code } } }'

export const pushBody = (of: Person, operations: readonly object[], deviceId = of.deviceId): string =>
  JSON.stringify({
    query: pushMutation,
    variables: { input: { tenantId: of.tenantId, deviceId, operations } },
  })

/** Makes bodies of the same operations, each time under ids of their own. */
export function freshly(of: Person, operations: readonly object[]): () => string {
  const parts = pushBody(
    of,
    operations.map((operation) => ({ ...operation, clientOpId: '@fresh' })),
  ).split('@fresh')
  return () => parts.reduce((body, part) => body + randomUUID() + part)
}

/** A bare connection, what was answered on it, and when the other side has closed it. */
export type Raw = {
  socket: Socket
  /** The status of the first answer, or `closed`. */
  answered: Promise<string>
  /** The same, once it is closed. */
  closed: Promise<string>
}

/** Opens one that sends this, and then what the caller likes. */
export function openRaw({ base, address }: Target, head: string): Raw {
  const { hostname, port } = new URL(base)
  const socket = connect({ host: hostname, port: Number(port), localAddress: address })
  let [answer, text] = ['', '']
  const answered = new Promise<string>((resolve) => {
    socket.on('data', (data) => {
      if (answer) return
      text += data.toString()
      answer = answerIn(text)
      if (answer) resolve(answer)
    })
    socket.on('close', () => resolve(answer || 'closed'))
  })
  const closed = new Promise<string>((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer || 'closed'))
  })
  socket.write(head)
  return { socket, answered, closed }
}

/** Sends this on a connection of its own; how that ended. */
export async function endOf(target: Target, text: string): Promise<string> {
  const { socket, closed } = openRaw(target, text)
  const end = await within(5_000, closed, 'open')
  socket.destroy()
  return end
}

/**
 * Opens one that sends this, and then the same piece again and again for as long as the network takes it and there is time;
 * `open`, or what was answered, once it is closed or the time is up.
 */
export async function pour(target: Target, head: string, piece: Buffer): Promise<string> {
  const { socket, answered, closed } = openRaw(target, head)
  const forMs = Math.max(target.forMs, 1_000)
  let isOver = false
  const more = () => void (isOver || !socket.writable || socket.write(piece, more))
  more()
  await within(forMs, closed, '')
  isOver = true
  const came = await within(0, answered, 'open')
  socket.destroy()
  return came
}

/** Asks this so many times at once on a connection, and again when all of it is answered, until the time is up. */
export async function askOn(target: Target, request: string, atOnce: number): Promise<string[]> {
  const all = Buffer.from(request.repeat(atOnce))
  const { socket, closed } = openRaw(target, '')
  let [answers, waiting] = [0, atOnce]
  socket.on('data', (data: Buffer) => {
    for (let at = data.indexOf('HTTP/1.1 '); at >= 0; at = data.indexOf('HTTP/1.1 ', at + 1)) {
      answers += 1
      waiting -= 1
    }
    if (waiting > 0) return
    waiting += atOnce
    socket.write(all)
  })
  socket.write(all)
  const end = await within(Math.max(target.forMs, 1_000), closed, 'open')
  socket.destroy()
  return [...Array<string>(answers).fill('answered'), end === 'open' ? end : 'closed']
}

/** The status of an answer, and with a 200 the code of its first error, once it is there. */
function answerIn(text: string): string {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? ''
  if (status !== '200') return status
  const code = /"code":"(\w+)"/.exec(text)?.[1]
  return code ? `200 ${code}` : text.includes('"data"') ? status : ''
}

/**
 * A WebSocket of GraphQL; `closed` tells the code that it was closed with. Its mask is none: what is made before is sent as
 * it is.
 */
export function openSocket({ base, address }: Target): { socket: WebSocket; closed: Promise<string> } {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
    localAddress: address,
    generateMask: (mask) => mask.fill(0),
  })
  const closed = new Promise<string>((resolve) => {
    socket.on('error', () => {})
    socket.on('close', (code) => resolve(`closed ${code}`))
  })
  return { socket, closed }
}

/** The promise, or this answer after so long. */
export async function within<T>(ms: number, promise: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Throws unless every answer is one of these. */
export function onlyAnswers(outcome: Outcome, allowed: RegExp): void {
  const others = Object.keys(outcome).filter((answer) => !allowed.test(answer))
  if (others.length > 0 || Object.keys(outcome).length === 0)
    throw new Error(`answered ${JSON.stringify(outcome)}, where only ${allowed} may be`)
}
