/** Pushes by people of a café that want more than is theirs. */

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { salePayload } from '../../support/cafe.ts'
import { operation } from '../people.ts'
import { freshly, isShort, onlyAnswers, post, pushBody, query, type Row, rounds, times } from '../tools.ts'

const movement = (branchId: string, payload: object = {}) =>
  operation('cashSession.movement', branchId, { cashSessionId: randomUUID(), ...payload })

/** A sale of 60 kB that no till would make. */
const longSale = (saleId: string, cashSessionId: string) =>
  operation('sale.finalize', 'market', {
    ...salePayload(cashSessionId),
    saleId,
    lines: Array.from({ length: 11 }, () => ({
      ...{ menuItemId: 'none', menuItemRevision: 1, quantity: 1 },
      modifierOptionIds: Array.from({ length: 45 }, (_, i) => `${i}`.padEnd(118, '-')),
    })),
  })

/** Payloads of many small values: what is looked at is their number. */
const many = (bytes: number) => {
  const made = movement('riverside', { x: Array.from({ length: bytes / 2 }, () => 1) })
  return () => ({ ...made, clientOpId: randomUUID() })
}
const batchOf = (n: number, make: () => object) => Array.from({ length: n }, make)

const saveLatte = (key: string) => ({
  query: `mutation ($input: MenuItemSaveInput!) {
    menuItemSave(tenantId: "demo", idempotencyKey: "${key}", input: $input) { status code }
  }`,
  variables: { input: { menuItemId: 'latte', name: 'Latte', categoryId: 'coffee', priceUsd: 1 } },
})

export const pushes: Row[] = [
  {
    name: 'a batch of 24 MB of small values',
    must: 'BATCH_TOO_LARGE, without each value being looked at',
    attack(target) {
      const { barista } = target.people
      const body = Buffer.from(pushBody(barista, batchOf(400, many(60_000))))
      return rounds(target, async () => [await post(target, body, { as: barista })])
    },
    check: (outcome) => onlyAnswers(outcome, /^(\d+ BATCH_TOO_LARGE|413.*|closed|200 RATE_LIMITED)$/),
  },
  {
    name: 'batches just within the limit, of small values, four at once',
    must: 'decided, with the others being served between',
    attack(target) {
      const { barista } = target.people
      const body = Buffer.from(pushBody(barista, batchOf(27, many(18_000))))
      return rounds(target, () => times(isShort(target) ? 2 : 4, () => post(target, body, { as: barista })))
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 [A-Z_+]+|413.*|429.*|503.*|closed)$/),
  },
  {
    name: 'full bodies of 4 MB: long texts of letters of three bytes, four at once',
    must: 'decided, with the others being served between',
    attack(target) {
      const { barista } = target.people
      const made = movement('riverside', { reason: 'ក'.repeat(20_000) })
      const operations = batchOf(65, () => ({ ...made, clientOpId: randomUUID() }))
      const body = Buffer.from(pushBody(barista, operations))
      return rounds(target, () => times(isShort(target) ? 2 : 4, () => post(target, body, { as: barista })))
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 [A-Z_+]+|413.*|429.*|503.*|closed)$/),
  },
  {
    name: 'a batch of operations that name 300,000 others, four at once',
    must: 'refused or decided, with the others being served between',
    attack(target) {
      const { barista } = target.people
      const id = randomUUID()
      const dependsOn = Array.from({ length: 600 }, () => id)
      const operations = batchOf(150, () => ({ ...movement('riverside'), dependsOn }))
      const body = Buffer.from(pushBody(barista, operations))
      return rounds(target, () => times(isShort(target) ? 2 : 4, () => post(target, body, { as: barista })))
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 [A-Z_+]+|413.*|429.*|503.*|closed)$/),
  },
  {
    name: 'a device that numbers its operations with gaps without end',
    must: 'decided; what is kept of the gaps is bounded',
    async attack(target) {
      const { barista } = target.people
      const made = batchOf(500, () => movement('riverside'))
      const batch = (n: number) =>
        made.map((each, i) => ({
          ...each,
          clientOpId: randomUUID(),
          deviceSeq: 3 * (500 * n + i) + 1,
        }))
      return rounds(target, async (n) => [await post(target, pushBody(barista, batch(n)), { as: barista })])
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 [A-Z_+]+|413.*|429.*|503.*|closed)$/),
  },
  {
    name: '1,200 batches of one person, all to be refused',
    must: "put off beyond that person's share; nobody else hears OVERLOADED",
    attack(target) {
      const { barista } = target.people
      const body = freshly(
        barista,
        batchOf(isShort(target) ? 2 : 20, () => movement('riverside')),
      )
      return rounds(target, () =>
        times(isShort(target) ? 100 : 1200, () => post(target, body(), { as: barista, withinMs: 60_000 })),
      )
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 [A-Z_+]+|413.*|429.*|503.*|closed)$/),
  },
  {
    name: 'refused sales of 60 kB under one id, and what is outside of their session asked for',
    must: 'kept, and of what is kept a bounded part is ever loaded at once',
    async attack(target) {
      const { marketCashier } = target.people
      const [saleId, session] = [randomUUID(), randomUUID()]
      const outside = `{ closingOutside(tenantId: "demo", branchId: "market", cashSessionId: "${session}") }`
      const body = freshly(
        marketCashier,
        batchOf(isShort(target) ? 20 : 60, () => longSale(saleId, session)),
      )
      return rounds(target, async () => [
        await post(target, body(), { as: marketCashier }),
        ...(await times(4, () => query(target, outside, {}, { as: marketCashier }))),
      ])
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 [A-Z_+]+|200 data|413.*|429.*|503.*|closed)$/),
  },
  {
    name: 'a cashier of market pushes into riverside, 40 at once',
    must: 'NO_BRANCH_ACCESS, and no turn of riverside is taken',
    victim: 'neighbour',
    attack(target) {
      const { marketCashier } = target.people
      const body = freshly(
        marketCashier,
        batchOf(50, () => movement('riverside')),
      )
      return rounds(target, () => times(40, () => post(target, body(), { as: marketCashier })))
    },
    check: (outcome) =>
      onlyAnswers(
        outcome,
        /^(200 (NO_BRANCH_ACCESS|(EARLIER_OPERATION_DEFERRED\+)?(OVERLOADED|BUSY)|RATE_LIMITED)|429.*)$/,
      ),
  },
  {
    name: "a barista pushes under the neighbour's device, 40 at once",
    must: 'FORBIDDEN (DEVICE_NOT_YOURS), and no turn of the device is taken',
    victim: 'neighbour',
    attack(target) {
      const { barista, neighbour } = target.people
      const body = () =>
        pushBody(
          barista,
          batchOf(50, () => movement('riverside')),
          neighbour.deviceId,
        )
      return rounds(target, () => times(40, () => post(target, body(), { as: barista })))
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 (FORBIDDEN|RATE_LIMITED)|429.*)$/),
  },
  {
    name: 'a barista saves the menu, 40 at once',
    must: 'ACTION_NOT_PERMITTED before any stream is waited for',
    victim: 'neighbour',
    attack(target) {
      const { barista } = target.people
      return rounds(target, () =>
        times(40, () => {
          const { query: text, variables } = saveLatte(randomUUID())
          return query(target, text, variables, { as: barista })
        }),
      )
    },
    check: (outcome) => onlyAnswers(outcome, /^(200 (data|RATE_LIMITED)|429.*)$/),
  },
  {
    name: 'the last number of all, as another till',
    must: 'FORBIDDEN: the till keeps its count',
    victim: 'neighbour',
    async attack(target) {
      const { barista, neighbour } = target.people
      const op = { ...movement('riverside'), deviceSeq: Number.MAX_SAFE_INTEGER }
      await target.begin()
      const said = await post(target, pushBody(barista, [op], neighbour.deviceId), { as: barista })
      return { [said]: 1 }
    },
    check: (outcome) => onlyAnswers(outcome, /^200 FORBIDDEN$/),
  },
  {
    name: "another tenant's people: pushed and read with a token of theirs",
    must: 'FORBIDDEN',
    async attack(target) {
      const { rivalAdmin, neighbour } = target.people
      const body = pushBody({ ...neighbour, token: rivalAdmin.token }, [movement('riverside')])
      await target.begin()
      const pushed = await post(target, body, { as: rivalAdmin })
      const read = await query(
        target,
        '{ branch(tenantId: "demo", branchId: "riverside") { name } }',
        {},
        { as: rivalAdmin },
      )
      return { [`pushed ${pushed}`]: 1, [`read ${read}`]: 1 }
    },
    check(outcome) {
      assert.deepEqual(outcome, { 'pushed 200 FORBIDDEN': 1, 'read 200 FORBIDDEN': 1 })
    },
  },
]
