/** What is shed before it costs anything: connections of one address, requests of one connection. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  boundConnections,
  leaveConnections,
  mayPipeline,
  type OnReset,
  refuseByTurns,
} from '../../src/http/connections.ts'
import { Reception } from '../../src/http/reception.ts'
import { Refusals, refusalPace } from '../../src/http/refusals.ts'
import { startGateway } from '../support/gateway.ts'

const perAddress = 3
let server: Server
let port: number
let opened: Socket[]
let resets: string[]
let refusals: Refusals
const tell: OnReset = (reason, address) => void resets.push(`${reason} of ${address}`)
/** Answers every request that is held, and those that come. */
let answerAll: () => void
/** How many heads were read. */
let read: number

beforeEach(async () => {
  opened = []
  resets = []
  refusals = new Refusals()
  read = 0
  let isAnswering = false
  const held: (() => void)[] = []
  answerAll = () => {
    isAnswering = true
    for (const answer of held) answer()
  }
  server = createServer((request, response) => {
    read += 1
    if (!mayPipeline(request, response, refusals, tell)) return
    const answer = () => void response.end('x\n')
    if (isAnswering || request.url === '/quick') answer()
    else held.push(answer)
  })
  boundConnections(server, perAddress, new Reception(), tell)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  for (const socket of opened) socket.destroy()
  server.close()
  server.closeAllConnections()
})

/** A connection, what came on it, and its end. */
function open(text: string) {
  const socket = connect({ port, host: '127.0.0.1' })
  opened.push(socket)
  let came = ''
  socket.on('data', (data) => {
    came += data
  })
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', () => resolve('closed')))
  socket.write(text)
  const answers = () => came.match(/^HTTP\/1\.1 200/gm)?.length ?? 0
  return { socket, closed, answers, came: () => came }
}
const requestOf = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

describe('connections of one address', () => {
  it('are so many; one more is reset, until one has gone', async () => {
    const first = Array.from({ length: perAddress }, () => open(requestOf('/quick')))
    await expect.poll(() => first.map(({ answers }) => answers())).toEqual([1, 1, 1])
    expect(await open(requestOf('/quick')).closed).toBe('closed')
    expect(resets).toEqual(['connections of 127.0.0.1'])
    first[0]!.socket.destroy()
    await expect
      .poll(async () => {
        const next = open(requestOf('/quick'))
        await Promise.race([next.closed, new Promise((resolve) => next.socket.once('data', resolve))])
        return next.answers()
      })
      .toBe(1)
  })

  it('that are too many are made no sockets of', async () => {
    let made = 0
    server.prependListener('connection', () => {
      made += 1
    })
    const first = Array.from({ length: perAddress }, () => open(requestOf('/slow')))
    await expect.poll(() => read).toBe(perAddress)
    await Promise.all(Array.from({ length: 5 }, () => open(requestOf('/slow')).closed))
    expect(made).toBe(perAddress)
    expect(resets).toEqual(Array(5).fill('connections of 127.0.0.1'))
    expect(first.every(({ socket }) => !socket.destroyed)).toBe(true)
  })

  it('that have become something else count no more', async () => {
    server.on('upgrade', (_, socket: Socket) => {
      leaveConnections(socket)
      leaveConnections(socket)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
      opened.push(socket)
    })
    const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'
    for (let i = 0; i < 2 * perAddress; i += 1) await once(open(upgrade).socket, 'data')
    const plain = Array.from({ length: perAddress }, () => open(requestOf('/quick')))
    await expect.poll(() => plain.map(({ answers }) => answers())).toEqual([1, 1, 1])
  })
})

describe('requests of one connection', () => {
  it('are 16 that wait for their answers at most', async () => {
    const { answers, socket } = open(requestOf('/held').repeat(16))
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(0)
    answerAll()
    await expect.poll(answers).toBe(16)
    socket.write(requestOf('/quick').repeat(16))
    await expect.poll(answers).toBe(32)
  })

  it('end it where one more is sent', async () => {
    const { closed, answers } = open(requestOf('/held').repeat(17))
    expect(await closed).toBe('closed')
    expect(answers()).toBe(0)
    expect(resets).toEqual(['requests of 127.0.0.1'])
  })

  it('end it later where more of the address have just been ended, and nothing is read meanwhile', async () => {
    const { atOnce, eachMs } = refusalPace
    for (let i = 0; i < atOnce + 1_500 / eachMs; i += 1) refusals.waitMs('127.0.0.1')
    const { closed, socket } = open(requestOf('/held').repeat(17))
    let taken = 0
    for (let mb = 0; mb < 64; mb += 1)
      socket.write(Buffer.alloc(2 ** 20, requestOf('/held')), (error) => {
        if (!error) taken += 1
      })
    await expect.poll(() => resets).toEqual(['requests of 127.0.0.1'])
    expect(socket.destroyed).toBe(false)
    expect(await closed).toBe('closed')
    // The network itself keeps some, on both sides.
    expect([read, taken < 32]).toEqual([17, true])
  })

  it('are read no further than that, however many came in one piece', async () => {
    await open(requestOf('/quick').repeat(2_000)).closed
    expect(read).toBe(17)
    const { answers } = open(requestOf('/quick').repeat(2))
    await expect.poll(answers).toBe(2)
  })
})

describe('heads that are refused', () => {
  /** Connections that have sent this, and how many of them ended in each turn of the loop. */
  async function refuse(text: string, count: number) {
    const sockets: Socket[] = []
    const patient = createServer({ connectionsCheckingInterval: 500 }).listen(0, '127.0.0.1')
    onTestFinished(() => void patient.close())
    patient.headersTimeout = 400
    refuseByTurns(patient, new Reception())
    patient.on('connection', (socket) => sockets.push(socket))
    await once(patient, 'listening')
    port = (patient.address() as AddressInfo).port
    const lines = Array.from({ length: count }, () => open(''))
    await expect.poll(() => sockets.length).toBe(count)
    for (const { socket } of lines) socket.write(text)
    const destroyed = () => sockets.filter((socket) => socket.destroyed).length
    const atOnce: number[] = []
    for (let before = 0; before < count; before = destroyed()) {
      await setImmediate()
      atOnce.push(destroyed() - before)
    }
    await Promise.all(lines.map(({ closed }) => closed))
    return { atOnce: Math.max(...atOnce), answers: new Set(lines.map(({ came }) => came().split('\r\n')[0])) }
  }

  it.each([
    ['come too late', 'GET / HTTP/1.1\r\n', 'HTTP/1.1 408 Request Timeout'],
    ['are none', 'x\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    [
      'are too long',
      `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
    ],
  ])('because they %s are so by turns, as Node answers them', async (_, text, answer) => {
    const { atOnce, answers } = await refuse(text, 200)
    expect([...answers]).toEqual([answer])
    expect(atOnce).toBeLessThan(50)
  })
})

it('the gateway counts what it resets', async () => {
  const gateway = await startGateway({ env: { CONNECTIONS_PER_ADDRESS: '2', HOST: '127.0.0.1' } })
  onTestFinished(gateway.close)
  port = Number(new URL(gateway.url).port)
  const askFor = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
  const staying = [open(askFor('/healthz')), open(askFor('/healthz'))]
  await expect.poll(() => staying.map(({ answers }) => answers())).toEqual([1, 1])
  for (let i = 0; i < 3; i += 1) expect(await open(askFor('/healthz')).closed).toBe('closed')
  const [asking] = staying
  asking!.socket.write(askFor('/metrics'))
  await expect.poll(asking!.came).toContain('\nmodula_connections_reset_total{reason="connections"} 3\n')
})

it.each([
  { what: 'an expectation that nobody knows', lines: 'Host: 127.0.0.1\r\nExpect: tea\r\n', answer: '200 OK' },
  { what: 'no Host', lines: '', answer: '400 Bad Request' },
])('requests with $what are answered and counted as others are', async ({ lines, answer }) => {
  const gateway = await startGateway({ env: { HOST: '127.0.0.1' } })
  onTestFinished(gateway.close)
  port = Number(new URL(gateway.url).port)
  const request = `GET /healthz HTTP/1.1\r\n${lines}\r\n`
  await expect.poll(open(request).came).toContain(`HTTP/1.1 ${answer}\r\n`)
  await open(request.repeat(17)).closed
  const asking = open('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  await expect.poll(asking.came).toContain('\nmodula_connections_reset_total{reason="requests"} 1\n')
})

it('requests that wait behind others are over when their connection ends: who sent them is answered on the next', async () => {
  const gateway = await startGateway()
  onTestFinished(gateway.close)
  port = Number(new URL(gateway.url).port)
  const { token } = await gateway.as('cashier-1')
  const body = JSON.stringify({ query: '{ me(tenantId: "demo") { role } }' })
  const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
  const request = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n${head}\r\n\r\n${body}`
  // Many: they are read by turns, and the first are answered before the last are read.
  for (let i = 0; i < 3; i += 1) await open(request.repeat(200)).closed
  const { answers } = open(request)
  await expect.poll(answers, { timeout: 20_000 }).toBe(1)
})
