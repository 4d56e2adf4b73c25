/**
 * A real Chromium, without a window, with a profile of its own.
 */
import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { pathOf } from '../../scripts/test-tools.ts'

/** What Playwright takes (viewport, locale, touch ...), and the profile. */
export type ChromiumOptions = Parameters<typeof chromium.launchPersistentContext>[1] & {
  /** A folder with a profile that was used before; left out: a new one, which goes with `close`. */
  profile?: string
}

export type Chromium = {
  context: BrowserContext
  /** The folder where it keeps everything, to be given to `launchChromium` again after `kill`. */
  profile: string
  /** A new tab, gone to the address if one is given. */
  newPage(url?: string): Promise<Page>
  /** Ends all of its processes at once (SIGKILL), as when a tablet's battery is taken out. The profile stays. */
  kill(): Promise<void>
  /** Closes it, and removes the profile if it was new. Also after `kill`. */
  close(): Promise<void>
}

/** Tests get by without a network, a graphics card and a sandbox (containers have none). */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function launchChromium({ profile, ...options }: ChromiumOptions = {}): Promise<Chromium> {
  const executablePath = pathOf('chromium')
  if (!executablePath) throw new Error('Chromium is needed: install it, or let `npm test` do so')
  const folder = profile ?? (await mkdtemp(join(tmpdir(), 'modula-chromium-')))
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    executablePath,
    args: [...args, ...(options.args ?? [])],
  })
  const pid = await processOf(context)
  let running = true
  const ended = new Promise<void>((resolve) => {
    context.once('close', () => {
      running = false
      resolve()
    })
  })

  return {
    context,
    profile: folder,
    async newPage(url) {
      const page = await context.newPage()
      if (url) await page.goto(url)
      return page
    },
    async kill() {
      if (!running) return
      // Left behind in the system's folder for temporary files by one that cannot tidy up; the headless shell has none.
      const socket = await readlink(join(folder, 'SingletonSocket')).catch(() => null)
      process.kill(-pid, 'SIGKILL')
      await ended
      if (socket) await rm(dirname(socket), { recursive: true, force: true })
    },
    async close() {
      if (running) await context.close()
      if (!profile) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** The browser's first process; it leads the group of all of them. */
async function processOf(context: BrowserContext): Promise<number> {
  const session = await context.browser()!.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.find(({ type }) => type === 'browser')!.id
}
