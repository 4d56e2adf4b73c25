/**
 * A till in a terminal: `npx node examples/node-till.ts`. It keeps its queue in SQLite, so it can be killed and started
 * again, and it goes on selling while the gateway is away (stop the gateway, sell, start it again).
 *
 *   GATEWAY=http://127.0.0.1:4000/graphql   STAFF=cashier-1   PIN=1234   BRANCH=riverside   TILL=node-till.sqlite
 */
import { createInterface } from 'node:readline/promises'
import { createSyncClient, OperationBlocked, type SyncClient, sqliteStore } from 'modula-sync/client'
import { changeOf, totalsOf } from 'modula-sync/contract'
import { v7 as newId } from 'uuid'

const {
  GATEWAY: url = 'http://127.0.0.1:4000/graphql',
  STAFF: staffCode = 'cashier-1',
  PIN: pin = '1234',
  BRANCH: branchId = 'riverside',
  TILL: path = 'node-till.sqlite',
} = process.env
const tenantId = 'demo'

const dollars = (cents: number) => `$${(cents / 100).toFixed(2)}`
const openSession = (client: SyncClient) => client.query('cashSession', { where: { status: 'OPEN' } })[0]

/** Signed in as whoever worked here last; a device that is new needs the gateway once. */
async function start(): Promise<SyncClient> {
  const client = await createSyncClient({ url, store: sqliteStore(path) })
  if (client.status().context) return client
  const { accountId } = await signIn(client)
  await client.switchContext({ tenantId, branchId, actorId: accountId })
  await client.sync()
  return client
}

const signIn = (client: SyncClient) => client.people.signIn({ tenantId, staffCode, pin })

/** A token is good for half a day, and ends where the PIN is changed: until there is another, what is sold waits. */
async function signInAgain(client: SyncClient): Promise<void> {
  if (client.status().auth !== 'lapsed') return
  await signIn(client).catch((error: Error) => console.log(`  ${error.message}`))
}

function menu(client: SyncClient): void {
  for (const { id, name, priceUsd } of client.query('menuItem', { where: { archived: false } }))
    console.log(`  ${id.padEnd(20)} ${dollars(priceUsd).padStart(7)}  ${name}`)
}

async function open(client: SyncClient, usd = '50'): Promise<void> {
  const openingFloat = { usd: Math.round(Number(usd) * 100), khr: 0 }
  await client.perform('cashSession.open', { cashSessionId: newId(), openingFloat })
}

/** Sells one item, paid exactly in dollars; of each group of choices that must be made, the first. */
async function sell(client: SyncClient, itemId = 'espresso', count = '1'): Promise<void> {
  const item = client.get('menuItem', itemId)
  const policy = client.query('policy')[0]
  if (!item || !policy)
    throw new OperationBlocked('MENU_ITEM_UNKNOWN', `There is no "${itemId}" on the menu.`)
  const choices = item.modifierGroupIds
    .flatMap((id) => client.get('modifierGroup', id) ?? [])
    .flatMap(({ minSelections, options }) => options.slice(0, minSelections))
  const quantity = Number(count)
  const unitUsd = choices.reduce((sum, { priceUsd }) => sum + priceUsd, item.priceUsd)
  const totals = totalsOf([{ unitUsd, quantity }], policy)
  const paid = { method: 'CASH', currency: 'USD' as const, received: totals.totalUsd }
  await client.perform('sale.finalize', {
    saleId: newId(),
    cashSessionId: openSession(client)?.id ?? newId(),
    saleType: 'TAKEAWAY',
    policyRevision: policy.revision,
    lines: [
      {
        menuItemId: item.id,
        menuItemRevision: item.revision,
        quantity,
        modifierOptionIds: choices.map(({ id }) => id),
      },
    ],
    totals,
    tender: { ...paid, change: changeOf(paid, totals, policy) ?? { usd: 0, khr: 0 } },
  })
  console.log(`  sold ${quantity} x ${item.name}: ${dollars(totals.totalUsd)}`)
}

async function close(client: SyncClient): Promise<void> {
  const session = openSession(client)
  if (!session) throw new OperationBlocked('CASH_SESSION_NOT_OPEN', 'There is no open cash session.')
  await client.perform('cashSession.close', { cashSessionId: session.id, counted: session.expected })
}

function show(client: SyncClient): void {
  const { connectivity, phase, pending, failed, lastSyncedAt } = client.status()
  const session = openSession(client)
  console.log(
    `  ${connectivity}, ${phase}; ${pending} waiting, ${failed.length} failed; synced ${lastSyncedAt ?? 'never'}`,
  )
  if (session)
    console.log(`  drawer: ${dollars(session.expected.usd)} and ${session.expected.khr} riel expected`)
  for (const { clientOpId, type, code, message } of failed)
    console.log(`  failed ${clientOpId} ${type}: ${message} (${code})`)
}

const commands: Record<string, (client: SyncClient, ...words: string[]) => unknown> = {
  menu,
  open,
  sell,
  close,
  status: show,
  sync: (client) => client.sync(),
  retry: (client, clientOpId = '') => client.retry(clientOpId),
}

const client = await start().catch((error: Error) => {
  console.error(`${error.message} Start a gateway (npm start), or name another by GATEWAY.`)
  process.exit(1)
})
client.onVerdict(({ status, code, result }) =>
  console.log(`  -> ${status} ${code ?? JSON.stringify(result)}`),
)
console.log(`commands: ${Object.keys(commands).join(', ')}, quit   (sell ITEM COUNT, open DOLLARS)`)
show(client)
const terminal = createInterface({ input: process.stdin })
const prompt = () => process.stdout.write('till> ')
prompt()
for await (const line of terminal) {
  const [name = '', ...words] = line.trim().split(/\s+/)
  if (name === 'quit') break
  await signInAgain(client)
  try {
    if (name) await (commands[name] ?? (() => console.log('  there is no such command')))(client, ...words)
  } catch (error) {
    console.log(`  ${(error as Error).message}`)
  }
  prompt()
}
terminal.close()
await client.close()
