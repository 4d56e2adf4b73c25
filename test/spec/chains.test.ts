/** The chains of devices at a real gateway: evidence that is kept, told, and never in the way (docs/proof.md). */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canonicalLink, canonicalOrigin } from '../../src/sync/chain.ts'
import { maxChainsOfDevice } from '../../src/sync/chains.ts'
import { newBranch } from '../support/branch.ts'
import { movement, openSession, sale } from '../support/cafe.ts'
import { Chained } from '../support/chained.ts'
import { type Client, type Envelope, type Gateway, operation, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let admin: Client
let branchId: string
let till: Client
let chain: Chained
let session: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.as('admin', { deviceId: 'office' })
})
afterAll(() => gateway?.close())
beforeEach(async () => {
  branchId = await newBranch(admin, 'demo-cashier-1')
  till = await gateway.as('cashier-1', { deviceId: randomUUID() })
  chain = new Chained(till.deviceId, 'demo-cashier-1')
  session = randomUUID()
})

type Told = {
  id: string
  state: string
  wholeTo: number | null
  wholeLink: string | null
  missing: { from: number; to: number }[]
  missingCount: number
  forks: { from: number; to: number }[]
  rolledBackAt: string | null
  givenUp: { from: number; to: number }[]
}
async function told(deviceId = till.deviceId): Promise<Told[]> {
  const { devices } = await admin.data<{ devices: { nodes: { deviceId: string; chains: Told[] }[] } }>(
    `{ devices(tenantId: "demo", first: 100) { nodes: edges { node { deviceId chains {
      id state wholeTo wholeLink missing { from to } missingCount forks { from to } givenUp { from to } rolledBackAt } } } } }`,
  )
  const nodes = devices.nodes as unknown as { node: { deviceId: string; chains: Told[] } }[]
  return nodes.find(({ node }) => node.deviceId === deviceId)?.node.chains ?? []
}
const report = (head: object | null, more: object = {}) =>
  till.data('mutation ($input: DeviceReportInput!) { deviceReport(input: $input) { serverTime } }', {
    input: {
      ...{ tenantId: 'demo', deviceId: till.deviceId, branchId, at: new Date().toISOString() },
      ...{ waiting: 0, failed: 0, chain: head, ...more },
    },
  })
const opening = () => openSession(session, { branchId })
const sales = (count: number) => Array.from({ length: count }, () => sale(session, {}, { branchId }))
const applied = async (operations: Envelope[]) => {
  const results = await till.push(operations)
  expect(results.map(({ status, code }) => code ?? status)).toEqual(operations.map(() => 'APPLIED'))
}

describe('a chain that came whole', () => {
  it('is told with its end, in one batch or many, also when all of it comes twice', async () => {
    const day = chain.links([opening(), ...sales(5)])
    await applied(day.slice(0, 2))
    await applied(day.slice(2))
    const whole = [
      { id: chain.id, state: 'WHOLE', wholeTo: 6, wholeLink: chain.head.link, missing: [], forks: [] },
    ]
    expect(await told()).toMatchObject(whole)
    await till.push(day)
    await till.push(day.slice(3))
    expect(await told()).toMatchObject(whole)
  })

  it('is told once to whoever asks for it twice', async () => {
    await applied(chain.links([opening()]))
    type Twice = { deviceId: string; one: { id: string }[]; other: { id: string }[] }
    const { devices } = await admin.data<{ devices: { edges: { node: Twice }[] } }>(
      `{ devices(tenantId: "demo", first: 100) { edges { node { deviceId one: chains { id } other: chains { id } } } } }`,
    )
    const mine = devices.edges.find(({ node }) => node.deviceId === till.deviceId)?.node
    expect(mine).toMatchObject({ one: [{ id: chain.id }], other: [{ id: chain.id }] })
  })

  it('a client without a chain works on and is unproven; one that learns it begins where it is', async () => {
    await applied([{ ...opening(), deviceSeq: 1 }])
    expect(await told()).toEqual([])
    chain.head.deviceSeq = 1
    await applied(chain.links(sales(2)))
    expect(await told()).toMatchObject([{ state: 'WHOLE', wholeTo: 3 }])
  })

  it('rejections are links, too, and trying again is the same link', async () => {
    const [sold, moved] = chain.links([sale(session, {}, { branchId }), movement(session, {}, { branchId })])
    expect((await till.push([sold!, moved!])).map(({ code }) => code)).toEqual([
      'CASH_SESSION_NOT_OPEN',
      'CASH_SESSION_NOT_OPEN',
    ])
    await applied(chain.links([opening()]))
    await applied([{ ...sold!, retry: true }])
    await till.push([sold!])
    expect(await told()).toMatchObject([{ state: 'WHOLE', wholeTo: 3 }])
  })

  it('what the app brought up to date keeps the link that it was queued with', async () => {
    const [made] = chain.links([opening()])
    const now = openSession(session, { branchId, usd: 1, clientOpId: made!.clientOpId })
    const sent = {
      ...made!,
      payload: now.payload,
      payloadHash: now.payloadHash,
      chain: { ...made!.chain!, madeAs: made!.payloadHash },
    }
    await applied([sent, ...chain.links(sales(1))])
    expect(await told()).toMatchObject([{ state: 'WHOLE', wholeTo: 2 }])
  })
})

describe('what is not there', () => {
  it('a number that never came is missing, and comes in late', async () => {
    const day = chain.links([opening(), ...sales(4)])
    await applied(day.filter((_, i) => i !== 2))
    expect(await told()).toMatchObject([
      { state: 'MISSING', wholeTo: 2, missing: [{ from: 3, to: 3 }], missingCount: 1, forks: [] },
    ])
    await applied([day[2]!])
    expect(await told()).toMatchObject([{ state: 'WHOLE', wholeTo: 5 }])
  })

  it('the last ones are missed by what the device has said, and wait while it holds them', async () => {
    const day = chain.links([opening(), ...sales(3)])
    await applied(day.slice(0, 2))
    await report({ ...chain.end, held: 2 }, { waiting: 2 })
    expect(await told()).toMatchObject([{ state: 'WAITING', wholeTo: 2, missing: [{ from: 3, to: 4 }] }])
    await report({ ...chain.end, held: 0 })
    expect((await told())[0]!.state).toBe('MISSING')
    await applied(day.slice(2))
    expect((await told())[0]!.state).toBe('WHOLE')
  })

  it('what spoke of who brought it was not kept, and has not come', async () => {
    const stranger = chain.links([{ ...opening(), actorId: 'demo-manager' }])
    expect((await till.push(stranger))[0]!.code).toBe('ACTOR_NOT_ALLOWED')
    await report({ ...chain.end, held: 1 }, { failed: 1 })
    expect(await told()).toMatchObject([{ state: 'WAITING', wholeTo: null }])
  })
})

describe('what is given up', () => {
  let manager: Client
  beforeEach(async () => {
    branchId = await newBranch(admin, 'demo-manager')
    manager = await gateway.as('manager', { deviceId: randomUUID() })
    chain = new Chained(manager.deviceId, 'demo-manager')
  })
  const had = ({ clientOpId, type, payload, payloadHash, occurredAt, deviceSeq, chain: of }: Envelope) => ({
    ...{ clientOpId, type, payload, payloadHash, occurredAt, deviceSeq },
    ...{ actorId: 'demo-manager', prev: of!.prev },
  })
  const giveUp = (operations: object[], clientOpIds: string[]) =>
    chain.links([
      operation('operation.giveUp', { clientOpIds, reason: 'it never was', operations }, { branchId }),
    ])
  const pushed = async (operations: Envelope[]) =>
    (await manager.push(operations)).map(({ status, code }) => code ?? status)

  it('is not missing, where its link is the one that the next one holds', async () => {
    const day = chain.links([opening(), ...sales(2)])
    expect(await pushed([day[0]!, day[2]!])).toEqual(['APPLIED', 'APPLIED'])
    expect(await told(manager.deviceId)).toMatchObject([{ state: 'MISSING', missingCount: 1 }])
    const word = giveUp([had(day[1]!)], [day[1]!.clientOpId])
    expect(await pushed(word)).toEqual(['APPLIED'])
    expect(await told(manager.deviceId)).toMatchObject([
      { state: 'WHOLE', wholeTo: 4, missingCount: 0, givenUp: [{ from: 2, to: 2 }] },
    ])
    await manager.push(word)
    expect(await told(manager.deviceId)).toMatchObject([{ state: 'WHOLE', givenUp: [{ from: 2, to: 2 }] }])
  })

  it('word of another operation than the one that was queued is a fork, and one by who may not is nothing', async () => {
    const day = chain.links([opening(), ...sales(2)])
    await pushed([day[0]!, day[2]!])
    const cashier = chain.links([
      {
        ...operation(
          'operation.giveUp',
          { clientOpIds: [day[1]!.clientOpId], reason: 'no', operations: [had(day[1]!)] },
          { branchId: 'riverside' },
        ),
        branchId: 'nowhere',
      },
    ])
    await pushed(cashier)
    expect((await told(manager.deviceId))[0]).toMatchObject({ givenUp: [] })
    const other = { ...had(day[1]!), payloadHash: 'a'.repeat(64) }
    expect(await pushed(giveUp([other], [day[1]!.clientOpId]))).toEqual(['APPLIED'])
    expect((await told(manager.deviceId))[0]).toMatchObject({ state: 'FORKED' })
  })
})

describe('what is there twice', () => {
  it('two tablets of one image: both sell and sync on, and the fork is told', async () => {
    await applied(chain.links([opening(), ...sales(1)]))
    const clone = chain.clone()
    await applied(chain.links(sales(3)))
    await applied(clone.links(sales(3)))
    await applied(chain.links(sales(1)))
    expect(await told()).toMatchObject([{ state: 'FORKED', wholeTo: 6, forks: [{ from: 3, to: 5 }] }])
  })

  it('a store that is an earlier one, also where nothing came twice yet', async () => {
    await applied(chain.links([opening()]))
    const earlier = chain.clone()
    chain.links(sales(2))
    await report({ ...chain.end, held: 2 }, { waiting: 2 })
    await report({ ...earlier.end, held: 0 }, { at: new Date(Date.now() + 1000).toISOString() })
    const [after] = await told()
    expect(after).toMatchObject({ state: 'FORKED', wholeTo: 1 })
    expect(after!.rolledBackAt).not.toBeNull()
  })

  it('an operation that was edited in the store: the next one does not hold it', async () => {
    const [first, second, third] = chain.links([opening(), ...sales(2)])
    const other = sale(session, { lines: [{ menuItemId: 'croissant', quantity: 2 }] }, { branchId })
    const edited = { ...second!, payload: other.payload, payloadHash: other.payloadHash }
    await applied([first!, edited, third!])
    expect(await told()).toMatchObject([{ state: 'FORKED', wholeTo: 2, forks: [{ from: 3, to: 3 }] }])
  })
})

describe('bounds', () => {
  it(`of a device ${maxChainsOfDevice} chains are followed; what a link cannot be is taken without it`, async () => {
    await applied([opening()])
    for (let i = 0; i < maxChainsOfDevice + 1; i += 1)
      await applied(new Chained(till.deviceId, 'demo-cashier-1').links(sales(1)))
    expect(await told()).toHaveLength(maxChainsOfDevice)
    const [sold] = sales(1)
    await applied([{ ...sold!, deviceSeq: 900, chain: { id: randomUUID(), prev: 'no hash' } }])
  })

  it('a link is what docs/proof.md says it is', async () => {
    const [made] = chain.links([opening()])
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const of = { tenantId: 'demo', deviceId: till.deviceId, chain: chain.id }
    expect(made!.chain!.prev).toBe(sha256(canonicalOrigin(of)))
    const { clientOpId, payloadHash, occurredAt } = made!
    const content = { clientOpId, payloadHash, occurredAt, actorId: 'demo-cashier-1', deviceSeq: 1 }
    expect(chain.head.link).toBe(
      sha256(canonicalLink({ ...content, chain: chain.id, prev: made!.chain!.prev })),
    )
  })
})
