// @module-tag browser
/** The closing of a day: what is not here, the slip, and the desk that explains the difference (docs/proof.md). */
import { afterAll, beforeAll, it } from 'vitest'
import { type Cafe, eventually, startCafe } from './cafe.ts'
import { consoleOn } from './console.ts'

let cafe: Cafe
beforeAll(async () => {
  cafe = await startCafe()
})
afterAll(() => cafe?.close())

/** `PROOF_SHOTS`: a folder for pictures of each step. */
const shots = process.env.PROOF_SHOTS

it('a drawer that is too full by what another till sold offline: the slip, and the supplement that explains it', async () => {
  const { branch, till } = await cafe.cashierAtWork()
  const manager = await branch.hire('MANAGER')
  const picture = async (name: string) => {
    if (shots) await till.page.screenshot({ path: `${shots}/till-${name}.png` })
  }
  await till.openSession('50', '0')
  await till.sell(['espresso'], { usd: '5' })
  await eventually(till.pending).toBe(0)
  const other = await cafe.tablet()
  await other.till.signIn(await branch.hire('CASHIER'))
  await other.till.id('close-session').waitFor()
  await other.goOffline()
  for (let i = 0; i < 2; i += 1) await other.till.sell(['espresso'], { usd: '5' })

  await till.id('close-session').click()
  await till.id('closing-outside').waitFor()
  await picture('1-gate')
  await till.id('counted-usd').fill('65')
  await till.id('counted-khr').fill('0')
  await till.id('confirm').click()
  await till.id('closing-slip').waitFor()
  await till.page.getByText('Till and server agree.').waitFor()
  await picture('2-slip')

  await other.goOnline()
  await eventually(other.till.failed).toBe(2)
  await other.till.openQueue()
  await other.till.id('send-all').waitFor()
  if (shots) await other.till.page.screenshot({ path: `${shots}/till-3-refused.png` })

  const desk = consoleOn(await cafe.newPage(), cafe.base)
  await desk.signIn(manager)
  await desk.show('closings')
  const row = desk.id('closing-row').first()
  await row.waitFor()
  if (shots) await desk.page.screenshot({ path: `${shots}/console-1-closings.png` })
  await row.click()
  await desk.id('supplement').waitFor()
  if (shots) await desk.page.screenshot({ path: `${shots}/console-2-desk.png` })
  await desk.id('supplement').click()
  await desk.page.getByText('Supplement 1', { exact: true }).waitFor()
  if (shots) {
    await desk.page.screenshot({ path: `${shots}/console-3-supplement.png` })
    await desk.page.setViewportSize({ width: 390, height: 844 })
    await desk.page.screenshot({ path: `${shots}/console-4-phone.png` })
  }
  await eventually(other.till.failed).toBe(0)
  if (shots) {
    await till.page.setViewportSize({ width: 390, height: 844 })
    await picture('4-phone')
    await till.page.emulateMedia({ media: 'print' })
    await till.page.setViewportSize({ width: 219, height: 900 })
    await picture('5-print-58')
  }
})
