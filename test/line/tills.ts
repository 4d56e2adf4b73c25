/** The tills of the matrix: what each does is in `till-work.ts`, where it does it is here. All keep their store. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { sqliteStore } from '../../client/sdk/index.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { killed } from './house.ts'
import type { Message } from './till-process.ts'
import { createTillWork, type Told, type Wish } from './till-work.ts'

export type Opening = Extract<Wish, { wish: 'open' }>

export interface Till {
  /** Sales that it has said to have recorded. */
  readonly recorded: string[]
  /** Opens its store, for the first time or again. */
  open(): Promise<void>
  ask(wish: Wish): Promise<Told>
  /** SIGKILL, where it is in a process of its own; also of one that is not open. */
  kill(): Promise<void>
}

/** In this process: it cannot be killed. */
export function tillHere(opening: Opening): Till {
  const recorded: string[] = []
  const work = createTillWork({ storeAt: sqliteStore, recorded: (id) => recorded.push(id) })
  return {
    recorded,
    open: async () => void (await work(opening)),
    ask: work,
    kill: async () => void (await work({ wish: 'close' })),
  }
}

export function tillInProcess(opening: Opening): Till {
  const recorded: string[] = []
  let child: ChildProcess | undefined
  let ended: Promise<unknown>

  async function ask(wish: Wish): Promise<Told> {
    const to = child!
    const id = randomUUID()
    return new Promise((resolve, reject) => {
      function hear(message: Message) {
        if (message.id !== id) return
        to.off('message', hear)
        if (message.fault) reject(new Error(message.fault))
        else resolve(message)
      }
      to.on('message', hear)
      void ended.then(() => reject(new Error('the till has ended')))
      to.send({ id, wish })
    })
  }
  return {
    recorded,
    async open() {
      child = fork(join(import.meta.dirname, 'till-process.ts'), { execArgv: [] })
      ended = once(child, 'exit')
      child.on('message', (message: Message) => message.recorded && recorded.push(message.recorded))
      await ask(opening)
    },
    ask,
    kill: async () => child && killed(child),
  }
}

/** In a Chromium of its own, on the profile `profile`; its page comes from `origin`. */
export function tillInChromium(opening: Opening, of: { profile: string; origin: string }): Till {
  const recorded: string[] = []
  let chromium: Chromium | undefined
  let page: Page

  const ask = (wish: Wish) => page.evaluate((wish) => window.work(wish), wish)
  return {
    recorded,
    async open() {
      chromium = await launchChromium({ profile: of.profile })
      page = await chromium.newPage()
      await page.exposeFunction('recorded', (saleId: string) => void recorded.push(saleId))
      await page.goto(of.origin)
      await page.waitForFunction(() => 'work' in window)
      await ask(opening)
    },
    ask,
    kill: async () => chromium?.kill(),
  }
}
