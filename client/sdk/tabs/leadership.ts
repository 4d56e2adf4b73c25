/**
 * Which tab of a store talks to the gateway, and what the tabs tell each other. The leader runs, for itself and for
 * whoever asks it; the others show what it tells. Every message is a hint that may be lost: the store has the truth.
 */

import type { Me } from '../people/me.ts'
import type { PeopleKeeper } from '../people/people.ts'
import type { Pulse } from '../pulse.ts'
import type { Runs } from '../run/runs.ts'
import type { LocalState, StateNotice } from '../state/local-state.ts'
import type { Shared } from '../state/status.ts'
import type { StoragePromise } from '../state/storage-promise.ts'
import type { Status } from '../words.ts'
import { type AskedRuns, createAskedRuns, type RunEnd } from './asked-runs.ts'
import type { Tabs } from './tabs.ts'

type Message =
  | StateNotice
  | { about: 'shared'; shared: Shared }
  | { about: 'people' }
  /** A tab was opened. */
  | { about: 'hello' }
  /** The browser may have promised a tab what it had not yet promised the others, for all of them. */
  | { about: 'storage'; storage: Status['storage'] }
  /** Another tab leads from now on. */
  | { about: 'leads' }
  /** Whoever leads has heard. */
  | { about: 'here' }
  /** A run is wanted; with an `id` somebody waits for its end. */
  | { about: 'wanted'; id?: string }
  | { about: 'ended'; id: string; end: RunEnd }

/** A leader that says nothing for so long, once something was told to it, is frozen: an answer takes a moment. */
const silenceMs = 10_000

export type LeadershipOptions = {
  tabs: Tabs
  state: LocalState
  runs: Runs
  people: Pick<PeopleKeeper, 'reload'>
  me: Pick<Me, 'recall'>
  storage: StoragePromise
  pulse: Pulse
  /** Other tabs may have written to the store. */
  isShared: boolean
  newId: () => string
  /** What this tab knows of the line, with what its runs do. */
  shared: () => Shared
}

export class Leadership {
  readonly #of: LeadershipOptions
  readonly #askedRuns: AskedRuns
  /** This tab leads, and has in memory what the one before it left. */
  #leads = false
  /** What the leader has told last, where that is another tab. */
  #told: Shared = {
    connectivity: 'offline',
    nudges: false,
    clockSkewMs: null,
    ...{ phase: 'idle', progress: null, auth: 'ok', problem: null },
  }
  /** What this tab has told last. */
  #toldText = ''
  /** Messages are taken one after the other: what one tells of is here before the next is looked at. */
  #lastHeard: Promise<unknown> = Promise.resolve()
  /** Runs while the leader owes a sign of life. */
  #silence: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(of: LeadershipOptions) {
    this.#of = of
    this.#askedRuns = createAskedRuns({
      newId: of.newId,
      tell: (id) => this.#tell({ about: 'wanted', id }),
    })
    of.tabs.listen((message) => this.#hear(message as Message))
    of.tabs.watch({ lead: () => void this.lead(), deposed: () => this.#deposed() })
  }

  /** Resolves when this tab leads, if it is to lead from the start. */
  async begin(): Promise<void> {
    this.#tell({ about: 'hello' })
    if (this.#of.tabs.isLeader()) await this.lead()
  }

  isLeader(): boolean {
    return this.#leads && !this.#closed
  }

  /** What all tabs show: this one's own where it leads, else what the leader has told. */
  shared(): Shared {
    return this.#leads ? this.#of.shared() : this.#told
  }

  /** Tells the other tabs what is shared, where it is news to them. */
  announce(): void {
    if (!this.#leads) return
    const shared = this.shared()
    const text = JSON.stringify(shared)
    if (text !== this.#toldText) this.#tell({ about: 'shared', shared })
    this.#toldText = text
  }

  /** What this tab has written, learned or been promised, to the others. */
  tell(message: Extract<Message, { about: 'stored' | 'context' | 'people' | 'storage' }>): void {
    this.#tell(message)
    if (message.about === 'stored') this.#expectAnswer()
  }

  /** This tab talks to the gateway from now on, once it knows what the one before it left. */
  lead(): Promise<void> {
    const led = this.#lastHeard.then(() => this.#takeOver())
    this.#lastHeard = led
    return led
  }

  /** Another tab has taken this one for frozen, and leads now. */
  #deposed(): void {
    this.#leads = false
    this.#toldText = ''
    this.#of.runs.rest()
    this.#of.pulse.beat()
  }

  /** A run by whoever leads, see `Runs.start`. */
  start({ afresh = false } = {}): void {
    if (this.#closed) return
    if (this.#leads) this.#of.runs.start({ afresh })
    else if (afresh) this.#tell({ about: 'wanted' })
  }

  /** A run by whoever leads, and how it ended. */
  sync(): Promise<void> {
    return this.#leads || this.#closed ? this.#of.runs.sync() : this.#askedRuns.ask()
  }

  /** Nothing is heard any more; the lock is let go of by the tabs. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#silence)
    this.#askedRuns.close()
  }

  #tell(message: Message): void {
    this.#of.tabs.tell(message)
    if (message.about === 'wanted') this.#expectAnswer()
  }

  /** Something was told that the leader does something about. */
  #expectAnswer(): void {
    if (this.#leads || this.#closed) return
    this.#silence ??= setTimeout(() => {
      this.#silence = undefined
      this.#of.tabs.takeLead()
    }, silenceMs)
  }

  #heardOfLeader(): void {
    clearTimeout(this.#silence)
    this.#silence = undefined
  }

  async #takeOver(): Promise<void> {
    if (this.#leads || this.#closed) return
    const { state, runs, isShared } = this.#of
    // A store that cannot be read now shows that to whoever needs it.
    if (isShared) await state.reread().catch(() => {})
    await runs.takeOver(this.#told).catch(() => {})
    this.#leads = true
    this.#heardOfLeader()
    this.#of.pulse.beat()
    this.#tell({ about: 'leads' })
    runs.start({ afresh: true })
    for (const id of this.#askedRuns.ids()) void this.#runFor(id)
  }

  #hear(message: Message): void {
    this.#askedRuns.alive()
    // At once: what comes before it may take long.
    if (this.#leads && ['stored', 'wanted'].includes(message.about)) this.#tell({ about: 'here' })
    if (['here', 'shared', 'leads', 'ended'].includes(message.about)) this.#heardOfLeader()
    this.#lastHeard = this.#lastHeard.then(() => this.#take(message)).catch(() => {})
  }

  async #take(message: Message): Promise<void> {
    if (this.#closed) return
    const { state } = this.#of
    switch (message.about) {
      case 'stored':
        await state.heard(message)
        return this.start()
      case 'context':
        await state.heard(message)
        this.#of.runs.forgetTroubles()
        return this.start()
      case 'people':
        await this.#of.me.recall()
        return this.#of.people.reload()
      case 'shared':
        this.#told = message.shared
        return this.#of.pulse.beat()
      case 'hello':
        this.#toldText = ''
        if (!this.#leads) return
        // Where a tab dies it is opened again; what it kept last it may have told nobody.
        await state.reread()
        return this.start()
      case 'storage':
        return this.#of.storage.learn(message.storage)
      case 'here':
        return
      case 'leads':
        for (const id of this.#askedRuns.ids()) this.#tell({ about: 'wanted', id })
        return
      case 'wanted':
        if (!this.#leads) return
        if (message.id === undefined) this.start({ afresh: true })
        else void this.#runFor(message.id)
        return
      case 'ended':
        return this.#askedRuns.ended(message.id, message.end)
    }
  }

  /** A run for another tab, or for this one from when it did not lead. */
  async #runFor(id: string): Promise<void> {
    const end = await this.#of.runs.sync().then(
      () => null,
      ({ code = 'INTERNAL', message }: Error & { code?: string }) => ({ code, message }),
    )
    // Whoever leads next is asked again.
    if (this.#closed) return
    this.#askedRuns.ended(id, end)
    this.#tell({ about: 'ended', id, end })
  }
}
