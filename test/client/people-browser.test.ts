// @module-tag browser
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { type Site, serveModule } from '../support/page.ts'
import type { PeoplePage } from './people-page.ts'

let gateway: Gateway
let chromium: Chromium
let site: Site
beforeAll(async () => {
  gateway = await startGateway()
  site = await serveModule(new URL('people-page.ts', import.meta.url).pathname)
  chromium = await launchChromium({ args: ['--host-resolver-rules=MAP till.lan 127.0.0.1'] })
  await chromium.context.route('**/graphql', async (route) =>
    route.fulfill({ response: await route.fetch({ url: gateway.url }) }),
  )
})
afterAll(async () => {
  await chromium?.close()
  await site?.close()
  await gateway?.close()
})

declare const page: PeoplePage

/** Signs the cashier in, then lets them take over with a network and without: what came of each. */
async function takeTurns(host: string) {
  const tab: Page = await chromium.newPage(site.origin.replace('127.0.0.1', host))
  await tab.waitForFunction(() => 'page' in window)
  return tab.evaluate(async () => {
    const { people } = page
    const { accountId } = await people.signIn({ tenantId: 'demo', staffCode: 'cashier-1', pin: '1234' })
    const outcomeOf = (pin: string): Promise<string> =>
      people.confirm(accountId, 'demo', pin).then(
        () => 'taken over',
        ({ code }) => code,
      )
    const online = [await outcomeOf('1234'), await outcomeOf('4321')]
    page.online = false
    return { secure: isSecureContext, online, offline: [await outcomeOf('1234'), await outcomeOf('4321')] }
  })
}

test('a browser on the device itself, or with TLS: people take over with a network and without', async () => {
  expect(await takeTurns('127.0.0.1')).toEqual({
    secure: true,
    online: ['taken over', 'WRONG_PIN'],
    offline: ['taken over', 'WRONG_PIN'],
  })
})

test('without TLS there is no WebCrypto: with a network they take over, without one they are told why not', async () => {
  expect(await takeTurns('till.lan')).toEqual({
    secure: false,
    online: ['taken over', 'WRONG_PIN'],
    offline: ['INSECURE_CONTEXT', 'INSECURE_CONTEXT'],
  })
})
