/** Sockets and streams of events: mute, large, deaf, and without end. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { WebSocket } from 'ws'
import {
  isShort,
  onlyAnswers,
  openRaw,
  openSocket,
  type Row,
  rounds,
  type Target,
  tally,
  times,
  within,
} from '../tools.ts'

export const send = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message))

/** One that has said nothing yet; null where it was not let in. */
async function openOne(target: Target): Promise<ReturnType<typeof openSocket> | null> {
  const opened = openSocket(target)
  const isOpen = await within(
    5_000,
    Promise.race([once(opened.socket, 'open').then(() => true), opened.closed.then(() => false)]),
    false,
  )
  return isOpen ? opened : null
}

/** A socket that has said who it is; null where it was not let in. */
export async function greet(target: Target, token: string): Promise<ReturnType<typeof openSocket> | null> {
  const opened = await openOne(target)
  if (!opened) return null
  send(opened.socket, { type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  const greeted = await within(
    5_000,
    Promise.race([once(opened.socket, 'message').then(() => true), opened.closed.then(() => false)]),
    false,
  )
  return greeted ? opened : null
}

const nudgesOf = (branchId: string, operationName?: string) => ({
  ...(operationName ? { operationName } : {}),
  query: `subscription { syncNudge(tenantId: "demo", branchId: "${branchId}") { headSeq } }`,
})

const megabyte = Buffer.from(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(900_000) } }))

/** Sends large messages until the socket is closed, and for as long as the network takes them; tells how it was. */
async function pourInto(socket: WebSocket, closed: Promise<string>): Promise<string> {
  for (let i = 0; i < 20 && socket.readyState === socket.OPEN; i += 1)
    socket.send(megabyte, { binary: false })
  const end = await within(20_000, closed, 'open')
  socket.terminate()
  return end
}

/** A thousand empty ones. */
const pings = Buffer.alloc(6_000, Buffer.from([0x89, 0x80, 0, 0, 0, 0]))
const closeFrame = Buffer.from([0x88, 0x80, 0, 0, 0, 0])

/** Asks for a socket, sends this, whatever was answered, and then as much as the network takes. */
async function pourAfter(target: Target, path: string, first: Buffer): Promise<string> {
  const { socket, answered, closed } = openRaw(
    target,
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  )
  await within(5_000, answered, '')
  socket.write(first)
  for (let i = 0; i < 20 && !socket.destroyed; i += 1) socket.write(megabyte)
  const end = await within(20_000, closed, 'open')
  socket.destroy()
  return end
}

/** A stream of events over HTTP; what it was answered, and the connection that holds it. */
async function openStream(target: Target, token: string): Promise<{ said: string; close(): void }> {
  const text = encodeURIComponent(nudgesOf('riverside').query)
  const { socket, closed } = openRaw(
    target,
    `GET /graphql?query=${text} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  )
  const first = new Promise<string>((resolve) => {
    let came = ''
    socket.on('data', (data) => {
      came += data
      if (/"code":"([A-Z_]+)"/.test(came)) resolve(/"code":"([A-Z_]+)"/.exec(came)![1]!)
    })
  })
  // A stream that was let in says nothing until something happens.
  const said = await within(1_500, Promise.race([first, closed]), 'open')
  return { said, close: () => socket.destroy() }
}

export const sockets: Row[] = [
  {
    name: 'operation names of 0.9 MB over a socket, 100 of them',
    must: 'refused, and nothing of them is kept',
    async attack(target) {
      await target.begin()
      const opened = await greet(target, target.people.barista.token)
      assert.ok(opened, 'the socket was not let in')
      const { socket, closed } = opened
      let answers = 0
      socket.on('message', () => {
        answers += 1
      })
      for (let i = 0; i < 100 && socket.readyState === socket.OPEN; i += 1) {
        const payload = nudgesOf('riverside', `${i}`.padEnd(900_000, 'x'))
        send(socket, { id: `${i}`, type: 'subscribe', payload })
        await within(
          50,
          once(socket, 'message').then(() => {}),
          undefined,
        )
      }
      const end = await within(500, closed, 'open')
      socket.terminate()
      return { [end]: 1, answers }
    },
    check: (outcome) => assert.ok(Object.keys(outcome).length > 1),
  },
  {
    name: 'messages of 1 MB before anybody has said who it is, 20 sockets',
    by: 'nobody',
    must: 'closed: small until init',
    attack: (target) =>
      rounds(target, () =>
        times(20, async () => {
          const { socket, closed } = openSocket(target)
          await within(5_000, Promise.race([once(socket, 'open'), closed]), undefined)
          return pourInto(socket, closed)
        }),
      ),
    check: (outcome) => onlyAnswers(outcome, /^closed (1009|1006|4400|4408|4429)$/),
  },
  {
    name: 'messages of 1 MB of somebody who is known, 20 sockets',
    must: 'closed, and no more of them is read',
    attack: (target) =>
      rounds(target, () =>
        times(20, async () => {
          const opened = await greet(target, target.people.barista.token)
          return opened ? pourInto(opened.socket, opened.closed) : 'not let in'
        }),
      ),
    check: (outcome) => onlyAnswers(outcome, /^(closed (1009|1006|1013)|not let in)$/),
  },
  {
    name: 'sockets that are closed by who goes on sending, 20 of them',
    by: 'nobody',
    must: 'no more of them is read',
    attack: (target) => rounds(target, () => times(20, () => pourAfter(target, '/graphql', closeFrame))),
    check: (outcome) => onlyAnswers(outcome, /^(101|503|closed)$/),
  },
  {
    name: 'sockets of no such path, of who goes on sending, 20 of them',
    by: 'nobody',
    must: 'closed',
    attack: (target) => rounds(target, () => times(20, () => pourAfter(target, '/nowhere', closeFrame))),
    check: (outcome) => onlyAnswers(outcome, /^(404|closed)$/),
  },
  {
    name: 'pings before anybody has said who it is, a thousand each of 100 sockets',
    by: 'nobody',
    must: 'closed: few until init',
    attack: (target) =>
      rounds(target, () =>
        times(100, () =>
          pourAfter(target, '/graphql', pings).then((end) => (end === 'open' ? end : 'closed')),
        ),
      ),
    check: (outcome) => onlyAnswers(outcome, /^closed$/),
  },
  {
    name: '1,500 sockets that say nothing',
    by: 'nobody',
    must: 'others are served; the mute are closed with 4408, or not let in',
    attack: async (target) => {
      await target.begin()
      const opened = await times(isShort(target) ? 300 : 1500, async () => openSocket(target))
      const ends = await Promise.all(opened.map(({ closed }) => within(20_000, closed, 'open')))
      for (const { socket } of opened) socket.terminate()
      return tally(ends)
    },
    check: (outcome) => onlyAnswers(outcome, /^closed (4408|1006|1013|4429)$/),
  },
  {
    name: 'as many sockets as are let in, which all go at once',
    by: 'nobody',
    must: 'others are served; no more than 256 of one address are let in',
    attack: (target) =>
      rounds(target, async () => {
        const opened: WebSocket[] = []
        for (let isFull = false; !isFull && opened.length < 1_000; ) {
          const more = await times(100, () => openOne(target))
          opened.push(...more.flatMap((one) => one?.socket ?? []))
          isFull = more.includes(null)
        }
        for (const socket of opened) socket.terminate()
        return opened.map((_, i) => (i < 256 ? 'gone' : 'one too many'))
      }),
    check: (outcome) => onlyAnswers(outcome, /^gone$/),
  },
  {
    name: '300 streams of events of one person',
    must: 'a few; the others are RATE_LIMITED',
    async attack(target) {
      await target.begin()
      const streams = await times(isShort(target) ? 60 : 300, () =>
        openStream(target, target.people.barista.token),
      )
      const outcome = tally(streams.map(({ said }) => said))
      for (const { close } of streams) close()
      return outcome
    },
    check(outcome) {
      const { open = 0, 200: silent = 0, ...others } = outcome
      assert.ok(open + silent <= 256, `${open + silent} streams were let in`)
      assert.ok(others.RATE_LIMITED, 'nobody was refused')
      onlyAnswers(others, /^(RATE_LIMITED|4\d\d|503|closed)$/)
    },
  },
  {
    name: 'answers that nobody reads, 8 connections',
    must: 'given up in time',
    async attack(target) {
      const { barista } = target.people
      const body = JSON.stringify({
        query: `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: menu(tenantId: "demo") { __typename }`).join(' ')} }`,
      })
      const head = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer ${barista.token}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
      await target.begin()
      const ends = await times(8, async () => {
        const { socket, closed } = openRaw(target, head.repeat(isShort(target) ? 50 : 400))
        socket.pause()
        const end = await within(3_000, closed, 'open')
        socket.destroy()
        return end
      })
      return tally(ends)
    },
    check: (outcome) => assert.ok(Object.keys(outcome).length > 0),
  },
]
