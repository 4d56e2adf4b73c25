/**
 * `npm run replay` as a process: killed, refused, misused.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { aGateway, aProxy, books, run, salesIn } from './replay-run.ts'
import { cleanSales, csvFile, line } from './sales-csv.ts'

describe('npm run replay', () => {
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ['replay/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

  async function finished(child: ChildProcess) {
    const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
    return { code: child.exitCode, out, err }
  }

  it('killed with SIGKILL in the middle and run again, ends as one that was left alone', async () => {
    const [gateway, other] = [await aGateway(), await aGateway()]
    const sales = cleanSales(300, 6)
    const file = await csvFile(sales.map((sale) => sale.line))
    let reached: () => void
    const inTheMiddle = new Promise<void>((resolve) => {
      reached = resolve
    })
    const proxy = await aProxy(
      () => gateway.url,
      (push) => {
        if (push < 7) return 'pass'
        reached()
        return 'hold'
      },
    )

    const killed = start(file, '--url', proxy.url, '--batch', '20')
    await inTheMiddle
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const sold = await salesIn(gateway)
    expect(sold).toBeGreaterThan(60)
    expect(sold).toBeLessThan(200)

    const again = await finished(start(file, '--url', gateway.url, '--batch', '20'))
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('everything adds up') })
    expect((await run(file, other.url)).addsUp).toBe(true)
    expect(await books(gateway)).toEqual(await books(other))
  })

  it('says in one line how to start a gateway where there is none', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const url = `http://127.0.0.1:${port}/graphql`
    expect(await finished(start('sales.csv', '--url', url))).toEqual({
      code: 1,
      out: '',
      err: `${url} does not answer (ECONNREFUSED): start a gateway with "npm start", or name another with --url\n`,
    })
  })

  it('exits 1 with one line for what is wrong, and lists its options', async () => {
    const gateway = await aGateway()
    expect(await finished(start('/nowhere.csv', '--url', gateway.url))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^\/nowhere\.csv cannot be read: .*\n$/),
    })
    expect(await finished(start())).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^one file is expected.*\n$/),
    })
    expect(await finished(start('--help'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('--retry'),
    })
  })

  it('exits 1 where the money does not add up', async () => {
    const gateway = await aGateway()
    const file = await csvFile(cleanSales(30, 2).map((sale) => sale.line))
    await run(await csvFile([line({ id: '1001', quantity: '9' })]), gateway.url)
    const { code, out } = await finished(start(file, '--url', gateway.url))
    expect(code).toBe(1)
    expect(out).toMatch(/conflicts: id used before for something else +1 +ids 1001 in line/)
    expect(out).toMatch(/this does NOT add up, see above\n$/)
  })
})
