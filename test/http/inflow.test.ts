/** What comes in is read by turns: a little at once, of whoever sends much no more than a part of the time. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { boundConnections } from '../../src/http/connections.ts'
import { keepLittle } from '../../src/http/inflow.ts'
import { Reception } from '../../src/http/reception.ts'
import { Rests } from '../../src/http/rests.ts'

let server: Server
const opened: Socket[] = []
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
  server?.close()
  server?.closeAllConnections()
})

async function start(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  reception = new Reception(),
): Promise<void> {
  server = createServer(answer)
  boundConnections(server, Number.POSITIVE_INFINITY, reception, () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

/** A connection that has sent this, and what came on it once it is closed. */
function open(text: string | Buffer) {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  opened.push(socket)
  let came = ''
  socket
    .on('error', () => {})
    .on('data', (data) => {
      came += data
    })
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(came)))
  socket.write(text)
  return { socket, closed }
}

/** Waits for it turn by turn; the most that was counted in one of them. */
async function mostOfTurn(counted: () => number, isOver: () => boolean): Promise<number> {
  let [most, before] = [0, counted()]
  while (!isOver()) {
    await setImmediate()
    most = Math.max(most, counted() - before)
    before = counted()
  }
  return most
}

const chunkedHead = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
const byteChunks = (n: number) => '1\r\nx\r\n'.repeat(n)

describe('a connection', () => {
  it('is read piece by piece, however much came at once', async () => {
    const chunks = 20_000
    let read = 0
    await start((request) => request.on('data', () => (read += 1)))
    open(chunkedHead + byteChunks(chunks))
    expect(
      await mostOfTurn(
        () => read,
        () => read === chunks,
      ),
    ).toBeLessThan(5_000)
  })

  it('is read to its end, in order, whatever the sizes are and however often it is put off', async () => {
    let body = ''
    await start(async (request, response) => {
      keepLittle(request)
      for await (const chunk of request) {
        body += chunk
        if (body.length % 7 === 0) await setTimeout(1)
      }
      response.end('all of it')
    })
    const parts = Array.from({ length: 60 }, (_, i) => `${i} `.repeat((i * 997) % 12_000 || 1))
    const length = parts.join('').length
    const { socket, closed } = open(
      `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`,
    )
    for (const part of parts) {
      socket.write(part)
      await setImmediate()
    }
    expect(await closed).toMatch(/all of it/)
    expect(body).toBe(parts.join(''))
  })

  it('of which a body is not read is read no further', async () => {
    const requests: IncomingMessage[] = []
    await start((request) => {
      keepLittle(request)
      requests.push(request)
    })
    const { socket } = open(chunkedHead)
    socket.write(byteChunks(500_000))
    await expect.poll(() => requests.length).toBe(1)
    await setTimeout(200)
    expect(requests[0]!.readableLength).toBeLessThan(5_000)
  })

  it('that waits at the door while it sends is read piece by piece, too', async () => {
    const requests: IncomingMessage[] = []
    const door: (() => void)[] = []
    class Waiting extends Reception {
      override enter(caller: string, begin: () => void): void {
        if (door.length === 0) door.push(begin)
        else super.enter(caller, begin)
      }
    }
    await start((request) => {
      keepLittle(request)
      requests.push(request)
    }, new Waiting())
    const { socket } = open(chunkedHead + byteChunks(20_000))
    await expect.poll(() => door.length).toBe(1)
    await expect.poll(() => socket.writableLength).toBe(0)
    await setTimeout(100)
    door[0]!()
    await expect.poll(() => requests.length).toBe(1)
    await setTimeout(100)
    expect(requests[0]!.readableLength).toBeLessThan(1_000)
  })

  it('that goes with others, with requests that wait, ends by turns', async () => {
    let [asked, ended] = [0, 0]
    await start((request) => {
      asked += 1
      request.on('error', () => {}).once('close', () => (ended += 1))
    })
    const [connections, each] = [100, 16]
    for (let i = 0; i < connections; i += 1) open('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(each))
    await expect.poll(() => asked).toBe(connections * each)
    for (const socket of opened) socket.resetAndDestroy()
    const most = await mostOfTurn(
      () => ended,
      () => ended === asked,
    )
    expect(most).toBeLessThan(asked / 3)
  })
})

describe('what is sent', () => {
  it.each<[string, number, number]>([
    ['in one go, up to 64 kB', 65_536, 0],
    ['in as many turns as it has pieces, where it is longer', 65_537, 2],
    ['so when it is megabytes', 3_000_000, 46],
  ])('goes %s', async (_, bytes, turns) => {
    let [begun, taken] = [0, 0]
    class Counting extends Reception {
      override enter(caller: string, begin: () => void): void {
        begun += 1
        super.enter(caller, begin)
      }
    }
    server = createServer().on('connection', (socket: Socket) => {
      taken = begun
      socket.end(Buffer.alloc(bytes, 'x'))
    })
    boundConnections(server, Number.POSITIVE_INFINITY, new Counting(), () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(await open('').closed).toHaveLength(bytes)
    expect(begun - taken).toBe(turns)
  })

  it('comes whole and in order, texts and bytes, what is long and what is short with its neighbours', async () => {
    const parts = Array.from({ length: 200 }, (_, i) => `${i}é`.repeat((i * 997) % 9_000 || 1))
    await start((_, response) => {
      response.writeHead(200, { connection: 'close' })
      // Of them the first goes at once, all others wait for it and go together.
      for (const [i, part] of parts.entries()) response.write(i % 2 ? part : Buffer.from(part))
      response.end()
    })
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect(await response.text()).toBe(parts.join(''))
  })
})

describe('who is read much', () => {
  const clock = { now: 0 }
  let rests: Rests
  beforeEach(() => {
    clock.now = 0
    rests = new Rests(() => clock.now)
    rests.note('flood')
  })

  it('rests five times as long as it took, where others are about', () => {
    rests.took('flood', 10)
    expect(rests.owedMs('flood')).toBe(0)
    rests.note('till')
    expect(rests.owedMs('flood')).toBe(50)
    clock.now = 30
    expect([rests.owedMs('flood'), rests.owedMs('till')]).toEqual([0, 0])
    clock.now = 10_000
    rests.took('flood', 10)
    expect(rests.owedMs('flood')).toBe(0)
  })

  it('rests for what it took together, and not for a little', () => {
    rests.note('till')
    const restsMs = Array.from({ length: 4 }, () => {
      const restMs = rests.owedMs('flood')
      rests.took('flood', 2)
      return restMs
    })
    expect(restsMs).toEqual([0, 0, 0, 30])
  })

  it('comes after who comes meanwhile, and then in its order', async () => {
    let worked = 0
    const reception = new Reception(new Rests(), () => (worked += 10))
    const begun: string[] = []
    reception.enter('others', () => {})
    for (let i = 0; i < 3; i += 1)
      reception.enter('flood', () => {
        begun.push(`flood ${i}`)
        if (i === 0) reception.enter('till', () => void begun.push('till'))
      })
    await expect.poll(() => begun, { timeout: 5_000 }).toEqual(['flood 0', 'till', 'flood 1', 'flood 2'])
  })
})
