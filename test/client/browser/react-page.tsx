/** Runs in a page of a browser: components that use the hooks, and note how often each is drawn. */
import { memo, StrictMode, useCallback, useState } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import {
  SyncProvider,
  useEntities,
  useEntity,
  usePeople,
  usePerform,
  useSyncStatus,
  useWaiting,
} from '../../../client/react/index.ts'
import {
  createSyncClient,
  type Entity,
  indexedDbStore,
  type OfflinePayloads,
  type SyncClient,
} from '../../../client/sdk/index.ts'

export type ReactPage = {
  mount(how?: { strict: boolean }): void
  unmount(): void
  /** How often each was drawn since the last time this was called. */
  drawn(): Record<string, number>
  /** Listeners that the client has now. */
  listening(): number
  /** What the rows of sales have shown, one after the other. */
  shown: { saleId: string; pending: boolean; receiptNumber: number | null }[]
  /** How many sales there were each time that nothing was said to be under way. */
  soldAtRest: number[]
}

let counts: Record<string, number> = {}
const note = (name: string) => {
  counts[name] = (counts[name] ?? 0) + 1
}
const shown: ReactPage['shown'] = []
const soldAtRest: number[] = []

const ItemRow = memo(function ItemRow({ item }: { item: Entity<'menuItem'> }) {
  note(`item ${item.id}`)
  return <li>{item.name}</li>
})

function Menu() {
  note('menu')
  return useEntities('menuItem').map((item) => <ItemRow key={item.id} item={item} />)
}

const SaleRow = memo(function SaleRow({ sale }: { sale: Entity<'sale'> }) {
  const { id: saleId, pending, receiptNumber } = sale
  note(`sale ${saleId}`)
  shown.push({ saleId, pending, receiptNumber })
  return <li data-testid="sale">{pending ? 'pending' : receiptNumber}</li>
})

function Sales() {
  note('sales')
  return useEntities('sale').map((sale) => <SaleRow key={sale.id} sale={sale} />)
}

/** Fields that are written in place. */
function OpenSessions() {
  note('open sessions')
  return <p data-testid="open-sessions">{useEntities('cashSession', { where: { status: 'OPEN' } }).length}</p>
}

/** A function that changes with what it closes over. */
function ItemsFrom() {
  note('items from')
  const [cents, setCents] = useState(0)
  const where = useCallback((item: Entity<'menuItem'>) => item.priceUsd >= cents, [cents])
  const items = useEntities('menuItem', { where })
  return (
    <label>
      From
      <input data-testid="from" onChange={(event) => setCents(Number(event.target.value))} />
      <output data-testid="items-from">
        {items.every(({ priceUsd }) => priceUsd >= cents) && items.length}
      </output>
    </label>
  )
}

function Brownie() {
  note('brownie')
  return <p data-testid="brownie">{useEntity('menuItem', 'brownie')?.priceUsd ?? 'none'}</p>
}

function Branch() {
  note('branch')
  return <p data-testid="branch">{useEntities('branch').map(({ id }) => id)}</p>
}

function WholeStatus() {
  note('whole status')
  const { connectivity, pending } = useSyncStatus()
  return <p data-testid="status">{`${connectivity} ${pending}`}</p>
}

function Pending() {
  note('pending')
  return <p data-testid="pending">{useSyncStatus(({ pending }) => pending)}</p>
}

function Waiting() {
  note('waiting')
  return useWaiting().map(({ clientOpId, type }) => (
    <p key={clientOpId} data-testid="waiting">
      {type}
    </p>
  ))
}

/** A part that is made anew each time it is asked for. */
function FailedCodes() {
  note('failed codes')
  return <p>{useSyncStatus(({ failed }) => failed.map(({ code }) => code)).join()}</p>
}

function People() {
  note('people')
  return (
    <p data-testid="people">
      {usePeople('demo')
        .map(({ staffCode }) => staffCode)
        .sort()
        .join()}
    </p>
  )
}

function Seller() {
  const { perform, isPerforming, blocked } = usePerform()
  if (!isPerforming) soldAtRest.push(client.query('sale').length)
  const sell = async () => {
    const payloads = (window as unknown as { toSell: OfflinePayloads['sale.finalize'][] }).toSell
    const keys = await Promise.all(payloads.map((payload) => perform('sale.finalize', payload)))
    setSold(keys.filter((key) => key !== null).length)
  }
  const [sold, setSold] = useState<number | null>(null)
  return (
    <>
      <button type="button" data-testid="sell" onClick={() => void sell()}>
        Sell
      </button>
      <p data-testid="sold">{sold}</p>
      <p data-testid="blocked">{blocked?.code ?? 'no'}</p>
    </>
  )
}

const App = ({ client }: { client: SyncClient }) => (
  <SyncProvider client={client}>
    <Menu />
    <Sales />
    <OpenSessions />
    <ItemsFrom />
    <Brownie />
    <Branch />
    <WholeStatus />
    <Pending />
    <FailedCodes />
    <Waiting />
    <People />
    <Seller />
  </SyncProvider>
)

const name = new URLSearchParams(location.search).get('till')!
const client = await createSyncClient({
  url: '/graphql',
  store: indexedDbStore(name),
  pullEveryMs: 3_600_000,
})

let listening = 0
/** Counts a listener until it stops. */
function counted<Args extends unknown[]>(listen: (...args: Args) => () => void) {
  return (...args: Args) => {
    const stop = listen(...args)
    listening += 1
    return () => {
      listening -= 1
      stop()
    }
  }
}
const people = {
  ...client.people,
  subscribe: counted((listener: () => void) => client.people.subscribe(listener)),
}
/** The client as the components have it. */
const watched = new Proxy(client, {
  get(target, member) {
    if (member === 'people') return people
    const value = Reflect.get(target, member)
    if (typeof value !== 'function') return value
    const bound = value.bind(target)
    return member === 'subscribe' || member === 'watch' ? counted(bound) : bound
  },
})

let root: Root | null = null
const page: ReactPage = {
  mount({ strict } = { strict: false }) {
    root = createRoot(document.body.appendChild(document.createElement('main')))
    const app = <App client={watched} />
    root.render(strict ? <StrictMode>{app}</StrictMode> : app)
  },
  unmount: () => root?.unmount(),
  drawn() {
    const since = counts
    counts = {}
    return since
  },
  listening: () => listening,
  shown,
  soldAtRest,
}
Object.assign(window, { client, page })
