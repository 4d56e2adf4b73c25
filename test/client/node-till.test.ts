/** The till in a terminal (`examples/node-till.ts`), as somebody would type at it. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let folder: string
beforeAll(async () => {
  gateway = await startGateway()
  folder = await mkdtemp(join(tmpdir(), 'modula-node-till-'))
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

/** Types the lines, and resolves to what was printed when the till has ended. */
function type(lines: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const till = spawn(process.execPath, [join(import.meta.dirname, '../../examples/node-till.ts')], {
    env: { ...process.env, GATEWAY: gateway.url, TILL: join(folder, 'till.sqlite'), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  till.stdin.end(`${lines.join('\n')}\n`)
  let printed = ''
  till.stdout.on('data', (chunk) => {
    printed += chunk
  })
  return new Promise((resolve) => till.once('exit', () => resolve(printed)))
}

it('sells, keeps what waits while the gateway is away, and sends it when it is back', async () => {
  const first = await type([
    'menu',
    'sell croissant',
    'open 50',
    'sell croissant 2',
    'sync',
    'status',
    'quit',
  ])
  expect(first).toMatch(/croissant +\$1\.80 +Butter croissant/)
  expect(first).toContain('This branch has no such cash session open.')
  expect(first).toContain('sold 2 x Butter croissant: $3.96')
  expect(first).toMatch(/-> APPLIED .*"receiptNumber":1/)
  expect(first).toContain('drawer: $53.96 and 0 riel expected')

  const away = await type(['sell latte', 'sell nothing-like-it', 'status'], {
    GATEWAY: 'http://127.0.0.1:1/graphql',
  })
  expect(away).toContain('sold 1 x Latte')
  expect(away).toContain('There is no "nothing-like-it" on the menu.')
  expect(away).toContain('1 waiting, 0 failed')

  const back = await type(['sync', 'status', 'close', 'sync', 'quit'])
  expect(back).toMatch(/-> APPLIED .*"receiptNumber":2/)
  expect(back).toContain('0 waiting, 0 failed')
  expect(back).toMatch(/-> APPLIED .*"difference"/)
})

it('signs in again where its token has been ended, and sends what waited', async () => {
  expect(await type(['sync', 'open 50', 'sync', 'quit'])).toMatch(/-> APPLIED/)
  const admin = await gateway.as('admin')
  const saved = await admin.direct(
    'staffSave',
    { accountId: 'demo-cashier-1', pin: '1234' },
    { branchId: null },
  )
  expect(saved.status).toBe('APPLIED')

  const printed = await type(['sell croissant', 'sync', 'sync', 'status', 'quit'])
  expect(printed).toContain('this token has been ended')
  expect(printed).toMatch(/-> APPLIED .*"receiptNumber"/)
  expect(printed).toContain('idle; 0 waiting, 0 failed')
})
