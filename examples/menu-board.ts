/**
 * A menu on the wall, without the SDK: any GraphQL client can read a branch's change stream. This one is urql's, with
 * graphql-ws for the nudges. It signs in, pulls the menu, and shows what changes: `npx node examples/menu-board.ts`.
 *
 *   GATEWAY=http://127.0.0.1:4000/graphql   STAFF=barista-1   PIN=1234   BRANCH=riverside
 */
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient as createSocket } from 'graphql-ws'

const {
  GATEWAY: url = 'http://127.0.0.1:4000/graphql',
  STAFF: staffCode = 'barista-1',
  PIN: pin = '1234',
  BRANCH: branchId = 'riverside',
} = process.env
const here = { tenantId: 'demo', deviceId: 'menu-board' }
const scopes = ['MENU']

type Change = { opKind: 'UPSERT' | 'TOMBSTONE'; entityKind: string; entityId: string; payload: Item | null }
type Item = { name: string; priceUsd: number; archived: boolean }
type Page = { changes: Change[]; nextCursor: string; hasMore: boolean; reason?: undefined }
type Reset = { reason: string }

const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) { token } }`
const pull = `query ($input: SyncPullInput!) {
  syncPull(input: $input) {
    ... on SyncPullPage { changes { opKind entityKind entityId payload } nextCursor hasMore }
    ... on SyncPullReset { reason }
  }
}`
const nudges = `subscription ($tenantId: ID!, $branchId: ID, $scopes: [ModuleScope!]) {
  syncNudge(tenantId: $tenantId, branchId: $branchId, moduleScopes: $scopes) { headSeq }
}`

let token: string | undefined
const socket = createSocket({
  url: url.replace(/^http/, 'ws'),
  connectionParams: () => ({ authorization: `Bearer ${token}` }),
  retryAttempts: Number.POSITIVE_INFINITY,
})
const client = new Client({
  url,
  // The stream is the cache: a page is asked for once.
  requestPolicy: 'network-only',
  preferGetMethod: false,
  fetchOptions: () => (token ? { headers: { authorization: `Bearer ${token}` } } : {}),
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
})

let cursor: string | undefined

/** Follows the stream to its head, and shows each change of an item. */
async function catchUp(): Promise<void> {
  for (let hasMore = true; hasMore; ) {
    const input = { ...here, branchId, moduleScopes: scopes, cursor }
    const { data, error } = await client.query<{ syncPull: Page | Reset }>(pull, { input }).toPromise()
    if (error || !data) throw error ?? new Error('no answer')
    const page = data.syncPull
    if (page.reason !== undefined) {
      cursor = undefined
      continue
    }
    for (const change of page.changes) if (change.entityKind === 'menuItem') show(change)
    cursor = page.nextCursor
    hasMore = page.hasMore
  }
}

function show({ opKind, entityId, payload }: Change): void {
  const isGone = opKind === 'TOMBSTONE' || !payload || payload.archived
  console.log(isGone ? `${entityId}: no longer` : `${payload.name}: $${(payload.priceUsd / 100).toFixed(2)}`)
}

const { data, error } = await client
  .mutation<{ signIn: { token: string } }>(signIn, { input: { ...here, staffCode, pin } })
  .toPromise()
if (!data) {
  console.error(error?.message)
  process.exit(1)
}
token = data.signIn.token

// Listening comes before the first pull, so that nothing falls between them; one pull at a time, whatever is told.
let pulling = Promise.resolve()
const again = () => {
  pulling = pulling.then(catchUp).catch((fault: unknown) => console.error(String(fault)))
}
client.subscription(nudges, { tenantId: here.tenantId, branchId, scopes }).subscribe(again)
again()
setInterval(again, 60_000)
