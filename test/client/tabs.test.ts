import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { defaultEnvironment } from '../../client/sdk/platform.ts'
import { createTabs, type Tabs } from '../../client/sdk/tabs/tabs.ts'

const { locks, openChannel } = defaultEnvironment()

const opened: Tabs[] = []
afterEach(() => Promise.all(opened.splice(0).map((tabs) => tabs.close())))

const newName = () => randomUUID()

function open(name: string, options: Partial<Parameters<typeof createTabs>[0]> = {}) {
  const onLead = vi.fn()
  const onDeposed = vi.fn()
  const tabs = createTabs({ name, shared: true, locks, openChannel, ...options })
  tabs.watch({ lead: onLead, deposed: onDeposed })
  opened.push(tabs)
  const heard: unknown[] = []
  tabs.listen((message) => heard.push(message))
  return { tabs, onLead, heard, deposed: () => onDeposed.mock.calls.length }
}
const leading = ({ tabs, onLead }: ReturnType<typeof open>) => [tabs.isLeader(), onLead.mock.calls.length]

test.each([
  ['a store of its own', { shared: false }],
  ['a platform without locks', { locks: undefined }],
])('%s: leads, and is told so after it was made', async (_, options) => {
  const alone = open(newName(), options)
  expect(leading(alone)).toEqual([false, 0])
  await vi.waitFor(() => expect(leading(alone)).toEqual([true, 1]))
})

test('of several tabs one leads; when it closes the next in line does, at once', async () => {
  const name = newName()
  const tabs = [open(name), open(name), open(name)]
  expect(tabs.map(leading)).toEqual(Array(3).fill([false, 0]))
  await vi.waitFor(() =>
    expect(tabs.map(leading)).toEqual([
      [true, 1],
      [false, 0],
      [false, 0],
    ]),
  )
  await tabs[0]!.tabs.close()
  await vi.waitFor(() =>
    expect(tabs.map(leading)).toEqual([
      [false, 1],
      [true, 1],
      [false, 0],
    ]),
  )
  await tabs[1]!.tabs.close()
  await vi.waitFor(() =>
    expect(tabs.map(leading)).toEqual([
      [false, 1],
      [false, 1],
      [true, 1],
    ]),
  )
})

test('a tab that is closed while it waits leaves the line', async () => {
  const name = newName()
  const [first, second, third] = [open(name), open(name), open(name)]
  await vi.waitFor(() => expect(leading(first)).toEqual([true, 1]))
  await second.tabs.close()
  await first.tabs.close()
  await vi.waitFor(() => expect(leading(third)).toEqual([true, 1]))
  expect(leading(second)).toEqual([false, 0])
})

test('a tab that is closed as soon as it is opened never leads', async () => {
  for (const options of [{}, { shared: false }]) {
    const name = newName()
    const gone = open(name, options)
    await gone.tabs.close()
    await gone.tabs.close()
    const next = open(name, options)
    await vi.waitFor(() => expect(leading(next)).toEqual([true, 1]))
    expect(leading(gone)).toEqual([false, 0])
  }
})

test('once it has closed, the lock is free', async () => {
  const name = newName()
  const leader = open(name)
  await vi.waitFor(() => expect(leading(leader)).toEqual([true, 1]))
  const free = () => locks!.request(`modula-sync:${name}`, { ifAvailable: true }, (lock) => lock !== null)
  expect(await free()).toBe(false)
  await leader.tabs.close()
  expect(await free()).toBe(true)
})

test('stores of other names have leaders of their own', async () => {
  const [one, other] = [open(newName()), open(newName())]
  await vi.waitFor(() =>
    expect([one, other].map(leading)).toEqual([
      [true, 1],
      [true, 1],
    ]),
  )
})

test('a platform that has locks and forbids them is one without', async () => {
  const forbidden = {
    request: async () => {
      throw new DOMException('The document is in an opaque origin.', 'SecurityError')
    },
  } as unknown as LockManager
  const alone = open(newName(), { locks: forbidden })
  await vi.waitFor(() => expect(leading(alone)).toEqual([true, 1]))
})

test('what one tells the others hear, and nobody else', async () => {
  const name = newName()
  const [teller, one, other, stranger] = [open(name), open(name), open(name), open(newName())]
  teller.tabs.tell({ keys: ['a', 'b'], at: new Date(0) })
  teller.tabs.tell('again')
  const told = [{ keys: ['a', 'b'], at: new Date(0) }, 'again']
  await vi.waitFor(() => expect([one.heard, other.heard]).toEqual([told, told]))
  expect([teller.heard, stranger.heard]).toEqual([[], []])
})

test('who listens late hears first what came before', async () => {
  const name = newName()
  const [teller, one] = [open(name), open(name)]
  const late = createTabs({ name, shared: true, locks: undefined, openChannel })
  teller.tabs.tell('early')
  teller.tabs.tell('later')
  await vi.waitFor(() => expect(one.heard).toEqual(['early', 'later']))
  const heard: unknown[] = []
  late.listen((message) => heard.push(message))
  await vi.waitFor(() => expect(heard).toEqual(['early', 'later']))
  teller.tabs.tell('last')
  await vi.waitFor(() => expect(heard).toEqual(['early', 'later', 'last']))
  await late.close()
})

test('who is closed hears and tells nothing', async () => {
  const name = newName()
  const [teller, one, other] = [open(name), open(name), open(name)]
  await other.tabs.close()
  other.tabs.tell('from the dead')
  teller.tabs.tell('hello')
  await vi.waitFor(() => expect(one.heard).toEqual(['hello']))
  expect([other.heard, teller.heard]).toEqual([[], []])
})

test.each([
  ['without channels', { openChannel: undefined }],
  ['alone with its store', { shared: false }],
])('%s telling does nothing', async (_, options) => {
  const name = newName()
  const [teller, other] = [open(name, options), open(name)]
  teller.tabs.tell('hello')
  await wait(50)
  expect(other.heard).toEqual([])
})

test('a tab that is not closed does not keep a process alive', async () => {
  const script = `
    import { defaultEnvironment } from './client/sdk/platform.ts'
    import { createTabs } from './client/sdk/tabs/tabs.ts'
    const { locks, openChannel } = defaultEnvironment()
    const tabs = createTabs({ name: 'n', shared: true, locks, openChannel })
    tabs.watch({ lead: () => console.log('leads'), deposed() {} })
    tabs.listen(() => {})`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: new URL('../..', import.meta.url),
    timeout: 30_000,
  })
  expect(stdout).toBe('leads\n')
})

test('a tab that is taken for frozen loses its lead, hears of it, and stands in line again', async () => {
  const name = newName()
  const [frozen, next] = [open(name), open(name)]
  await vi.waitFor(() => expect(leading(frozen)).toEqual([true, 1]))
  next.tabs.takeLead()
  await vi.waitFor(() =>
    expect([leading(frozen), leading(next)]).toEqual([
      [false, 1],
      [true, 1],
    ]),
  )
  expect(frozen.deposed()).toBe(1)
  await next.tabs.close()
  await vi.waitFor(() => expect(leading(frozen)).toEqual([true, 2]))
  await frozen.tabs.close()
  const another = open(name)
  await vi.waitFor(() => expect(leading(another)).toEqual([true, 1]))
})
