// @module-tag browser
/** The console when the line is bad: it says so, keeps what it has, and nothing is done twice. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cafe, eventually, startCafe } from './cafe.ts'
import { type Console, consoleOn } from './console.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

async function openConsole(): Promise<Console> {
  const desk = consoleOn(await cafe.newPage(), cafe.base)
  await desk.signIn('admin')
  await eventually(desk.liveness).toBe('live')
  return desk
}

async function revisionOf(itemId: string): Promise<{ revision: number; priceUsd: number }> {
  const { menu } = await cafe.admin.data<{
    menu: { items: { edges: { node: { id: string; revision: number; priceUsd: number } }[] } }
  }>('{ menu(tenantId: "demo") { items(first: 200) { edges { node { id revision priceUsd } } } } }')
  const { revision, priceUsd } = menu.items.edges.find(({ node }) => node.id === itemId)!.node
  return { revision, priceUsd }
}

it('without a network it keeps what it has, says as of when, and goes on by itself', async () => {
  const desk = await openConsole()
  const item = await cafe.putOnMenu(300)
  await desk.show('menu')
  const price = desk.menuItem(item).getByTestId('price')
  await eventually(() => price.textContent()).toBe('$3.00')

  await desk.page.context().setOffline(true)
  await eventually(desk.liveness).toBe('offline')
  await desk.id('connection-banner').getByText('No connection to the server since').waitFor()
  expect(await price.textContent()).toBe('$3.00')

  await cafe.admin.direct('menuItemSave', { menuItemId: item, priceUsd: 350 }, { branchId: null })
  await desk.page.context().setOffline(false)
  await eventually(desk.liveness).toBe('live')
  await desk.id('connection-banner').waitFor({ state: 'detached' })
  await eventually(() => price.textContent()).toBe('$3.50')
})

it('an intent whose answer is lost is sent again under its key, and done once', async () => {
  const desk = await openConsole()
  const item = await cafe.putOnMenu(300)
  await desk.show('menu')
  const keys: string[] = []
  await desk.page.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON()
    if (!query.includes('menuItemSave')) return route.continue()
    keys.push(variables.idempotencyKey)
    if (keys.length > 1) return route.continue()
    // It reaches the gateway; the answer does not reach the console.
    await route.fetch()
    await route.abort()
  })

  await desk.correctPrice(item, '4.50')
  await desk.id('intent-lost').waitFor()
  expect(await revisionOf(item)).toEqual({ revision: 2, priceUsd: 450 })
  await desk.id('send-again').click()
  await desk.id('intent-lost').waitFor({ state: 'detached' })
  await eventually(() => desk.menuItem(item).getByTestId('price').textContent()).toBe('$4.50')
  expect(keys).toHaveLength(2)
  expect(keys[0]).toBe(keys[1])
  expect(await revisionOf(item)).toEqual({ revision: 2, priceUsd: 450 })
})

it('somebody whose access ends is signed out, and told why', async () => {
  const branch = await cafe.openBranch()
  const staffCode = await branch.hire('MANAGER')
  const desk = consoleOn(await cafe.newPage(), cafe.base)
  await desk.signIn(staffCode)
  await eventually(desk.liveness).toBe('live')
  await cafe.admin.direct(
    'staffSave',
    { accountId: `demo-${staffCode}`, status: 'REVOKED' },
    { branchId: null },
  )
  await desk.id('sign-in-submit').waitFor()
  await desk.page.getByText('You were signed out').waitFor()
})

it('a wrong PIN is told, and nobody is signed in', async () => {
  const desk = consoleOn(await cafe.newPage(), cafe.base)
  await desk.page.goto(`${cafe.base}/admin/`)
  await desk.id('sign-in-staff').fill('manager')
  await desk.id('sign-in-pin').fill('9999')
  await desk.id('sign-in-submit').click()
  await desk.id('sign-in-problem').getByText('The staff code or the PIN is wrong.').waitFor()
  expect(await desk.page.evaluate(() => sessionStorage.length)).toBe(0)
})
