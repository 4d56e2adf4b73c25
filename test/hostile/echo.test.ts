/** No error repeats what stood in a variable, or in a value of the query's text: it may be a PIN. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post } from '../support/answers.ts'
import { startWork } from '../support/cafe.ts'
import { type Client, type Gateway, startGateway } from '../support/gateway.ts'
import { listen } from '../support/listen.ts'

let gateway: Gateway
let admin: Client
beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin')
})
afterAll(() => gateway?.close())

const secret = 73519042
const leaf = fc.constantFrom<unknown>(
  secret,
  secret + 0.5,
  -secret,
  String(secret),
  `a ${secret} b`,
  `" at "input.pin"; ${secret}`,
  `: ${secret}`,
  `, found: ${secret}`,
  [secret],
  { pin: secret },
  { a: { b: [`${secret}`] } },
)
/** Values of any shape with a secret somewhere in them. */
const anything = fc.oneof(
  { weight: 3, arbitrary: leaf },
  fc.array(leaf, { minLength: 1, maxLength: 3 }),
  fc.dictionary(fc.constantFrom('pin', 'a', 'tenantId', 'operations', 'type'), leaf, { minKeys: 1 }),
)

const inputs: [string, string, object][] = [
  [
    'signIn',
    'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
    { tenantId: 'demo', staffCode: 'admin', pin: '0000', deviceId: 'd' },
  ],
  [
    'staffSave',
    `mutation ($input: StaffSaveInput!) { staffSave(
      tenantId: "demo", idempotencyKey: "5b1a4a4c-6a7e-4f7e-8a7e-000000000001", input: $input) { status } }`,
    { accountId: 'x', staffCode: 'x', name: 'X', role: 'STAFF', branchIds: [], pin: '1234' },
  ],
  [
    'syncPushBatch',
    'mutation ($input: SyncPushBatchInput!) { syncPushBatch(input: $input) { serverTime } }',
    { tenantId: 'demo', deviceId: 'till-1', operations: [startWork(), startWork()] },
  ],
  [
    'syncPull',
    'query ($input: SyncPullInput!) { syncPull(input: $input) { ... on SyncPullPage { hasMore } } }',
    { tenantId: 'demo', branchId: 'riverside', deviceId: 'till-1', moduleScopes: ['MENU'] },
  ],
]

/** Every place in a value: `[]` is the value itself. */
function placesIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  const inner = Object.entries(value).flatMap(([key, child]) =>
    placesIn(child).map((place) => [Array.isArray(value) ? Number(key) : key, ...place]),
  )
  return [[], ...inner]
}
function replaced(value: unknown, [first, ...rest]: (string | number)[], by: unknown): unknown {
  if (first === undefined) return by
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >
  copy[first] = replaced(copy[first], rest, by)
  return copy
}
const added = (value: object, by: unknown) => ({ ...value, unknownField: by })

describe.each(inputs)('%s', (_, query, good) => {
  const places = placesIn(good)
  const wrong = fc.oneof(
    fc.tuple(fc.constantFrom(...places), anything).map(([place, by]) => replaced(good, place, by)),
    anything.map((by) => added(good, by)),
  )

  it('whatever stands wherever', async () => {
    await fc.assert(
      fc.asyncProperty(wrong, async (input) => {
        const { text, json } = await post(admin, { query, variables: { input } })
        if (json.errors) expect(text).not.toContain(String(secret))
      }),
      { numRuns: 120 },
    )
  })

  it('on a socket neither', async () => {
    for (const by of fc.sample(anything, 6)) {
      const heard = await listen(admin, query, { input: replaced(good, ['deviceId'], by) }).first
      if (heard.errors) expect(JSON.stringify(heard)).not.toContain(String(secret))
    }
  })
})

it('nor what is written into the query itself', async () => {
  const signIn = (pin: string, more = '') =>
    `mutation { signIn(input: { tenantId: "demo", staffCode: "admin", pin: ${pin}, deviceId: "d"${more} }) { token } }`
  for (const query of [
    signIn(`${secret}`),
    signIn(`${secret}.5`),
    signIn(`[${secret}]`),
    signIn(`["${secret}", "b"]`),
    signIn(`{ a: ${secret} }`),
    signIn(`"0000"`, `, pinn: "${secret}"`),
    signIn(`"0000"`, `, other: ${secret}`),
    signIn(`"0000" ${secret}`),
    signIn(`"0000" "${secret}"`),
    signIn(`"0000" """${secret}"""`),
    `mutation { signIn(input: "${secret}") { token } }`,
    `query ($limit: Int = "${secret}") { syncPull(input: { limit: $limit }) { __typename } }`,
    `{ syncPull(input: { tenantId: "demo", moduleScopes: ["${secret}"] }) { __typename } }`,
    `{ syncPull(input: { tenantId: "demo", moduleScopes: [X${secret}] }) { __typename } }`,
    `{ sale(tenantId: "demo", branchId: "riverside", saleId: "${secret}") { id } }`,
  ]) {
    const { text, json } = await post(admin, { query })
    expect(json.errors?.length, query).toBeGreaterThan(0)
    expect(text, query).not.toContain(String(secret))
  }
})

it('what is wrong is said all the same, and where', async () => {
  const [, query, good] = inputs[0]!
  const told = async (input: unknown) =>
    (await post(admin, { query, variables: { input } })).json.errors[0].message as string
  expect(await told({ ...good, pin: secret })).toBe('The variable "input.pin" must be of the type String.')
  expect(await told({ ...good, pinn: '1' })).toBe(
    'The variable "input" has a field "pinn" that a SignInInput has not.',
  )
  expect(await told([good])).toBe('The variable "input" must be an object, a SignInInput.')
  const { pin: _, ...less } = good as { pin: string }
  expect(await told(less)).toBe('The variable "input" lacks the field "pin" of a SignInInput.')
})
