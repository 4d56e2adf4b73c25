/**
 * The news: listens for the nudges of all branches, knows how the console is connected, and has what is on screen loaded
 * anew when something has happened to it. Where no news comes, it is asked for; where the server is away, it is asked
 * for until it answers.
 */
import { moduleScopes } from '../../contract.ts'
import type { ModuleScope, Nudge, Transport } from '../../sdk/index.ts'
import { concerns } from '../lib/concern.ts'
import {
  type Connection,
  type ConnectionEvent,
  connectionAfter,
  type Liveness,
  livenessOf,
  unconnected,
} from '../lib/connection.ts'
import { type News, withNews } from '../lib/news.ts'
import type { Readings } from './readings.ts'

/** How long a socket may take to open before the console asks by itself. */
const patienceMs = 5_000
const tickMs = 1_000
const probeEveryMs = 3_000
const pollEveryMs = 10_000

export class Live {
  readonly #transport: Pick<Transport, 'listen' | 'probe'>
  readonly #tenantId: string
  readonly #readings: Readings
  readonly #listeners = new Set<() => void>()
  #connection: Connection = unconnected(Date.now())
  #news: readonly News[] = []
  #newsCount = 0
  #ends: (() => void)[] = []
  #stopListening: () => void = () => {}
  #probing = false
  #seconds = 0

  constructor(transport: Pick<Transport, 'listen' | 'probe'>, tenantId: string, readings: Readings) {
    this.#transport = transport
    this.#tenantId = tenantId
    this.#readings = readings
  }

  start(): void {
    const watching = new AbortController()
    const { signal } = watching
    window.addEventListener('online', () => this.wake(), { signal })
    window.addEventListener('offline', () => this.heard('unanswered'), { signal })
    document.addEventListener('visibilitychange', () => this.#seen(), { signal })
    const timer = setInterval(() => this.#tick(), tickMs)
    this.#listen()
    this.#ends = [() => watching.abort(), () => clearInterval(timer)]
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end()
    this.#stopListening()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly connection = (): Connection => this.#connection
  readonly liveness = (): Liveness => livenessOf(this.#connection)
  /** The newest first; the same list until more comes. */
  readonly news = (): readonly News[] => this.#news

  /** Something was learnt about the connection: also by requests of others. */
  readonly heard = (event: ConnectionEvent): void => {
    const before = this.#connection
    this.#connection = connectionAfter(before, event, Date.now())
    if (this.#connection === before) return
    const isBack = before.server === 'silent' && this.#connection.server === 'answers'
    if (isBack) this.#readings.refresh()
    this.#tell()
  }

  /** Somebody, or the browser, thinks that it could work now. */
  readonly wake = (): void => {
    this.#listen()
    this.#readings.refresh()
    void this.#probe()
  }

  /** A new socket, at once instead of when the old one's next try is due. */
  #listen(): void {
    this.#stopListening()
    const patience = setTimeout(() => this.heard('socketClosed'), patienceMs)
    const stop = this.#transport.listen(
      { tenantId: this.#tenantId, branchId: null, moduleScopes },
      {
        open: () => {
          clearTimeout(patience)
          this.heard('socketOpened')
          // What was nudged before is lost.
          this.#readings.refresh()
        },
        closed: () => {
          this.heard('socketClosed')
          void this.#probe()
        },
        nudge: (nudge) => this.#nudged(nudge),
      },
    )
    this.#stopListening = () => {
      clearTimeout(patience)
      stop()
    }
  }

  #nudged({ branchId, headSeq, ...nudge }: Nudge): void {
    const modules = nudge.modules as ModuleScope[]
    this.#newsCount += 1
    this.#news = withNews(this.#news, { id: this.#newsCount, at: Date.now(), branchId, modules, headSeq })
    this.#readings.refresh((interest) => concerns(interest, { branchId, modules }))
    this.#tell()
  }

  #tick(): void {
    if (document.visibilityState === 'hidden') return
    this.#seconds += 1
    const isDue = (everyMs: number) => (this.#seconds * tickMs) % everyMs === 0
    const liveness = this.liveness()
    if (liveness === 'offline') {
      if (isDue(probeEveryMs)) void this.#probe()
      return
    }
    const isPolled = liveness === 'polling' && isDue(pollEveryMs)
    this.#readings.refresh(({ everyMs }) => isPolled || (everyMs !== undefined && isDue(everyMs)))
  }

  /** Whoever comes back to the tab sees what is, and not what was when it was put aside. */
  #seen(): void {
    if (document.visibilityState === 'visible') this.#readings.refresh()
  }

  async #probe(): Promise<void> {
    if (this.#probing) return
    this.#probing = true
    try {
      await this.#transport.probe()
      const wasSilent = this.#connection.server === 'silent'
      this.heard('answered')
      if (wasSilent && this.#connection.socket === 'closed') this.#listen()
    } catch {
      this.heard('unanswered')
    } finally {
      this.#probing = false
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
