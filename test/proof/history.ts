/**
 * A café's days as an export tells them: made by the modules' own deciders in memory, seeded, so that thousands can be made
 * and each can be made again.
 */
import { createHash } from 'node:crypto'
import { cashMovements } from '../../src/modules/cash-session/tables.ts'
import {
  chainLine,
  type Line,
  movementLine,
  operationLine,
  refusalLine,
  saleLine,
  statementLine,
  supplementLine,
} from '../../src/modules/closing/lines.ts'
import { closingHeads, refusals, statements, supplements } from '../../src/modules/closing/tables.ts'
import { defaultPolicy } from '../../src/modules/policy/publish.ts'
import { changeOf, totalsOf } from '../../src/modules/sale/pricing.ts'
import { sales } from '../../src/modules/sale/tables.ts'
import { joined, type Run } from '../../src/sync/chain.ts'
import { payloadHashOf, type SubmittedOperation } from '../../src/sync/inspect.ts'
import type { Json } from '../../src/sync/words.ts'
import { Chained } from '../support/chained.ts'
import type { Envelope } from '../support/gateway.ts'
import { MemoryGateway } from '../support/memory-gateway.ts'
import {
  assigned,
  branch,
  category,
  item,
  member,
  policy,
  published,
  signedIn,
  tenant,
} from '../support/rows.ts'

/** Numbers from 0 on and below 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let n = Math.imul(state ^ (state >>> 15), state | 1)
    n ^= n + Math.imul(n ^ (n >>> 7), n | 61)
    return ((n ^ (n >>> 14)) >>> 0) / 4_294_967_296
  }
}

export type Dice = { next: () => number; below: (n: number) => number; uuid: () => string }
export function dice(seed: number): Dice {
  const next = random(seed)
  const below = (n: number) => Math.floor(next() * n)
  const hex = (count: number) => Array.from({ length: count }, () => below(16).toString(16)).join('')
  return { next, below, uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}` }
}

const tills = ['till-1', 'till-2']
const prices = [150, 250]
const rows = [
  ...tenant_(),
  category(),
  item({ modifierGroupIds: [], recipe: [], priceUsd: 250 }),
  published({ modifierGroups: [], recipe: [] }),
  item({ id: 'tea', name: 'Tea', modifierGroupIds: [], recipe: [], priceUsd: 150 }),
  published({ menuItemId: 'tea', name: 'Tea', modifierGroups: [], recipe: [], priceUsd: 150 }),
].flat()

function tenant_() {
  return [
    tenant(),
    branch(),
    policy(),
    member('dara', 'MANAGER'),
    member('sophea', 'CASHIER'),
    ...['dara', 'sophea'].map((id) => assigned(id)),
    tills.map((id) => signedIn('sophea', id)),
  ].flat()
}

type Sent = { operation: Envelope; deviceId: string; status: string; code: string | null }

/** Days of a café with two tills: sessions opened, used and closed, something late, supplements, voids. */
export async function history(seed: number, days = 2): Promise<Line[]> {
  const of = dice(seed)
  const gateway = new MemoryGateway(rows)
  const chains = new Map(tills.map((id) => [id, new Chained(id, 'sophea', { id: of.uuid() })]))
  const sent: Sent[] = []
  let minutes = 0

  function operation(type: string, payload: unknown): Envelope {
    minutes += 1
    const occurredAt = new Date(Date.UTC(2026, 2, 1, 0, minutes)).toISOString()
    const payloadHash = payloadHashOf({ type, branchId: 'riverside', payload: payload as Json })
    return { clientOpId: of.uuid(), type, branchId: 'riverside', payload, payloadHash, occurredAt }
  }
  async function push(deviceId: string, operations: Envelope[]) {
    const queue = chains.get(deviceId)!.links(operations)
    const submitted = queue.map(
      (each): SubmittedOperation => ({ ...each, occurredAt: new Date(each.occurredAt) }),
    )
    const at = new Date(Date.UTC(2026, 2, 1, 0, minutes, 30))
    const verdicts = await gateway.push(submitted, { accountId: 'sophea', deviceId, at })
    for (const [i, { status, code }] of verdicts.entries())
      sent.push({ operation: queue[i]!, deviceId, status, code })
    return verdicts
  }
  const direct = (type: string, payload: unknown) => {
    const made = operation(type, payload)
    const at = new Date(Date.UTC(2026, 2, 1, 0, minutes, 30))
    return gateway.push([{ ...made, occurredAt: new Date(made.occurredAt) }], {
      ...{ accountId: 'dara', deviceId: null, lane: 'DIRECT', at },
    })
  }
  const sale = (cashSessionId: string) => {
    const kinds = ['tea', 'latte'] as const
    const picked = Array.from({ length: 1 + of.below(2) }, () => ({
      kind: of.below(2),
      quantity: 1 + of.below(3),
    }))
    const totals = totalsOf(
      picked.map(({ kind, quantity }) => ({ unitUsd: prices[kind]!, quantity })),
      defaultPolicy,
    )
    const currency = of.below(2) === 0 ? ('USD' as const) : ('KHR' as const)
    const received = (currency === 'USD' ? totals.totalUsd : totals.totalKhr) + of.below(3) * 100
    return operation('sale.finalize', {
      ...{ saleId: of.uuid(), cashSessionId, saleType: 'TAKEAWAY', policyRevision: 1, totals },
      lines: picked.map(({ kind, quantity }) => ({
        ...{ menuItemId: kinds[kind], menuItemRevision: 1, quantity, modifierOptionIds: [] },
      })),
      tender: {
        method: 'CASH',
        currency,
        received,
        change: changeOf({ currency, received }, totals, defaultPolicy),
      },
    })
  }
  const movement = (cashSessionId: string) =>
    operation('cashSession.movement', {
      ...{ movementId: of.uuid(), cashSessionId, kind: of.below(2) === 0 ? 'PAID_IN' : 'PAID_OUT' },
      ...{ currency: of.below(2) === 0 ? 'USD' : 'KHR', amount: 100 * (1 + of.below(50)), reason: 'change' },
    })

  for (let day = 0; day < days; day += 1) {
    const cashSessionId = of.uuid()
    await push('till-1', [
      operation('cashSession.open', { cashSessionId, openingFloat: { usd: 5000, khr: 200_000 } }),
    ])
    for (let i = 0; i < 5 + of.below(6); i += 1)
      await push(tills[of.below(2)]!, [of.below(5) === 0 ? movement(cashSessionId) : sale(cashSessionId)])
    if (of.below(2) === 0) {
      const sold = gateway.rows.all(sales).filter(({ status }) => status === 'FINALIZED')
      if (sold.length > 0)
        await direct('sale.void', { saleId: sold[of.below(sold.length)]!.id, reason: 'spilt' })
    }
    const late = Array.from({ length: of.below(3) }, () => sale(cashSessionId))
    const counted = { usd: 5000 + of.below(9000), khr: 200_000 }
    await push('till-1', [operation('cashSession.close', { cashSessionId, counted })])
    const results = await push('till-2', late)
    const ids = results.map(({ clientOpId }) => clientOpId)
    if (ids.length > 0 && of.below(2) === 0)
      await direct('cashSession.supplement', { cashSessionId, clientOpIds: ids, reason: 'late' })
  }
  // An empty history would be clean, and nothing could be done to it.
  const refused = sent.find(({ status, code }) => status !== 'APPLIED' && code !== 'CASH_SESSION_NOT_OPEN')
  if (refused) throw new Error(`the history cannot be made: ${refused.code}`)
  return linesOf(gateway, sent, chains)
}

function linesOf(
  gateway: MemoryGateway,
  sent: readonly Sent[],
  chains: ReadonlyMap<string, Chained>,
): Line[] {
  const all = gateway.rows
  const operations = sent.map(({ operation, deviceId, status, code }) =>
    operationLine('riverside', {
      ...{ clientOpId: operation.clientOpId, type: operation.type, branchId: 'riverside' },
      ...{ payload: operation.payload as Json, payloadHash: operation.payloadHash, madeHash: null },
      ...{
        status,
        code,
        actorId: 'sophea',
        deviceId,
        deviceSeq: operation.deviceSeq!,
        chainId: operation.chain!.id,
      },
      ...{
        prevLink: operation.chain!.prev,
        occurredAt: new Date(operation.occurredAt),
        decidedAt: new Date(0),
      },
    }),
  )
  const told = [...chains].map(([deviceId, chain]) =>
    chainLine({
      ...{
        deviceId,
        chainId: chain.id,
        runs: runsOf(sent.filter((each) => each.deviceId === deviceId)),
        untracked: 0,
        givenUp: [],
      },
      ...{ headSeq: chain.head.deviceSeq, headLink: chain.head.link, headHeld: 0, rolledBackAt: null },
      ...{ from: 1, to: null },
    }),
  )
  const lines: Line[] = [
    { kind: 'header', version: 1, tenantId: 'demo', branchId: 'riverside' },
    ...all.all(statements).map(statementLine),
    ...all.all(supplements).map(supplementLine),
    ...all.all(sales).map(saleLine),
    ...all.all(cashMovements).map(movementLine),
    ...all.all(refusals).map(refusalLine),
    ...operations,
    ...told,
    ...all.all(closingHeads).map(({ branchId: _, ...head }) => ({ kind: 'end', ...head })),
  ]
  return lines.map((line) => JSON.parse(JSON.stringify(line)) as Line)
}

/** The runs of what came, in its order. */
export function runsOf(sent: readonly Pick<Sent, 'operation'>[]): Run[] {
  const links = sent.map(({ operation }) => ({
    ...{ deviceSeq: operation.deviceSeq!, prev: operation.chain!.prev, again: false },
    link: linkOf(operation),
  }))
  return joined([], links).runs
}

/** As docs/proof.md says. */
export function linkOf({ clientOpId, payloadHash, occurredAt, deviceSeq, chain }: Envelope): string {
  const text = `{"actorId":"sophea","chain":"${chain!.id}","clientOpId":"${clientOpId}","deviceSeq":${deviceSeq},"occurredAt":"${occurredAt}","payloadHash":"${payloadHash}","prev":"${chain!.prev}"}`
  return createHash('sha256').update(text).digest('hex')
}
