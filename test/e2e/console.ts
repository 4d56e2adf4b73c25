/** The console in a tab, as a person uses it. */
import type { Locator, Page } from 'playwright-core'

export type Screen =
  | 'overview'
  | 'nudges'
  | 'devices'
  | 'rejected'
  | 'sales'
  | 'cash'
  | 'closings'
  | 'menu'
  | 'policy'
  | 'stock'
  | 'staff'
  | 'audit'
  | 'settings'
export type Liveness = 'connecting' | 'live' | 'polling' | 'offline'

export type Console = ReturnType<typeof consoleOn>

/** `base`: the gateway's address, such as `http://127.0.0.1:41234`. */
export function consoleOn(page: Page, base: string) {
  const id = (name: string): Locator => page.getByTestId(name)
  const row = (testId: string, attribute: string, value: string): Locator =>
    page.locator(`[data-testid="${testId}"][${attribute}="${value}"]`)
  return {
    page,
    id,
    /** Fills in the form that is there, or opens the console where it is not. PIN 1234. */
    async signIn(staffCode: string): Promise<void> {
      if ((await id('sign-in-staff').count()) === 0) await page.goto(`${base}/admin/`)
      await id('sign-in-staff').fill(staffCode)
      await id('sign-in-pin').fill('1234')
      await id('sign-in-submit').click()
      await id('nav-overview').waitFor({ state: 'attached' })
    },
    async signOut(): Promise<void> {
      await id('person-menu').click()
      await id('sign-out').click()
    },
    show: (screen: Screen): Promise<void> => id(`nav-${screen}`).click(),
    liveness: async (): Promise<Liveness> => (await id('liveness').getAttribute('data-liveness')) as Liveness,
    /** Answers the question that is open with yes. */
    confirm: (): Promise<void> => id('confirm').click(),

    /** What the overview says of a branch; in it `branch-status`, `freeze`, `unfreeze`, `takings`. */
    branch: (branchId: string): Locator => row('branch-card', 'data-branch', branchId),
    nudges: (branchId: string): Locator => row('nudge-row', 'data-branch', branchId),
    device: (deviceId: string): Locator => row('device-row', 'data-device', deviceId),
    rejected: (code: string): Locator => row('rejected-row', 'data-code', code),
    menuItem: (itemId: string): Locator => row('menu-item-row', 'data-id', itemId),
    /** Writes a new price where the old one stands, and saves it. */
    async correctPrice(itemId: string, price: string): Promise<void> {
      const item = row('menu-item-row', 'data-id', itemId)
      await item.getByTestId('price').click()
      await item.getByTestId('price-input').fill(price)
      await item.getByTestId('price-save').click()
    },
  }
}
