/** Runs in a page of a browser: a till whose name is in the address, at the gateway behind the page's own address. */
import { createSyncClient, indexedDbStore, type Status } from '../../../client/sdk/index.ts'

const name = new URLSearchParams(location.search).get('till')!
const client = await createSyncClient({
  url: '/graphql',
  store: indexedDbStore(name),
  pullEveryMs: 3_600_000,
})
/** What the status has said of the queue, one after the other. */
const counts: Pick<Status, 'pending' | 'syncing'>[] = []
client.subscribe(({ pending, syncing }) => counts.push({ pending, syncing }))
Object.assign(window, { client, counts })
