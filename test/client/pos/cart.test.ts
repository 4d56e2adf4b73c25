import { describe, expect, it } from 'vitest'
import {
  addToCart,
  type Cart,
  countOf,
  emptyCart,
  maxLines,
  setOptions,
  setQuantity,
  splitLine,
} from '../../../client/pos/lib/cart.ts'
import { createCartStore } from '../../../client/pos/lib/cart-store.ts'
import { maxParked, park, without } from '../../../client/pos/lib/parked.ts'
import { repriced, saleLines, totalsOfCart, unitPriceOf } from '../../../client/pos/lib/price-cart.ts'
import { croissant, latte, menuWith, milk, policy, size } from './menu-of-tests.ts'

const saleId = 'b5b9c8a2-6e0a-4a29-8d7e-5b1f5d2c0001'
const menu = menuWith([latte, croissant])

function cartOf(...additions: [item: typeof latte, optionIds: string[]][]): Cart {
  return additions.reduce<Cart>((cart, [item, optionIds], i) => {
    const unitUsd = unitPriceOf(menu, item, optionIds)
    return addToCart(cart, { item, optionIds, unitUsd, lineId: `line-${i}` })[0]
  }, emptyCart(saleId))
}
const regular = ['size-1']

describe('the cart', () => {
  it('counts one more of the same with the same choices on its line', () => {
    const cart = cartOf([latte, regular], [latte, ['size-1', 'milk-1']], [latte, regular])
    expect(cart.lines.map(({ id, quantity }) => [id, quantity])).toEqual([
      ['line-0', 2],
      ['line-1', 1],
    ])
    expect(countOf(cart)).toBe(3)
  })

  it('tells how many there are of an item to those who show that item alone', () => {
    const store = createCartStore({ cart: cartOf([latte, regular], [latte, ['size-1', 'milk-1']]) })
    const told: string[] = []
    const stop = store.subscribeTo('latte', () => told.push(`latte ${store.countOf('latte')}`))
    store.subscribeTo('croissant', () => told.push(`croissant ${store.countOf('croissant')}`))
    expect([store.countOf('latte'), store.countOf('croissant')]).toEqual([2, 0])
    store.follow({ cart: cartOf([latte, regular], [latte, ['size-1', 'milk-1']], [croissant, []]) })
    expect(told).toEqual(['croissant 1'])
    store.follow({ cart: emptyCart(saleId) })
    expect(told.sort()).toEqual(['croissant 0', 'croissant 1', 'latte 0'])
    stop()
    store.follow({ cart: cartOf([latte, regular]) })
    expect(told).toHaveLength(3)
  })

  it('says which line was added to, whatever the order of the choices', () => {
    const cart = cartOf([latte, ['size-1', 'milk-1']])
    const [, lineId] = addToCart(cart, {
      item: latte,
      optionIds: ['milk-1', 'size-1'],
      unitUsd: 270,
      lineId: 'new',
    })
    expect(lineId).toBe('line-0')
  })

  it('loses a line whose quantity is 0, and sells no more than 999 at once', () => {
    const cart = cartOf([latte, regular], [croissant, []])
    expect(setQuantity(cart, 'line-0', 0).lines.map(({ menuItemId }) => menuItemId)).toEqual(['croissant'])
    expect(setQuantity(cart, 'line-0', 5000).lines[0]!.quantity).toBe(999)
  })

  it('takes no more lines than a sale may have', () => {
    const lines = Array.from({ length: maxLines }, (_, i) => ({
      ...cartOf([croissant, []]).lines[0]!,
      id: `${i}`,
    }))
    const full = { ...emptyCart(saleId), lines }
    expect(addToCart(full, { item: latte, optionIds: regular, unitUsd: 260, lineId: 'new' })[0]).toBe(full)
  })
})

describe('its price', () => {
  it('is the items and their choices, with VAT, in dollars and riel', () => {
    const cart = setQuantity(cartOf([latte, ['size-2', 'milk-1']], [croissant, []]), 'line-1', 2)
    // 2 x 1.80 + (2.50 + 0.20 + 0.10) = 6.40; VAT 0.64; 7.04 x 4100 = 28,864
    expect(totalsOfCart(cart, policy)).toEqual({
      subtotalUsd: 640,
      vatUsd: 64,
      totalUsd: 704,
      totalKhr: 28_900,
    })
  })

  it('follows the choices of a line', () => {
    const cart = cartOf([latte, regular])
    const large = setOptions(cart, 'line-0', ['size-2'], unitPriceOf(menu, latte, ['size-2']))
    expect(large.lines[0]!.unitUsd).toBe(270)
  })

  it('is said by the revisions that are shown', () => {
    const newer = menuWith([{ ...latte, revision: 7 }, croissant])
    expect(saleLines(cartOf([latte, regular]), newer)).toEqual([
      { menuItemId: 'latte', menuItemRevision: 7, quantity: 1, modifierOptionIds: ['size-1'] },
    ])
  })
})

describe('a menu that changes under the cart', () => {
  it('changes nothing where nothing of it is in the cart', () => {
    const cart = cartOf([latte, regular])
    const same = repriced(
      cart,
      menuWith([
        { ...latte, revision: 2 },
        { ...croissant, priceUsd: 999 },
      ]),
    )
    expect(same.cart).toBe(cart)
    expect(same.notices).toEqual([])
  })

  it('brings new prices, and says so', () => {
    const after = repriced(cartOf([latte, regular]), menuWith([{ ...latte, priceUsd: 300 }]))
    expect(after.cart.lines[0]!.unitUsd).toBe(310)
    expect(after.notices).toEqual([{ what: 'price', name: 'Latte', from: 260, to: 310 }])
  })

  it('takes out what is no longer sold, and says so', () => {
    const after = repriced(
      cartOf([latte, regular], [croissant, []]),
      menuWith([latte, { ...croissant, archived: true }]),
    )
    expect(after.cart.lines.map(({ menuItemId }) => menuItemId)).toEqual(['latte'])
    expect(after.notices).toEqual([{ what: 'gone', name: 'Butter croissant' }])
  })

  it('replaces choices that are gone, and says so', () => {
    const smaller = { ...size, options: size.options.slice(1) }
    const after = repriced(cartOf([latte, ['size-1', 'milk-1']]), menuWith([latte], [smaller, milk]))
    expect(after.cart.lines[0]).toMatchObject({ optionIds: ['size-2', 'milk-1'], unitUsd: 280 })
    expect(after.notices).toEqual([{ what: 'choices', name: 'Latte' }])
  })

  it('brings a new name quietly', () => {
    const after = repriced(cartOf([latte, regular]), menuWith([{ ...latte, name: 'Big latte' }]))
    expect(after.cart.lines[0]!.name).toBe('Big latte')
    expect(after.notices).toEqual([])
  })

  it('has nothing more to say the second time', () => {
    const changed = menuWith([{ ...latte, priceUsd: 300 }])
    const { cart } = repriced(cartOf([latte, regular], [croissant, []]), changed)
    expect(repriced(cart, changed)).toEqual({ cart, notices: [] })
  })
})

describe('parked carts', () => {
  const cart = {
    ...emptyCart('5b7b6ad6-0f0e-4a53-9d62-0e5fd4f1a009'),
    lines: [{ id: 'l', menuItemId: 'latte', name: 'Latte', quantity: 3, optionIds: ['large'], unitUsd: 300 }],
  }
  const of = { name: ' Table 4 ', actorId: 'sophea', at: new Date('2026-03-02T02:00:00Z') }

  it('have a name and an owner, are there once, and never more than a counter has', () => {
    const parked = park(park([], cart, of), cart, of)
    expect(parked).toEqual([
      { cart, name: 'Table 4', actorId: 'sophea', parkedAt: '2026-03-02T02:00:00.000Z' },
    ])
    expect(park([], emptyCart('x'), of)).toEqual([])
    expect(without(parked, cart.saleId)).toEqual([])
    const full = Array.from({ length: maxParked }, (_, i) => ({
      ...parked[0]!,
      cart: { ...cart, saleId: `${i}` },
    }))
    expect(park(full, cart, of)).toBe(full)
  })

  it('one of a line can have a line, and so other choices, of its own', () => {
    const split = splitLine(cart, 'l', 'new')
    expect(split.lines.map(({ id, quantity }) => [id, quantity])).toEqual([
      ['l', 2],
      ['new', 1],
    ])
    const single = { ...cart, lines: [{ ...cart.lines[0]!, quantity: 1 }] }
    expect(splitLine(single, 'l', 'new')).toBe(single)
  })
})
