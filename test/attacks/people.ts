/**
 * Who is there: people of the demo café and of its rival, each with a device of their own.
 */
import { createHash, randomUUID } from 'node:crypto'
import { canonicalOperation } from '../../src/sync/canonical.ts'
import type { Json } from '../../src/sync/words.ts'

export type Person = { tenantId: string; deviceId: string; token: string }

/** `victim` and `neighbour` are left in peace; the others attack. */
export type People = {
  /** The rival's ADMIN, whose till must not notice. */
  victim: Person
  /** A CASHIER of riverside, whose till must not notice what others of the same café try. */
  neighbour: Person
  barista: Person
  manager: Person
  /** A CASHIER of market, who is not let into riverside. */
  marketCashier: Person
  rivalAdmin: Person
}

export async function signIn(
  base: string,
  who: { tenantId: string; staffCode: string; deviceId: string },
): Promise<Person> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }'
  const { data } = await ask(base, null, query, { input: { ...who, pin: '1234' } })
  if (!data?.signIn) throw new Error(`${who.staffCode} of ${who.tenantId} cannot sign in`)
  return { tenantId: who.tenantId, deviceId: who.deviceId, token: data.signIn.token }
}

export async function gather(base: string): Promise<People> {
  const of = (tenantId: string, staffCode: string, deviceId: string) =>
    signIn(base, { tenantId, staffCode, deviceId })
  return {
    victim: await of('rival', 'admin', 'victims-till'),
    neighbour: await of('demo', 'cashier-1', 'neighbours-till'),
    barista: await of('demo', 'barista-1', 'baristas-tablet'),
    manager: await of('demo', 'manager', 'managers-tablet'),
    marketCashier: await of('demo', 'cashier-2', 'markets-till'),
    rivalAdmin: await of('rival', 'admin', 'rivals-tablet'),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any field
type GraphqlAnswer = { data?: any; errors?: { message: string; extensions: { code: string } }[] }

export async function ask(
  base: string,
  person: Person | null,
  query: string,
  variables: object = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(person ? { authorization: `Bearer ${person.token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as GraphqlAnswer
}

export type Envelope = ReturnType<typeof operation>

/** An operation as a till queues it, with an honest hash. */
export function operation(type: string, branchId: string | null, payload: object) {
  const canonical = canonicalOperation({ type, branchId, payload: payload as Json })
  return {
    clientOpId: randomUUID() as string,
    type,
    branchId,
    payload,
    payloadHash: createHash('sha256').update(canonical).digest('hex'),
    occurredAt: new Date().toISOString(),
  }
}

/** Opens the till's cash session; its id. */
export async function openDrawer(base: string, person: Person, branchId: string): Promise<string> {
  const cashSessionId = randomUUID()
  const { data } = await ask(
    base,
    person,
    'mutation ($input: SyncPushBatchInput!) { syncPushBatch(input: $input) { results { status } } }',
    {
      input: {
        tenantId: person.tenantId,
        deviceId: person.deviceId,
        operations: [
          operation('cashSession.open', branchId, { cashSessionId, openingFloat: { usd: 0, khr: 0 } }),
        ],
      },
    },
  )
  if (data?.syncPushBatch.results[0].status !== 'APPLIED') throw new Error('no cash session')
  return cashSessionId
}
