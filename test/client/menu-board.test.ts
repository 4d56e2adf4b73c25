/** A client that is not ours: urql with graphql-ws, as an integrator would write it (`examples/menu-board.ts`). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, vi } from 'vitest'
import { startGateway } from '../support/gateway.ts'

/** By itself the board would look once in a minute. */
const wait = { timeout: 30_000, interval: 50 }

it('shows the menu, and a price as soon as it is another, by a nudge', async () => {
  const gateway = await startGateway()
  const board = spawn(process.execPath, [join(import.meta.dirname, '../../examples/menu-board.ts')], {
    env: { ...process.env, GATEWAY: gateway.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines: string[] = []
    createInterface({ input: board.stdout }).on('line', (line) => lines.push(line))
    await vi.waitFor(() => expect(lines.some((line) => /^Latte: \$\d/.test(line))).toBe(true), wait)
    const admin = await gateway.as('admin', { deviceId: 'office' })
    await admin.direct('menuItemSave', { menuItemId: 'latte', priceUsd: 425 }, { branchId: null })
    await vi.waitFor(() => expect(lines.at(-1)).toBe('Latte: $4.25'), wait)
    // Of what it had shown before, nothing again.
    expect(new Set(lines).size).toBe(lines.length)
    await admin.direct('menuItemRemove', { menuItemId: 'latte' }, { branchId: null })
    await vi.waitFor(() => expect(lines.at(-1)).toBe('latte: no longer'), wait)
  } finally {
    board.kill()
    if (board.exitCode === null && board.signalCode === null) await once(board, 'exit')
    await gateway.close()
  }
})
