/**
 * The thread of large requests, seen from the gateway's own: begins it, hands requests over, brings back their answers. It is
 * another gateway over the same database in the same process (serve-batches.ts): reading, checking and deciding a batch of
 * 100 sales takes 50 ms of a thread, which here is everybody's. There is none until several tenants are about; while there is
 * none (not yet, not any more) this thread does what it would do.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Config } from '../config.ts'
import { onceOver } from '../http/over.ts'
import type { Logger } from '../platform/log.ts'
import type { MetricValues } from '../platform/metrics.ts'
import type { NudgeBus } from '../sync/nudge/bus.ts'
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
/** It stops within that, or is ended. */
const stopMs = 5_000
/** Of one connection only, and of none that it is asked over. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'date'])

export type BatchThread = {
  /** Whether it is to answer this request of somebody. Where there is none yet, and several tenants are about, it is begun. */
  takes(req: IncomingMessage): boolean
  /** Has it answer the request. Resolves when that is over; false where it could not, and nothing was answered. */
  answer(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  /** What it has counted; null where there is none. */
  metrics(): Promise<MetricValues | null>
  /** Ends it; what it has in hand is answered first. */
  close(): Promise<void>
}

export type BatchThreadOptions = {
  /** The file that it begins with: one that calls runGateway as this gateway was called. */
  entry: URL
  config: Config
  databaseUrl: string
  turns: Pick<Turns, 'company' | 'tenants' | 'passing'>
  bus: Pick<NudgeBus, 'publish' | 'publishAccess'>
  log: Logger
  onHandedOver?: () => void
}

export function createBatchThread(options: BatchThreadOptions): BatchThread {
  const { turns, bus, log, onHandedOver } = options
  const place = socketPlace()
  const agent = new Agent({ keepAlive: true })
  let running: { worker: Worker; isReady: boolean } | null = null
  let mayBeginAt = 0
  let isClosed = false

  function begin(): void {
    mayBeginAt = performance.now() + againMs
    const worker = new Worker(options.entry, { workerData: dataOf(options, place.path()) })
    const mine = { worker, isReady: false }
    running = mine
    const stopTelling = tellWhoIsAbout(worker, turns)
    worker.on('message', (message: FromThread) => {
      if ('ready' in message) mine.isReady = true
      else if ('nudges' in message) bus.publish(message.nudges)
      else if ('accessOf' in message) bus.publishAccess(message.accessOf)
    })
    worker.on('error', (err) =>
      log.error({ err }, 'the thread of batches failed; they are decided without it'),
    )
    worker.once('exit', () => {
      stopTelling()
      running = null
      if (!isClosed) log.warn('there is no thread of batches any more; the next is begun when it is needed')
    })
    // It keeps no process.
    worker.unref()
  }

  function want(): void {
    if (running || isClosed || performance.now() < mayBeginAt || !turns.tenants.areSeveral()) return
    try {
      begin()
    } catch (err) {
      log.error({ err }, 'the thread of batches cannot begin; they are decided without it')
    }
  }

  return {
    takes(req) {
      if (!isLarge(req)) return false
      want()
      return running?.isReady ?? false
    },
    answer(req, res) {
      onHandedOver?.()
      return answerBy({ agent, socketPath: place.path() }, req, res)
    },
    metrics: async () => (running?.isReady ? metricsOf(running.worker) : null),
    async close() {
      isClosed = true
      agent.destroy()
      if (running) await stop(running.worker)
      place.remove()
    },
  }
}

const dataOf = ({ config, databaseUrl, turns }: BatchThreadOptions, socketPath: string): ThreadData => ({
  modulaBatchThread: { config, databaseUrl, socketPath, passing: turns.passing.shared },
})

const say = (worker: Worker, message: ToThread) => worker.postMessage(message)

/** Returns what ends it. */
function tellWhoIsAbout(worker: Worker, { company, tenants }: Pick<Turns, 'company' | 'tenants'>) {
  const tell = () => say(worker, { about: { callers: company.seen(), tenants: tenants.seen() } })
  tell()
  const timer = setInterval(tell, tellEveryMs).unref()
  return () => clearInterval(timer)
}

/** Null where it ends before it says. */
function metricsOf(worker: Worker): Promise<MetricValues | null> {
  return new Promise((resolve) => {
    const tell = (values: MetricValues | null) => {
      worker.off('message', onMessage).off('exit', onExit)
      resolve(values)
    }
    const onMessage = (message: FromThread) => {
      if ('metrics' in message) tell(message.metrics)
    }
    const onExit = () => tell(null)
    worker.on('message', onMessage).on('exit', onExit)
    say(worker, { askMetrics: true })
  })
}

async function stop(worker: Worker): Promise<void> {
  const exited = once(worker, 'exit')
  worker.ref()
  say(worker, { stop: true })
  const late = setTimeout(() => void worker.terminate(), stopMs)
  await exited
  clearTimeout(late)
}

/** Where its socket is: in a folder that is nobody else's, made when it is first asked for. */
function socketPlace() {
  const pipe = `\\\\.\\pipe\\modula-sync-${randomUUID()}`
  let folder: string | undefined
  return {
    path(): string {
      if (process.platform === 'win32') return pipe
      folder ??= mkdtempSync(join(tmpdir(), 'modula-sync-'))
      return join(folder, 'batches')
    },
    remove(): void {
      if (folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether its body may take long to be read and decided. */
function isLarge({ method, headers }: IncomingMessage): boolean {
  const { accept, 'content-type': type, 'content-length': length, 'content-encoding': encoding } = headers
  if (method !== 'POST' || !/^application\/json\b/i.test(type ?? '')) return false
  // A stream of nudges is of this thread, where all who listen are.
  if (accept?.includes('text/event-stream')) return false
  return length === undefined || Number(length) * (encoding ? timesGzip : 1) >= largeBytes
}

/** Passes a request on as a proxy does, and the answer back. */
function answerBy(
  to: { agent: Agent; socketPath: string },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cameBy = [req.headers['x-forwarded-for'], req.socket.remoteAddress]
    const headers = {
      ...ofTheEnds(req.headers),
      'x-forwarded-for': cameBy.filter(Boolean).join(', '),
      'x-request-id': String(res.getHeader('x-request-id')),
    }
    const asked = request({ ...to, method: 'POST', path: req.url, headers })
    onceOver(req, res, () => {
      asked.destroy()
      resolve(true)
    })
    const onUnanswered = () => {
      req.unpipe(asked)
      resolve(false)
    }
    // Also once it is answered, or nobody waits any more: then it changes nothing.
    asked.on('error', () => {}).on('error', onUnanswered)
    asked.on('response', (answer) => {
      asked.off('error', onUnanswered)
      // Of what it has not read nothing more is sent: that is left to linger.ts.
      req.unpipe(asked)
      res.writeHead(answer.statusCode!, ofTheEnds(answer.headers))
      answer.on('close', () => answer.complete || res.destroy())
      answer.pipe(res)
    })
    req.pipe(asked)
  })
}

const ofTheEnds = <T>(headers: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)))
