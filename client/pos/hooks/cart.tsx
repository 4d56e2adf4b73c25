/**
 * The cart of the person at the till: kept in this browser at every step, priced by the menu of now.
 */
import {
  createContext,
  type Context as ReactContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { v7 as newId } from 'uuid'
import { useSyncClient, useSyncStatus } from '../../react/index.ts'
import type { Context, SyncClient } from '../../sdk/index.ts'
import {
  addToCart,
  type Cart,
  type CartLine,
  emptyCart,
  isEmpty,
  type SaleType,
  setOptions,
  setQuantity,
  splitLine,
} from '../lib/cart.ts'
import { type CartStore, createCartStore } from '../lib/cart-store.ts'
import { claimCart } from '../lib/claim.ts'
import { keepCart, keepLastActor, keepParked, keptCart, keptLastActor, keptParked } from '../lib/kept.ts'
import type { Item, Menu } from '../lib/menu.ts'
import { type ParkedCart, park, without } from '../lib/parked.ts'
import { type Notice, repriced, unitPriceOf } from '../lib/price-cart.ts'
import { firstSelection, type Selection } from '../lib/selection.ts'
import { useMenu } from './use-cafe.ts'
import { useContextOfTill } from './use-context.ts'

export type Carts = {
  cart: Cart
  /** The line whose choices are being made, if any. */
  lineInHand: CartLine | null
  /** What the menu has changed in the cart, until somebody has seen it. */
  notices: readonly Notice[]
  /** What was emptied last, until something else is in the cart. */
  emptied: Cart | null
  parked: readonly ParkedCart[]
  /** Whoever was at the till before, with their cart, until somebody has said whose it is. */
  left: { actorId: string; cart: Cart } | null
}

/** They stay the same from one step to the next, so that the menu need not be drawn anew for them. */
type Steps = {
  menu: Menu
  /** Adds one with its first choices, and takes its line in hand where there are others. */
  add: (item: Item) => void
  setQuantity: (lineId: string, quantity: number) => void
  setOptions: (lineId: string, item: Item, selection: Selection) => void
  takeInHand: (lineId: string | null) => void
  setSaleType: (saleType: SaleType) => void
  dismissNotices: () => void
  /** A new and empty one. */
  startAnew: () => void
  /** The same, which can be undone. */
  empty: () => void
  undoEmpty: () => void
  split: (lineId: string) => void
  /** Puts the cart aside, under a name. */
  park: (name: string) => void
  /** Goes on with a parked cart; what is in the cart now is parked in its place. */
  unpark: (parked: ParkedCart) => void
  /** What becomes of the cart of whoever was here before. */
  settleLeft: (what: 'take' | 'park' | 'leave') => void
}

const StoreContext = createContext<CartStore<Carts> | null>(null)
const StepsContext = createContext<Steps | null>(null)

function useIn<Value>(context: ReactContext<Value | null>): Value {
  const value = useContext(context)
  if (value === null) throw new Error('the cart needs a <CartProvider> around it')
  return value
}

/** A part of the cart as it is, or a number or a yes that is made of it: who asks is drawn anew when that is another. */
export function useCart<Part>(select: (carts: Carts) => Part): Part {
  const store = useIn(StoreContext)
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

/** What can be done with the cart, by which menu: nothing is drawn anew for it but when the menu changes. */
export const useCartSteps = (): Steps => useIn(StepsContext)

/** How many of the item are in the cart. */
export function useCountOf(itemId: string): number {
  const store = useIn(StoreContext)
  const subscribe = useCallback(
    (listener: () => void) => store.subscribeTo(itemId, listener),
    [store, itemId],
  )
  return useSyncExternalStore(subscribe, () => store.countOf(itemId))
}

/** Whoever takes over has a cart of their own, and finds it again. */
export function CartProvider({ children }: { children: ReactNode }) {
  const context = useContextOfTill()
  const { tenantId, branchId, actorId } = context
  return (
    <PersonsCart key={`${tenantId} ${branchId} ${actorId}`} context={context}>
      {children}
    </PersonsCart>
  )
}

type Held = { cart: Cart; inHand: string | null; emptied?: Cart | null }

function PersonsCart({ context, children }: { context: Context; children: ReactNode }) {
  const client = useSyncClient()
  const menu = useMenu()
  const isMenuKnown = useSyncStatus(({ ready }) => ready)
  const [held, setHeld] = useState<Held>(() => ({ cart: cartAtStart(client, context), inHand: null }))
  const [notices, setNotices] = useState<readonly Notice[]>([])

  const fresh = useMemo(
    () => (isMenuKnown ? repriced(held.cart, menu) : { cart: held.cart, notices: [] }),
    [held.cart, menu, isMenuKnown],
  )
  useEffect(() => {
    if (fresh.cart !== held.cart) setHeld((before) => ({ ...before, cart: fresh.cart }))
    if (fresh.notices.length > 0) setNotices((before) => [...before, ...fresh.notices])
  }, [fresh, held.cart])
  useEffect(() => keepCart(context, fresh.cart), [context, fresh.cart])
  const isDecided = useOwnCart(held.cart.saleId, setHeld)
  const heldNow = useRef(fresh.cart)
  heldNow.current = fresh.cart

  const [parked, setParked] = useState<readonly ParkedCart[]>(() =>
    keptParked(context).filter(({ cart }) => !client.get('sale', cart.saleId)),
  )
  const [left, setLeft] = useState(() => leftAtStart(client, context))
  useEffect(() => keepLastActor(context), [context])
  const steps: Steps = useMemo(
    () => ({
      menu,
      ...stepsWith(menu, context, setHeld, setNotices),
      ...parkingWith(context, { held: () => heldNow.current, setHeld, setParked, left, setLeft }),
    }),
    [menu, context, left],
  )
  const { inHand, emptied = null } = held
  const carts = useMemo(
    (): Carts => ({
      cart: fresh.cart,
      lineInHand: fresh.cart.lines.find(({ id }) => id === inHand) ?? null,
      notices,
      emptied: isEmpty(fresh.cart) ? emptied : null,
      parked,
      left,
    }),
    [fresh.cart, inHand, emptied, notices, parked, left],
  )
  const [store] = useState(() => createCartStore(carts))
  useLayoutEffect(() => store.follow(carts), [store, carts])
  return (
    <StepsContext value={steps}>
      <StoreContext value={store}>{isDecided && children}</StoreContext>
    </StepsContext>
  )
}

/**
 * Where another tab has this cart, this one begins another. False until that is known for the first cart: what is tapped
 * into a cart that goes away again would be lost.
 */
function useOwnCart(saleId: string, setHeld: (step: (before: Held) => Held) => void): boolean {
  const [isDecided, setIsDecided] = useState(false)
  useEffect(() => {
    const claim = claimCart(saleId)
    let isShown = true
    claim.granted.then((isGranted) => {
      if (!isShown) return
      if (isGranted === false)
        setHeld((before) =>
          before.cart.saleId === saleId ? { cart: emptyCart(newId()), inHand: null } : before,
        )
      setIsDecided(true)
    })
    return () => {
      isShown = false
      claim.release()
    }
  }, [saleId, setHeld])
  return isDecided
}

function stepsWith(
  menu: Menu,
  context: Context,
  setHeld: (step: (before: Held) => Held) => void,
  setNotices: (notices: readonly Notice[]) => void,
): Omit<Steps, 'menu' | keyof Parking> {
  const change = (step: (cart: Cart) => Cart) => setHeld((before) => ({ ...before, cart: step(before.cart) }))
  return {
    add(item) {
      const groups = menu.groupsOf(item)
      const optionIds = firstSelection(groups)
      const addition = { item, optionIds, unitUsd: unitPriceOf(menu, item, optionIds), lineId: newId() }
      setHeld((before) => {
        const [cart, lineId] = addToCart(before.cart, addition)
        return { cart, inHand: groups.length > 0 ? lineId : null }
      })
    },
    setQuantity: (lineId, quantity) => change((cart) => setQuantity(cart, lineId, quantity)),
    setOptions: (lineId, item, selection) =>
      change((cart) => setOptions(cart, lineId, selection, unitPriceOf(menu, item, selection))),
    takeInHand: (inHand) => setHeld((before) => ({ ...before, inHand })),
    setSaleType: (saleType) => change((cart) => ({ ...cart, saleType })),
    dismissNotices: () => setNotices([]),
    startAnew() {
      const cart = emptyCart(newId())
      // At once, not when React comes round to it: a sold cart must not be there after a crash.
      keepCart(context, cart)
      setHeld(() => ({ cart, inHand: null }))
      setNotices([])
    },
    empty: () => setHeld(({ cart }) => ({ cart: emptyCart(newId()), inHand: null, emptied: cart })),
    undoEmpty: () => setHeld((before) => (before.emptied ? { cart: before.emptied, inHand: null } : before)),
    split(lineId) {
      const newLineId = newId()
      setHeld((before) => ({ cart: splitLine(before.cart, lineId, newLineId), inHand: newLineId }))
    },
  }
}

type Parking = Pick<Steps, 'park' | 'unpark' | 'settleLeft'>

function parkingWith(
  context: Context,
  of: {
    held: () => Cart
    setHeld: (step: (before: Held) => Held) => void
    setParked: (parked: readonly ParkedCart[]) => void
    left: Carts['left']
    setLeft: (left: null) => void
  },
): Parking {
  const { held, setHeld, setParked, left, setLeft } = of
  // Other tabs park as well: what is kept counts, and is kept before anything is shown.
  const change = (step: (parked: readonly ParkedCart[]) => readonly ParkedCart[]) => {
    const parked = step(keptParked(context))
    keepParked(context, parked)
    setParked(parked)
  }
  const holdAnew = (cart: Cart) => {
    keepCart(context, cart)
    setHeld(() => ({ cart, inHand: null }))
  }
  const parkIt = (cart: Cart, name: string, actorId: string) =>
    change((parked) => park(parked, cart, { name, actorId, at: new Date() }))
  return {
    park(name) {
      parkIt(held(), name, context.actorId)
      holdAnew(emptyCart(newId()))
    },
    unpark({ cart }) {
      parkIt(held(), '', context.actorId)
      change((parked) => without(parked, cart.saleId))
      holdAnew(cart)
    },
    settleLeft(what) {
      setLeft(null)
      if (!left || what === 'leave') return
      const theirs = { ...context, actorId: left.actorId }
      if (what === 'park') parkIt(left.cart, '', left.actorId)
      else {
        parkIt(held(), '', context.actorId)
        holdAnew(left.cart)
      }
      keepCart(theirs, emptyCart(newId()))
    },
  }
}

/** Somebody else was here before, and has left something in their cart. */
function leftAtStart(client: SyncClient, context: Context): Carts['left'] {
  const actorId = keptLastActor(context)
  if (actorId === null || actorId === context.actorId) return null
  const cart = keptCart({ ...context, actorId })
  return cart && !isEmpty(cart) && !client.get('sale', cart.saleId) ? { actorId, cart } : null
}

/**
 * As it was kept; but what has been sold (the till was closed just then) is not sold again. Where no lock can tell
 * whether another tab has it, it is a sale of its own.
 */
function cartAtStart(client: SyncClient, context: Context): Cart {
  const kept = keptCart(context)
  if (!kept || client.get('sale', kept.saleId)) return emptyCart(newId())
  return navigator.locks ? kept : { ...kept, saleId: newId() }
}
