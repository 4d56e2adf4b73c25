/** Progress, not length: slow lines are served, silent ones are not waited for; what is held is bounded. */
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { readBody } from '../../src/http/body.ts'
import { HttpFault } from '../../src/http/http-fault.ts'
import { InFlight } from '../../src/http/in-flight.ts'
import { swallow } from '../../src/http/linger.ts'
import { endUnread } from '../../src/http/unread.ts'

const pace = { stallMs: 400, graceMs: 400, bytesPerSecond: 100 }

let server: Server | undefined
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server?.close()
})

async function open(answer: Parameters<typeof createServer>[1]): Promise<Socket> {
  const started = createServer(answer)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const socket = connect((started.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  sockets.push(socket)
  return socket
}

/** A server that reads bodies, and a socket to it; `outcome`: what came of the first. */
async function reader(inFlight = new InFlight(), maxBytes = 1_000_000) {
  let told: (outcome: unknown) => void
  const outcome = new Promise<unknown>((resolve) => {
    told = resolve
  })
  const socket = await open((request, response) => {
    const held = inFlight.open([['all', 50_000]])
    response.once('close', held.release)
    readBody(request, { maxBytes, tooLarge: () => new HttpFault(413, 'too large'), held, pace })
      .then((body) => told(body.toString()))
      .catch((fault: HttpFault) => told(fault.status))
      .finally(() => response.end('done'))
    response.once('finish', () => swallow(request))
  })
  return { socket, outcome }
}

const head = (length: number | null) =>
  `POST / HTTP/1.1\r\nHost: x\r\n${length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`}\r\n\r\n`

describe('a body', () => {
  it('that comes slowly, but comes, is read', async () => {
    const { socket, outcome } = await reader()
    socket.write(head(400))
    for (let i = 0; i < 20; i += 1) {
      socket.write('x'.repeat(20))
      await setTimeout(60)
    }
    expect(await outcome).toBe('x'.repeat(400))
  })

  it.each([
    ['stops half-way', 1_000],
    ['never begins', null],
  ])('that %s is given up', async (_, length) => {
    const { socket, outcome } = await reader()
    socket.write(head(length))
    if (length) socket.write('x'.repeat(length / 2))
    expect(await outcome).toBe(408)
  })

  it('that moves, but hardly, is given up', async () => {
    const { socket, outcome } = await reader()
    socket.write(head(1_000))
    const trickle = setInterval(() => socket.write('x'), 100)
    expect(await outcome).toBe(408)
    clearInterval(trickle)
  })

  it('that ends with its connection is no body', async () => {
    const { socket, outcome } = await reader()
    socket.write(`${head(1_000)}xx`)
    await setTimeout(50)
    socket.destroy()
    expect(await outcome).toBe(400)
  })

  it('a byte at a time costs what it holds', async () => {
    const inFlight = new InFlight()
    const { socket, outcome } = await reader(inFlight)
    socket.write(`${head(null)}${'1\r\nx\r\n'.repeat(20_000)}`)
    await expect.poll(() => inFlight.held('all')).toBeGreaterThan(0)
    expect(inFlight.held('all')).toBeLessThan(41_000)
    socket.write('0\r\n\r\n')
    expect(await outcome).toBe('x'.repeat(20_000))
    await expect.poll(() => inFlight.held('all')).toBe(0)
  })

  it('past what may be held is refused, and taken once the others are through', async () => {
    const inFlight = new InFlight()
    const others = inFlight.open([['all', 50_000]])
    expect(others.take(45_000)).toBe(true)
    const first = await reader(inFlight)
    first.socket.write(head(10_000) + 'x'.repeat(10_000))
    expect(await first.outcome).toBe(503)
    server?.close()
    others.release()
    const second = await reader(inFlight)
    second.socket.write(head(10_000) + 'x'.repeat(10_000))
    expect(await second.outcome).toBe('x'.repeat(10_000))
  })

  it('that goes on after it was refused is cut off', async () => {
    const { socket, outcome } = await reader(new InFlight(), 100)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    socket.write(`${head(null)}${'3e8\r\n'}${'x'.repeat(1_000)}\r\n`)
    expect(await outcome).toBe(413)
    await closed
  })
})

it('what nobody wants any more is taken without haste, for a while', async () => {
  const socket = await open((request, response) => {
    response.once('prefinish', () => swallow(request))
    response.end('no')
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const began = performance.now()
  socket.resume()
  socket.write(head(100_000_000))
  socket.write(Buffer.alloc(100_000_000))
  await closed
  // 16 MB of it would be there in 50 ms.
  expect(performance.now() - began).toBeGreaterThan(1_000)
})

describe('shares', () => {
  it('are counted by name, and given back once', () => {
    const inFlight = new InFlight()
    const [a, b] = ['a', 'b'].map((name) =>
      inFlight.open([
        ['all', 100],
        [name, 60],
      ]),
    ) as [ReturnType<InFlight['open']>, ReturnType<InFlight['open']>]
    expect([a.take(60), a.take(1), b.take(41), b.take(40)]).toEqual([true, false, false, true])
    a.release()
    a.release()
    expect(a.take(1)).toBe(false)
    expect([inFlight.held('all'), inFlight.held('a'), inFlight.held('b')]).toEqual([40, 0, 40])
    expect(b.take(20)).toBe(true)
    b.release()
    expect(inFlight.held('all')).toBe(0)
  })
})

describe('an answer', () => {
  const large = 'x'.repeat(50_000_000)
  const answering = () =>
    open((_, response) => {
      endUnread(response, pace)
      response.end(large)
    })
  const connections = () =>
    new Promise<number>((resolve) => server!.getConnections((_, count) => resolve(count)))

  it('that nobody reads is not kept', async () => {
    const socket = await answering()
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(connections).toBe(1)
    await expect.poll(connections, { timeout: 15_000 }).toBe(0)
  })

  it('behind others of the same connection neither', async () => {
    const socket = await open((_, response) => {
      endUnread(response, pace)
      setTimeout(50).then(() => response.end(large))
    })
    const asked = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    socket.write(asked + asked)
    await new Promise<void>((resolve) => {
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes < large.length + 500) return
        socket.pause()
        resolve()
      })
    })
    await expect.poll(connections, { timeout: 15_000 }).toBe(0)
  })

  it('that is read slowly comes whole', async () => {
    const socket = await answering()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    let bytes = 0
    for await (const chunk of socket) {
      bytes += chunk.length
      if (bytes % 20 === 0) await setTimeout(1)
    }
    expect(bytes).toBeGreaterThan(large.length)
  })
})
