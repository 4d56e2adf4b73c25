/**
 * How a client is put together, each part from those before it:
 *
 *   tabs -> state -> token book -> transport -> link -> people -> runs -> leadership -> status
 *
 * What a part has to say to one that it does not know goes by the news desk, and that something shown may be another by
 * now, by the pulse: who hears what, and in which order, stands here and nowhere else.
 */
import type { AnyClientOptions, Environment } from './api.ts'
import { cafeTill } from './cafe.ts'
import { isOnline } from './link/connectivity.ts'
import { createLink, type LinkOptions } from './link/link.ts'
import { observed } from './link/observed.ts'
import { createServerClock } from './link/server-clock.ts'
import { createModules, type Modules } from './modules/modules.ts'
import { createNewsDesk, type NewsDesk } from './news.ts'
import { type CheckedOptions, checkOptions } from './options.ts'
import { Upcasts } from './outbox/upcast.ts'
import { Me } from './people/me.ts'
import { loadPeople } from './people/people.ts'
import { TokenBook } from './people/token-book.ts'
import { defaultEnvironment } from './platform.ts'
import { createPulse, type Pulse } from './pulse.ts'
import { createListening } from './run/listening.ts'
import { shownProblem } from './run/obstacles.ts'
import { createReporter } from './run/reporter.ts'
import { Runs } from './run/runs.ts'
import { LocalState } from './state/local-state.ts'
import { createStatusBoard, type Shared, type StatusBoard, statusOf } from './state/status.ts'
import { createStoragePromise } from './state/storage-promise.ts'
import { Leadership } from './tabs/leadership.ts'
import { createTabs } from './tabs/tabs.ts'
import { createTransport } from './transport/http.ts'

/** What the outside of the client works with. */
export type Parts = Awaited<ReturnType<typeof assemble>> & {
  status: StatusBoard
  /** Ends everything, when what was asked for before is done; what waits, waits in the store. */
  close(after: Promise<unknown>): Promise<void>
}

/** What is to be ended where the rest cannot be had, the last first. */
type Ends = (() => unknown)[]

/** For an answer that most platforms give at once. */
const patienceMs = 100

/** Opens the store and puts everything on it. Throws a StoreError where it cannot serve; nothing is left open then. */
export async function compose(given: AnyClientOptions): Promise<Parts> {
  const modules = createModules(given.modules ?? cafeTill)
  const ends: Ends = []
  try {
    const parts = await assemble(checkOptions(given, modules), modules, ends)
    connect(parts)
    const { storage, leadership } = parts
    const asked = storage.ask().then(() => leadership.tell({ about: 'storage', storage: storage.is }))
    await Promise.race([asked, new Promise((go) => setTimeout(go, patienceMs))])
    await leadership.begin()
    return { ...parts, status: statusOn(parts), close: (after) => close(parts, after) }
  } catch (error) {
    for (const end of ends.reverse()) await end()
    throw error
  }
}

async function assemble(options: CheckedOptions, modules: Modules, ends: Ends) {
  const platform = { ...defaultEnvironment(), ...options.environment }
  const environment: Environment = { ...platform, newId: () => platform.newId().toLowerCase() }
  const { now, random, newId, watchPlatform, pinRounds, locks, openChannel } = environment
  const { name, shared: isShared } = options.store
  const upcasts = new Upcasts([...modules.upcasts, ...(options.upcasts ?? [])])
  const news = createNewsDesk()
  const pulse = createPulse()

  const tabs = createTabs({ name, shared: isShared, locks, openChannel })
  ends.push(() => tabs.close())
  const state = await LocalState.open({ ...options, modules, newDeviceId: newId, news, pulse })
  ends.push(() => state.store.close().catch(() => {}))
  const { store, deviceId } = state
  const atWork = () => state.context
  const tokens = new TokenBook({ getToken: options.getToken, atWork })
  const onSilence = () => news.tell('line', 'failed')
  const clock = createServerClock(now)
  const transport = observed(
    createTransport({
      ...options,
      ...environment,
      ...(options.getToken ? { deviceId } : {}),
      mutationOf: modules.mutation,
      token: tokens.ask,
      socketToken: tokens.askForSocket,
      onSilence,
    }),
    news,
  )
  ends.push(() => transport.close())
  const isNeeded = () => tabs.isLeader() && isWaiting(state)
  const link = createLink({ probe: transport.probe, isNeeded, ...toldOf(news, pulse), watchPlatform, random })
  ends.push(() => link.close())
  const people = await loadPeople({
    store,
    deviceId,
    transport,
    tokens,
    news,
    isOnline: link.online,
    atWork,
    now,
    pinRounds,
  })
  const me = new Me({ state, people, tokens, news, transport, options })
  await me.recall()
  await me.dropUnwanted()

  const storage = createStoragePromise(store, pulse)
  const reporter = createReporter({
    state,
    transport,
    storage,
    environment,
    appVersion: options.appVersion ?? null,
  })
  const runs = new Runs({ ...options, state, transport, link, upcasts, me, reporter, pulse, environment })
  const listening = createListening({ transport, state, runs, pulse })
  const shared = () => sharedOf({ runs, link, listening, clock })
  const leadership = new Leadership({
    tabs,
    state,
    runs,
    people,
    me,
    storage,
    pulse,
    shared,
    isShared,
    newId,
  })
  return {
    ...{ environment, upcasts, news, pulse, tabs, state, tokens, transport, link, people, me },
    ...{ storage, runs, listening, leadership, clock },
  }
}

type Assembled = Awaited<ReturnType<typeof assemble>>

/** What the link says of itself. A doubt that was dispelled is no news: requests that fail alone keep their pauses. */
function toldOf(news: NewsDesk, pulse: Pulse): Pick<LinkOptions, 'onChange' | 'onResume'> {
  let wasOnline = false
  const onResume = () => news.tell('lineIsBack', undefined)
  return {
    onResume,
    onChange(state) {
      pulse.beat()
      if (isOnline(state) && !wasOnline) onResume()
      wasOnline = isOnline(state)
    },
  }
}

const isWaiting = ({ context, outbox }: LocalState) =>
  context !== null && outbox.unanswered(context.tenantId).length > 0

/** What this tab knows of the line, and what its runs do. */
function sharedOf({
  runs,
  link,
  listening,
  clock,
}: Pick<Assembled, 'runs' | 'link' | 'listening' | 'clock'>): Shared {
  const { activity } = runs
  const reached = runs.isSlow() ? 'slow' : 'online'
  return {
    ...activity,
    problem: shownProblem(activity.problem, link.state(), link.fault()),
    connectivity: link.online() ? reached : 'offline',
    nudges: listening.isOpen(),
    clockSkewMs: clock.skewMs(),
  }
}

/** Who hears of what, and who shows what. */
function connect(parts: Assembled): void {
  const { news, pulse, state, tokens, link, people, me, runs, listening, leadership, clock } = parts
  news.on('line', link.event)
  news.on('serverTime', ({ serverTime, tookMs }) => clock.heard(serverTime, tookMs))
  news.on('lineIsBack', () => {
    listening.reconnect()
    leadership.start({ afresh: true })
  })
  news.on('shutOut', (tenantId) => {
    // A store that cannot forget it now is asked again with the next refusal.
    void people.shutOut(tenantId).catch(() => {})
  })
  news.on('stored', (notice) => leadership.tell(notice))
  news.on('lookedAgain', () => leadership.start())
  news.on('lost', () => void giveUp(parts))
  news.on('people', () => leadership.tell({ about: 'people' }))
  people.subscribe(() => {
    // Somebody has signed in (again): what waited for a token goes on.
    if (tokens.has()) runs.renew()
    pulse.beat()
    leadership.start({ afresh: true })
  })

  // Those who watch, the other tabs, the socket; the app, which `statusOn` adds, comes last.
  pulse.on(() => state.view?.announce({ moreToCome: leadership.shared().phase !== 'idle' }))
  pulse.on(() => leadership.announce())
  pulse.on(() => {
    const mayListen = leadership.isLeader() && runs.activity.auth === 'ok'
    listening.to(mayListen ? state.context : null, me.scopes())
  })
}

function statusOn({ pulse, state, leadership, storage, people, me }: Assembled): StatusBoard {
  const read = () =>
    statusOf(state, leadership.shared(), {
      leader: leadership.isLeader(),
      storage: storage.is,
      shutOut: state.context !== null && people.isShutOut(state.context.tenantId),
      scopes: me.scopes(),
    })
  return createStatusBoard({ pulse, read })
}

/** Nothing can be kept here any more: this tab shows that, and what it knows; another that still can is to lead. */
async function giveUp({ leadership, listening, link, pulse, runs, tabs }: Assembled): Promise<void> {
  leadership.close()
  listening.close()
  link.close()
  pulse.beat()
  await runs.close()
  await tabs.close()
  pulse.beat()
}

async function close(parts: Assembled, after: Promise<unknown>): Promise<void> {
  const { pulse, leadership, listening, link, transport, runs, tabs, state } = parts
  pulse.stop()
  leadership.close()
  listening.close()
  link.close()
  transport.close()
  await after
  await runs.close()
  await tabs.close()
  await state.store.close()
}
