/** Runs in a page of a browser: a till, which does what it is asked to. */
import { indexedDbStore } from '../../client/sdk/index.ts'
import { createTillWork } from './till-work.ts'

declare global {
  interface Window {
    work: ReturnType<typeof createTillWork>
    /** Of the test. */
    recorded(saleId: string): Promise<void>
  }
}

window.work = createTillWork({ storeAt: indexedDbStore, recorded: (saleId) => window.recorded(saleId) })
