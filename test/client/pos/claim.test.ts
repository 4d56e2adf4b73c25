/** One cart, one tab: two tabs that shared a sale id would sell two customers' coffees as one sale. */
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { claimCart } from '../../../client/pos/lib/claim.ts'

it('the first tab has the cart, and another is told so', async () => {
  const saleId = randomUUID()
  const [first, second] = [claimCart(saleId), claimCart(saleId)]
  expect(await first.granted).toBe(true)
  expect(await second.granted).toBe(false)
  // Of another cart it may be the first.
  const other = claimCart(randomUUID())
  expect(await other.granted).toBe(true)
  for (const claim of [first, second, other]) claim.release()
})

it('whoever lets go of it, or takes over and comes back, has it again', async () => {
  const saleId = randomUUID()
  const first = claimCart(saleId)
  await first.granted
  first.release()
  const again = claimCart(saleId)
  expect(await again.granted).toBe(true)
  again.release()
  // Given up before it was granted: nobody is kept from it.
  claimCart(saleId).release()
  const last = claimCart(saleId)
  expect(await last.granted).toBe(true)
  last.release()
})

it('where the browser has no locks nobody can tell', async () => {
  expect(await claimCart(randomUUID(), null).granted).toBeNull()
})
