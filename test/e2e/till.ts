/**
 * The till as a person uses it: what they see and tap, by test ids.
 */
import type { Locator, Page } from 'playwright-core'

export type Till = ReturnType<typeof tillOn>

/** `base`: the gateway's address, `http://127.0.0.1:4000`. */
export function tillOn(page: Page, base: string) {
  const id = (name: string): Locator => page.getByTestId(name)
  const text = async (name: string) => (await id(name).textContent())?.trim() ?? ''
  const tap = (name: string) => id(name).click()

  return {
    page,
    id,
    text,
    /** Opens the till, or another screen of it: `cash`, `sales`, `device` ... */
    open: (path = '') => page.goto(`${base}/pos/${path}`),
    /** By the navigation, as people do. */
    go: (path: '/' | '/cash' | '/sales') => page.locator(`nav a[href="/pos${path}"]`).click(),

    async signIn(staffCode: string, pin = '1234') {
      await id('sign-in-staff').fill(staffCode)
      await id('sign-in-pin').fill(pin)
      await tap('sign-in-submit')
      await id('sign-in-submit').waitFor({ state: 'detached' })
    },
    /** Somebody else takes over the tablet. */
    async switchTo(staffCode: string, pin = '1234') {
      await this.open('people')
      await this.signIn(staffCode, pin)
    },

    async openSession(usd: string, khr: string) {
      await tap('open-session')
      await id('opening-usd').fill(usd)
      await id('opening-khr').fill(khr)
      await tap('confirm')
      await id('opening-usd').waitFor({ state: 'detached' })
    },
    async closeSession(usd: string, khr: string) {
      await tap('close-session')
      await id('counted-usd').fill(usd)
      await id('counted-khr').fill(khr)
      await tap('confirm')
      await id('counted-usd').waitFor({ state: 'detached' })
    },

    item: (itemId: string) => page.locator(`[data-testid="menu-item"][data-id="${itemId}"]`),
    async add(...itemIds: string[]) {
      for (const itemId of itemIds) await this.item(itemId).click()
    },
    /** Of the line that was added last. */
    choose: (optionId: string) =>
      page.locator(`[data-testid="modifier-option"][data-id="${optionId}"]`).click(),
    /** Pays what is in the cart, and stays at the receipt. */
    async pay(received: { usd: string } | { khr: string }) {
      await tap('pay')
      if ('usd' in received) await id('received-usd').fill(received.usd)
      else await id('received-khr').fill(received.khr)
      await tap('finalize')
      await id('receipt-number').waitFor()
    },
    /** A whole sale, and on to the next customer. */
    async sell(itemIds: readonly string[], received: { usd: string } | { khr: string }) {
      await this.add(...itemIds)
      await this.pay(received)
      await tap('next-sale')
    },

    connectivity: () => text('connectivity'),
    pending: async () => Number(await text('pending-count')),
    failed: async () => Number(await text('failed-count')),
    /** The panel behind the status. */
    openQueue: () => tap('connectivity'),
    failedItems: (code?: string) =>
      page.locator(`[data-testid="failed-item"]${code ? `[data-code="${code}"]` : ''}`),
  }
}
