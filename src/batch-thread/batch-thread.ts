/**
 * The thread of large requests, seen from the gateway's own: begins it, hands requests over, brings back their answers. It is
 * another gateway over the same database in the same process (serve-batches.ts): reading, checking and deciding a batch of
 * 100 sales takes 50 ms of a thread, which here is everybody's. There is none until several tenants are about; while there is
 * none (not yet, not any more) this thread does what it would do.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import type { Config } from '../config.ts'
import type { Caller } from '../graphql/context.ts'
import { onceOver } from '../http/over.ts'
import type { Logger } from '../platform/log.ts'
import { leftOf, type MetricValues } from '../platform/metrics.ts'
import { outsideOfRequests } from '../platform/request-id.ts'
import { seldom } from '../platform/seldom.ts'
import type { Commit } from '../services.ts'
import type { Turns } from '../sync/turns.ts'
import type { FromThread, ThreadData, ToThread } from './messages.ts'

/** Some ten operations: what a till sends while it is online has one or two. */
const largeBytes = 8_192
/** How long a batch is, by what its gzip has. */
const timesGzip = 6
/** How often it is told who is about: whoever has asked is for ten times as long. */
const tellEveryMs = 500
/** After it has died it is begun anew no sooner. */
const againMs = 30_000
/** Why there is none is said no more often. */
const tellWhyMs = 3_600_000
/** Bytes of a socket's path: what all systems take. */
const longestPath = 103
/** Where nothing was handed over for so long it is ended, and gives back what it holds: some 150 MB after large bodies. */
const idleEndMs = 60_000
/** It says within that what it has counted, or is not waited for. */
const tellMs = 2_000
/** It stops within that, or is ended. */
const stopMs = 5_000
/** Of one connection only, and of none that it is asked over. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'date'])

/** Whole: how fast it is read is for whoever hands it on to look at. */
export type ThreadAnswer = { status: number; headers: IncomingHttpHeaders; bytes: Buffer }

export type BatchThread = {
  /** Whether it is to answer this request of somebody. Where there is none yet, and several tenants are about, it is begun. */
  takes(req: IncomingMessage): boolean
  /**
   * What it answers; null where it cannot be reached, and nothing of the request was taken. Throws where it ends meanwhile, or
   * nobody waits any more.
   */
  ask(req: IncomingMessage, res: ServerResponse): Promise<ThreadAnswer | null>
  /** What it has counted, and those before it. */
  metrics(): Promise<MetricValues[]>
  /** Ends it; what it has in hand is answered first. */
  close(): Promise<void>
}

export type BatchThreadOptions = {
  /** The file that it begins with: one that calls runGateway as this gateway was called. */
  entry: URL
  config: Config
  databaseUrl: string
  turns: Pick<Turns, 'company' | 'tenants' | 'passing'>
  /** Told what it has committed, before it answers. */
  tell: (commit: Commit) => void
  /** Told what its requests cost beside what their heads say. */
  charge: (caller: Caller, cost: number) => void
  log: Logger
  onHandedOver?: () => void
  idleMs?: number
}

type Running = {
  readonly worker: Worker
  readonly place: Place
  isReady: boolean
  ending: Promise<void> | null
}

export function createBatchThread(options: BatchThreadOptions): BatchThread {
  const { turns, log, onHandedOver, idleMs = idleEndMs } = options
  const agent = new Agent({ keepAlive: true })
  let running: Running | null = null
  let [inHand, lastAt] = [0, 0]
  const counts = createCounts()
  let mayBeginAt = 0
  let isClosed = false
  const beginOrTell = tellingWhyNot(begin, log)

  function begin(): void {
    const place = socketPlace()
    const worker = new Worker(options.entry, { workerData: dataOf(options, place.path) })
    const mine: Running = { worker, place, isReady: false, ending: null }
    running = mine
    lastAt = performance.now()
    tellWhoIsAbout(worker, turns)
    const timer = setInterval(() => {
      tellWhoIsAbout(worker, turns)
      if (inHand === 0 && performance.now() - lastAt > idleMs) void end()
    }, tellEveryMs).unref()
    hear(worker, options, counts.heard, () => {
      mine.isReady = mine.ending === null
    })
    worker.once('exit', () => {
      clearInterval(timer)
      place.remove()
      running = null
      turns.passing.forgetOther()
      counts.ended()
      if (mine.ending === null)
        log.warn('there is no thread of batches any more; the next is begun when it is needed')
    })
    // It keeps no process.
    worker.unref()
  }

  /** It ends; until it has, what comes is this thread's. */
  async function end(): Promise<void> {
    if (!running) return
    running.isReady = false
    running.ending ??= stop(running.worker)
    mayBeginAt = 0
    await running.ending
  }

  function want(): void {
    if (running || isClosed || performance.now() < mayBeginAt || !turns.tenants.areSeveral()) return
    mayBeginAt = performance.now() + againMs
    outsideOfRequests(beginOrTell)
  }

  return {
    takes(req) {
      if (!isLarge(req)) return false
      want()
      return running?.isReady ?? false
    },
    async ask(req, res) {
      if (!running) return null
      const mine = running
      const socketPath = mine.place.path
      inHand += 1
      try {
        const answer = await askBy({ agent, socketPath }, req, res, onHandedOver)
        // What cleans up temporary files has taken it: with nothing to do it ends, and the next has another.
        if (!answer && !existsSync(socketPath)) mine.isReady = false
        return answer
      } finally {
        inHand -= 1
        lastAt = performance.now()
      }
    },
    async metrics() {
      if (running?.isReady) await counts.ask(running.worker)
      return counts.values()
    },
    async close() {
      isClosed = true
      agent.destroy()
      await end()
    },
  }
}

/** Begins it; where that cannot be, says why, and that seldom. */
function tellingWhyNot(begin: () => void, log: Logger): () => void {
  const tell = seldom<unknown>(tellWhyMs, (err, times) =>
    log.error({ err, times }, 'the thread of batches cannot begin; they are decided without it'),
  )
  return () => {
    try {
      begin()
    } catch (err) {
      tell(err)
    }
  }
}

const dataOf = ({ config, databaseUrl, turns }: BatchThreadOptions, socketPath: string): ThreadData => ({
  modulaBatchThread: { config, databaseUrl, socketPath, passing: turns.passing.shared },
})

const say = (worker: Worker, message: ToThread) => worker.postMessage(message)

function hear(
  worker: Worker,
  { tell, charge, log }: BatchThreadOptions,
  onMetrics: (values: MetricValues) => void,
  onReady: () => void,
): void {
  worker.on('message', (message: FromThread) => {
    if ('ready' in message) onReady()
    else if ('commit' in message) tell(message.commit)
    else if ('charge' in message) charge(message.charge.caller, message.charge.cost)
    else onMetrics(message.metrics)
  })
  worker.on('error', (err) => log.error({ err }, 'the thread of batches failed; they are decided without it'))
}

const tellWhoIsAbout = (worker: Worker, { company, tenants }: Pick<Turns, 'company' | 'tenants'>) =>
  say(worker, { about: { callers: company.seen(), tenants: tenants.seen() } })

/** What the thread had counted when it last said so, and what those before it had. */
function createCounts() {
  let told: MetricValues = []
  let left: Promise<MetricValues> = Promise.resolve([])
  return {
    heard(values: MetricValues): void {
      told = values
    },
    /** Resolves when it has said so once more; where it ends or does not say, all the same. */
    ask(worker: Worker): Promise<void> {
      return new Promise((resolve) => {
        const over = () => {
          worker.off('message', onMessage).off('exit', over)
          clearTimeout(late)
          resolve()
        }
        const onMessage = (message: FromThread) => {
          if ('metrics' in message) over()
        }
        const late = setTimeout(over, tellMs)
        worker.on('message', onMessage).on('exit', over)
        say(worker, { askMetrics: true })
      })
    },
    ended(): void {
      const last = told
      told = []
      left = left.then((before) => leftOf(before, last))
    },
    values: async () => [await left, told],
  }
}

async function stop(worker: Worker): Promise<void> {
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  worker.ref()
  say(worker, { stop: true })
  const late = setTimeout(() => void worker.terminate(), stopMs)
  await exited
  clearTimeout(late)
}

type Place = { readonly path: string; remove(): void }

/** Where its socket is: in a folder that is nobody else's. Throws where there can be none. */
function socketPlace(): Place {
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\modula-sync-${randomUUID()}`, remove() {} }
  const prefix = join(tmpdir(), 'modula-sync-')
  const pathIn = (folder: string) => join(folder, 'batches')
  if (Buffer.byteLength(pathIn(`${prefix}XXXXXX`)) > longestPath)
    throw new Error(`the path of a socket in ${tmpdir()} is too long; TMPDIR can name a shorter one`)
  const folder = mkdtempSync(prefix)
  return { path: pathIn(folder), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Whether its body may take long to be read and decided. */
function isLarge({ method, headers }: IncomingMessage): boolean {
  const { accept, 'content-type': type, 'content-length': length, 'content-encoding': encoding } = headers
  if (method !== 'POST' || !/^application\/json\b/i.test(type ?? '')) return false
  // A stream of nudges is of this thread, where all who listen are.
  if (/\btext\/(event-stream|\*)/i.test(accept ?? '')) return false
  return length === undefined || Number(length) * (encoding ? timesGzip : 1) >= largeBytes
}

/** Passes a request on as a proxy does. */
function askBy(
  to: { agent: Agent; socketPath: string },
  req: IncomingMessage,
  res: ServerResponse,
  onHandedOver?: () => void,
): Promise<ThreadAnswer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<ThreadAnswer | null>()
  const cameBy = [req.headers['x-forwarded-for'], req.socket.remoteAddress]
  const headers = {
    ...ofTheEnds(req.headers),
    'x-forwarded-for': cameBy.filter(Boolean).join(', '),
    'x-request-id': String(res.getHeader('x-request-id')),
  }
  const asked = request({ ...to, method: 'POST', path: req.url, headers })
  let isBegun = false
  const begin = () => {
    isBegun = true
    onHandedOver?.()
    // What is refused by its head is so before anything of the body comes.
    asked.flushHeaders()
    req.pipe(asked)
  }
  asked.once('socket', (socket: Socket) => (socket.connecting ? socket.once('connect', begin) : begin()))
  asked.on('error', (error) => (isBegun ? reject(error) : resolve(null)))
  asked.on('response', (answer) => {
    // Of what it has not read nothing more is sent: that is left to linger.ts.
    req.unpipe(asked)
    const { statusCode, headers } = answer
    buffer(answer).then(
      (bytes) => resolve({ status: statusCode!, headers: ofTheEnds(headers), bytes }),
      reject,
    )
  })
  onceOver(req, res, () => asked.destroy())
  return promise
}

const ofTheEnds = <T>(headers: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)))
