import { describe, expect, it } from 'vitest'
import { isLow } from '../../src/modules/inventory/contract.ts'
import { stockItems, stockMoves } from '../../src/modules/inventory/tables.ts'
import { aMinuteBefore, given } from '../support/decider.ts'
import { stock } from '../support/rows.ts'

describe('inventory.restock', () => {
  it('adds to what is on hand, by an entry in the ledger', () => {
    const after = given(stock('beans', 200))
      .when('inventory.restock', { stockItemId: 'beans', quantity: 1000, reason: 'delivery' })
      .thenAccepted({ stockItemId: 'beans', onHand: 1200 })
    expect(after.one(stockItems)).toEqual({
      branchId: 'riverside',
      id: 'beans',
      name: 'beans',
      unit: 'g',
      onHand: 1200,
      lowAt: null,
    })
    expect(after.one(stockMoves)).toMatchObject({
      kind: 'RESTOCK',
      items: { beans: 1000 },
      reason: 'delivery',
      saleId: null,
      occurredAt: aMinuteBefore,
    })
    expect(after.audit).toEqual(['INVENTORY_RESTOCKED'])
  })

  it('makes an item that is new in the branch, with its name and unit', () => {
    const after = given(stock('beans', 200, 'market'))
      .when('inventory.restock', { stockItemId: 'beans', quantity: 5, name: 'Beans', unit: 'kg' })
      .thenAccepted({ stockItemId: 'beans', onHand: 5 })
    expect(after.one(stockItems, { branchId: 'riverside' })).toMatchObject({
      name: 'Beans',
      unit: 'kg',
      onHand: 5,
    })
    expect(after.one(stockItems, { branchId: 'market' })).toMatchObject({ onHand: 200 })
  })

  it.each([{}, { name: 'Beans' }, { unit: 'kg' }])('needs name and unit for a new item, has %o', (fields) => {
    given()
      .when('inventory.restock', { stockItemId: 'beans', quantity: 5, ...fields })
      .thenRejected('STOCK_ITEM_UNKNOWN', { stockItemId: 'beans' })
  })

  it('renames a known item where a name is given', () => {
    const after = given(stock('beans', 200))
      .when('inventory.restock', { stockItemId: 'beans', quantity: 5, name: 'House beans' })
      .thenAccepted()
    expect(after.one(stockItems)).toMatchObject({ name: 'House beans', unit: 'g', onHand: 205 })
  })

  it('brings up what had fallen below zero', () => {
    given(stock('beans', -30))
      .when('inventory.restock', { stockItemId: 'beans', quantity: 100 })
      .thenAccepted({ stockItemId: 'beans', onHand: 70 })
  })

  it('adds something: a quantity of 1 or more', () => {
    for (const quantity of [0, -1, 1.5])
      expect(() => given().when('inventory.restock', { stockItemId: 'beans', quantity })).toThrow()
  })
})

describe('inventory.adjust', () => {
  it.each([
    [-250, -50],
    [40, 240],
  ])('adds %i, even below zero', (quantity, onHand) => {
    const after = given(stock('beans', 200))
      .when('inventory.adjust', { stockItemId: 'beans', quantity, reason: 'counted' })
      .thenAccepted({ stockItemId: 'beans', onHand })
    expect(after.one(stockItems)).toMatchObject({ name: 'beans', onHand })
    expect(after.one(stockMoves)).toMatchObject({
      kind: 'ADJUSTMENT',
      items: { beans: quantity },
      reason: 'counted',
    })
    expect(after.audit).toEqual(['INVENTORY_ADJUSTED'])
  })

  it('knows the branch’s own items only', () => {
    given(stock('beans', 200, 'market'))
      .when('inventory.adjust', { stockItemId: 'beans', quantity: 1, reason: 'counted' })
      .thenRejected('STOCK_ITEM_UNKNOWN', { stockItemId: 'beans' })
  })

  it('needs a reason', () => {
    expect(() =>
      given().when('inventory.adjust', { stockItemId: 'beans', quantity: 1, reason: ' ' }),
    ).toThrow()
  })
})

describe('inventory.waste', () => {
  it.each([
    [50, 150],
    [250, -50],
  ])('takes off %i, even below zero', (quantity, onHand) => {
    const after = given(stock('beans', 200))
      .when('inventory.waste', { stockItemId: 'beans', quantity, reason: ' spilt ' })
      .thenAccepted({ stockItemId: 'beans', onHand })
    expect(after.one(stockItems)).toMatchObject({ name: 'beans', onHand })
    expect(after.one(stockMoves)).toMatchObject({
      kind: 'WASTE',
      items: { beans: -quantity },
      reason: 'spilt',
    })
    expect(after.audit).toEqual(['INVENTORY_WASTED'])
  })

  it('knows the branch’s own items only', () => {
    given(stock('beans', 200, 'market'))
      .when('inventory.waste', { stockItemId: 'beans', quantity: 1, reason: 'spilt' })
      .thenRejected('STOCK_ITEM_UNKNOWN', { stockItemId: 'beans' })
  })

  it.each([
    { quantity: 0, reason: 'spilt' },
    { quantity: -1, reason: 'spilt' },
    { quantity: 1_000_000_001, reason: 'spilt' },
    { quantity: 1, reason: ' ' },
  ])('is something, for a reason: not %o', (what) => {
    expect(() => given().when('inventory.waste', { stockItemId: 'beans', ...what })).toThrow()
  })
})

it('stock below zero is flagged in the feed', () => {
  const payload = stockItems.change?.payload
  const row = { branchId: 'riverside', id: 'beans', name: 'Beans', unit: 'g', lowAt: null }
  expect(payload?.({ ...row, onHand: -1 })).toMatchObject({ onHand: -1, belowZero: true })
  expect(payload?.({ ...row, onHand: 0 })).toMatchObject({ onHand: 0, belowZero: false })
})

describe('inventory.setThreshold', () => {
  it('is kept with the item, whatever is sold, counted or delivered, and leaves no entry', () => {
    const after = given(stock('beans', 200))
      .when('inventory.setThreshold', { stockItemId: 'beans', lowAt: 250 })
      .thenAccepted({ stockItemId: 'beans', lowAt: 250 })
    expect(after.one(stockItems)).toMatchObject({ onHand: 200, lowAt: 250 })
    expect(after.all(stockMoves)).toEqual([])
    expect(after.audit).toEqual(['INVENTORY_THRESHOLD_SET'])
    const known = stockItems.row({ ...after.one(stockItems), lowAt: 250 })
    for (const [type, payload] of [
      ['inventory.restock', { stockItemId: 'beans', quantity: 5, name: 'House beans' }],
      ['inventory.adjust', { stockItemId: 'beans', quantity: -5, reason: 'counted' }],
    ] as const)
      expect(given(known).when(type, payload).thenAccepted().one(stockItems)).toMatchObject({ lowAt: 250 })
  })

  it('takes an item that the branch has, and a level of nothing or more; null is none', () => {
    given()
      .when('inventory.setThreshold', { stockItemId: 'beans', lowAt: 1 })
      .thenRejected('STOCK_ITEM_UNKNOWN')
    for (const lowAt of [-1, 1.5, '5'])
      expect(() => given().when('inventory.setThreshold', { stockItemId: 'beans', lowAt })).toThrow()
    given(stock('beans', 1))
      .when('inventory.setThreshold', { stockItemId: 'beans', lowAt: null })
      .thenAccepted()
  })

  it.each([
    [5, 5, true],
    [6, 5, false],
    [0, 0, true],
    [1, null, false],
    [-1, null, true],
  ])('%i on hand, warned at %s: %s', (onHand, lowAt, low) => expect(isLow({ onHand, lowAt })).toBe(low))
})
