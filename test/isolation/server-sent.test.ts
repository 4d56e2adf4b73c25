/**
 * Nudges as server-sent events, which is how GraphiQL listens. There is no socket to close: the stream ends.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client, GraphqlError } from '../support/gateway.ts'
import type { SyncNudge } from '../support/listen.ts'
import { dismiss, forgeToken, gatherPeople, hire, type People } from '../support/people.ts'
import { refusalOf } from './ask.ts'

let people: People
let admin: Client

beforeAll(async () => {
  people = await gatherPeople()
  admin = people.by.ADMIN
})
afterAll(() => people?.gateway.close())

type Event = { data?: { syncNudge: SyncNudge } | null; errors?: GraphqlError[] }

/** The events of a subscription, as they come; ends with the stream. */
async function* events(client: Client, signal?: AbortSignal): AsyncGenerator<Event> {
  const query = 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { branchId headSeq } }'
  const response = await fetch(client.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(client.token ? { authorization: `Bearer ${client.token}` } : {}),
    },
    body: JSON.stringify({ query }),
    signal,
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      const data = /^event: next\ndata: (.*)$/m.exec(event)?.[1]
      if (data) yield JSON.parse(data) as Event
    }
  }
}

const change = () =>
  admin.direct('inventoryRestock', { stockItemId: 'beans', name: 'Beans', unit: 'g', quantity: 1 })

/** The next event, while things happen in riverside. */
async function nextOf(stream: AsyncGenerator<Event>): Promise<Event | undefined> {
  let over = false
  const next = stream.next().finally(() => {
    over = true
  })
  while (!over) await change()
  const { done, value } = await next
  return done ? undefined : value
}

describe('a stream of events', () => {
  it('is open to a member of the branch', async () => {
    const controller = new AbortController()
    const stream = events(people.by.STAFF, controller.signal)
    expect((await nextOf(stream))?.data?.syncNudge).toMatchObject({ branchId: 'riverside' })
    controller.abort()
  })

  it.each<[string, (all: People) => Client, string]>([
    ['without a token', ({ nobody }) => nobody, 'UNAUTHENTICATED'],
    ['with a token that ran out', ({ expired }) => expired, 'UNAUTHENTICATED'],
    ['of another tenant', ({ rival }) => rival, 'FORBIDDEN NO_MEMBERSHIP'],
    ['who was revoked', ({ revoked }) => revoked, 'FORBIDDEN MEMBERSHIP_NOT_ACTIVE'],
    ['of another branch', ({ elsewhere }) => elsewhere, 'FORBIDDEN NO_BRANCH_ACCESS'],
  ])('says no to somebody %s, and ends', async (_, who, refusal) => {
    const heard: Event[] = []
    for await (const event of events(who(people))) heard.push(event)
    expect(heard.map(({ errors }) => refusalOf(errors![0]!))).toEqual([refusal])
  })

  it.each<[string, () => Promise<{ client: Client; end: () => Promise<unknown> }>, string]>([
    [
      'is revoked',
      async () => ({
        client: await hire(people.gateway, admin, 'leaving', { role: 'STAFF', branchIds: ['riverside'] }),
        end: () => dismiss(admin, 'demo-leaving'),
      }),
      'FORBIDDEN MEMBERSHIP_NOT_ACTIVE',
    ],
    [
      'is assigned elsewhere',
      async () => ({
        client: await hire(people.gateway, admin, 'moving', { role: 'STAFF', branchIds: ['riverside'] }),
        end: () =>
          admin.direct('staffSave', { accountId: 'demo-moving', branchIds: ['market'] }, { branchId: null }),
      }),
      'FORBIDDEN NO_BRANCH_ACCESS',
    ],
    [
      'gets a new PIN',
      async () => ({
        client: await hire(people.gateway, admin, 'new-pin', { role: 'STAFF', branchIds: ['riverside'] }),
        end: () => admin.direct('staffSave', { accountId: 'demo-new-pin', pin: '8642' }, { branchId: null }),
      }),
      'UNAUTHENTICATED',
    ],
    [
      'has their device shut out',
      async () => ({
        client: await hire(people.gateway, admin, 'robbed', { role: 'STAFF', branchIds: ['riverside'] }),
        end: () => admin.direct('deviceShutOut', { deviceId: 'robbed-tablet' }, { branchId: null }),
      }),
      'FORBIDDEN DEVICE_SHUT_OUT',
    ],
    [
      'has a token that runs out',
      async () => {
        const expiresAt = new Date(Date.now() + 5000)
        const client = people.gateway.withToken(await forgeToken(people.gateway, 'demo-admin', expiresAt))
        const end = () => expect.poll(() => Date.now() >= expiresAt.getTime(), { timeout: 30_000 }).toBe(true)
        return { client, end }
      },
      'UNAUTHENTICATED',
    ],
  ])('ends for somebody who %s, with the reason and no nudge more', async (_, make, refusal) => {
    const { client, end } = await make()
    const stream = events(client)
    expect((await nextOf(stream))?.data).toBeTruthy()
    await end()
    const last: Event[] = []
    for (let event = await nextOf(stream); event; event = await nextOf(stream)) last.push(event)
    expect(refusalOf(last.at(-1)!.errors![0]!)).toBe(refusal)
    // Nudges that were on their way before may come first.
    expect(last.slice(0, -1).every(({ data }) => data?.syncNudge.branchId === 'riverside')).toBe(true)
  })
})
