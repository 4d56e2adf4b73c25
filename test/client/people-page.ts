/** Runs in a page of a browser: its people, at the gateway of the page's own address. */
import { createNewsDesk } from '../../client/sdk/news.ts'
import { loadPeople, type PeopleKeeper } from '../../client/sdk/people/people.ts'
import { TokenBook } from '../../client/sdk/people/token-book.ts'
import { defaultEnvironment } from '../../client/sdk/platform.ts'
import { memoryStore } from '../../client/sdk/store/memory.ts'
import { createTransport } from '../../client/sdk/transport/http.ts'

export type PeoplePage = { people: PeopleKeeper; online: boolean }

const { fetch, WebSocket, random, now, pinRounds } = defaultEnvironment()
const transport = createTransport({ url: '/graphql', token: async () => null, fetch, WebSocket, random })
const store = memoryStore()
await store.open()
const isOnline = () => page.online
const page: PeoplePage = {
  people: await loadPeople({
    store,
    deviceId: 'till-1',
    transport,
    tokens: new TokenBook({ atWork: () => null }),
    news: createNewsDesk(),
    isOnline,
    atWork: () => null,
    now,
    pinRounds,
  }),
  online: true,
}
Object.assign(window, { page })
