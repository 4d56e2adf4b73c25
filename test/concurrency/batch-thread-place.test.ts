/** Where the thread of large requests is asked: a place that comes and goes with it, and may be none. */
import { readdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBatchThread } from '../../src/batch-thread/batch-thread.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/log.ts'
import { withRequestId } from '../../src/platform/request-id.ts'
import { createTurns } from '../../src/sync/turns.ts'
import { newFolder, run } from '../start/process.ts'
import { clientsOf } from '../support/gateway.ts'
import { metricAt } from '../support/metrics.ts'

describe('the place of a thread', () => {
  const lines: string[] = []
  const log = createLogger('warn', { write: (line) => void lines.push(line) })
  const entry = new URL('../fixtures/idle-batch-thread.ts', import.meta.url)
  const request = { method: 'POST', headers: { 'content-type': 'application/json' } } as IncomingMessage
  const open = () => {
    const turns = createTurns(1)
    const thread = createBatchThread({
      ...{ entry, config: loadConfig({}), databaseUrl: '', turns, tell() {}, charge() {}, log },
      idleMs: 300,
    })
    const takes = () => {
      for (const tenantId of ['demo', 'rival']) turns.tenants.note(tenantId)
      return thread.takes(request)
    }
    return {
      thread,
      takes,
      untilItTakes: (is: boolean) => expect.poll(takes, { interval: 20, timeout: 10_000 }).toBe(is),
    }
  }
  afterEach(() => {
    lines.length = 0
    vi.unstubAllEnvs()
    vi.useRealTimers()
  })

  it('is given back where nothing is handed over for a while, and there is another when it is needed', async () => {
    const { thread, takes, untilItTakes } = open()
    for (const is of [true, false, true]) await untilItTakes(is)
    await thread.close()
    expect(takes()).toBe(false)
    expect(lines).toEqual([])
  })

  it('that has been cleaned away with other temporary files is not missed for long', async () => {
    const temporary = await newFolder()
    vi.stubEnv('TMPDIR', temporary)
    const { thread, takes, untilItTakes } = open()
    const answers: (string | undefined)[] = []
    const server = createServer(async (req, res) => {
      const answer = await thread.ask(req, res.setHeader('x-request-id', 'x'))
      answers.push(answer?.bytes.toString())
      res.end()
    }).listen(0, '127.0.0.1')
    const ask = () =>
      fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
        method: 'POST',
        headers: { 'x-forwarded-for': '192.0.2.7' },
      })
    await untilItTakes(true)
    for (const folder of await readdir(temporary)) await rm(join(temporary, folder), { recursive: true })
    // What is claimed, and then whom the gateway saw, as proxies say it.
    const byWhom = '192.0.2.7, 127.0.0.1'
    // Again and again: it is not that it has nothing to do.
    const askIfTaken = async () => {
      if (takes()) await ask()
      return answers.at(-1)
    }
    await expect.poll(askIfTaken, { interval: 20, timeout: 10_000 }).toBe(byWhom)
    expect(answers).toEqual([undefined, byWhom])
    await thread.close()
    server.close()
    expect(await readdir(temporary)).toEqual([])
    expect(lines).toEqual([])
  })

  it.each([
    [
      'too long',
      () => newFolder().then((folder) => join(folder, 'x'.repeat(100))),
      /TMPDIR can name a shorter/,
    ],
    ['away', () => newFolder().then((folder) => join(folder, 'no')), /ENOENT/],
  ])('that is %s is said once, however often there would have been one', async (_, placeOf, why) => {
    vi.stubEnv('TMPDIR', await placeOf())
    vi.useFakeTimers({ toFake: ['performance'] })
    const { thread, takes } = open()
    for (let i = 0; i < 3; i += 1) {
      expect(withRequestId('of-the-first', takes)).toBe(false)
      vi.advanceTimersByTime(31_000)
    }
    await thread.close()
    expect(lines).toEqual([expect.stringMatching(why)])
    expect(lines[0]).not.toContain('of-the-first')
  })
})

it('it knows whom the gateway was asked by, and not who somebody says that they are', async () => {
  const { url, stdout, stop } = await run({ DATA_DIR: await newFolder(), DEMO: '1', TRUST_PROXY: '1' })
  const { as } = clientsOf(`${url}/graphql`)
  const [till, rival] = await Promise.all([as('cashier-1'), as('admin', { tenantId: 'rival' })])
  const ask = (query: string) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': '198.51.100.1, 192.0.2.7',
        authorization: `Bearer ${till.token}`,
      },
      body: JSON.stringify({ query }) + ' '.repeat(10_000),
    })
  const handedOver = async () => {
    await Promise.all(
      [till, rival].map((client) => client.data(`{ me(tenantId: "${client.tenantId}") { role } }`)),
    )
    await ask('{ __typename }')
    return metricAt(url, 'modula_requests_handed_over_total')
  }
  await expect.poll(handedOver, { interval: 100, timeout: 20_000 }).toBeGreaterThan(0)
  await ask(
    'mutation { signIn(input: { tenantId: "demo", staffCode: "cashier-1", pin: "0000", deviceId: "x" }) { token } }',
  )
  const refused = stdout.filter((line) => line.includes('a sign-in was refused'))
  expect(refused).toEqual([expect.stringContaining('"address":"192.0.2.7"')])
  expect(await stop()).toMatchObject({ code: 0 })
})
