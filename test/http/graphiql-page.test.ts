// @module-tag browser
/** GraphiQL in a browser: it works under its policy, and what is pasted or typed into it is gone with the page. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let chromium: Chromium

beforeAll(async () => {
  gateway = await startGateway()
  chromium = await launchChromium()
})
afterAll(() => Promise.all([chromium?.close(), gateway?.close()]))

it('runs a query with a token, reaches nothing else, and keeps neither of them', async () => {
  const { token } = await gateway.as('admin')
  const page = await chromium.newPage()
  const complaints: string[] = []
  const asked = new Set<string>()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => asked.add(new URL(request.url()).origin))
  await page.goto(`${gateway.url}?query=${encodeURIComponent('{ me(tenantId: "demo") { role } }')}`)
  await page.getByRole('button', { name: 'Headers' }).click()
  const editor = page.locator('.graphiql-editor-tool .monaco-editor:visible')
  await editor.click()
  await page.keyboard.insertText(`{"authorization":"Bearer ${token}"}`)
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => page.locator('body').innerText(), { timeout: 20_000 }).toMatch(/ADMIN/)
  await page.waitForTimeout(1_000)
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(kept).not.toContain(token!.slice(-20))
  // What is kept for other pages of the origin, the till and the console: nothing of what was typed, such as a PIN.
  const other = await chromium.newPage(new URL('/', gateway.url).href)
  expect(await other.evaluate(() => JSON.stringify({ ...localStorage }))).not.toMatch(/graphiql|demo/)
  await other.close()
  expect(complaints).toEqual([])
  expect([...asked].filter((origin) => origin !== 'null' && origin !== new URL(gateway.url).origin)).toEqual(
    [],
  )
})

it('in the demo it is signed in by itself, in every tab, and has the first steps ready', async () => {
  const demo = await startGateway({ demo: true })
  const page = await chromium.newPage()
  try {
    await page.goto(demo.url)
    const steps = { SignIn: /token/, Branch: /"APPLIED"/, Pull: /first-steps/, Push: /"cashSessionId"/ }
    for (const [name, result] of Object.entries(steps)) {
      await page.locator(`.graphiql-tab-button[title="${name}"]`).click()
      await page.locator('.graphiql-query-editor .monaco-editor:visible').first().click()
      // GraphiQL takes a moment to read a tab's query. Whoever asks before is told that it cannot infer the operation of the tab
      // before, then and from then on.
      await page.waitForTimeout(2_500)
      await page.keyboard.press('Control+Enter')
      const response = page.locator('.graphiql-response:visible')
      await expect.poll(() => response.innerText(), { timeout: 20_000 }).toMatch(result)
    }
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(kept).not.toMatch(/Bearer/)
  } finally {
    await demo.close()
  }
})
