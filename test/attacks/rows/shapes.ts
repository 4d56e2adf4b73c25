/** Requests and frames of shapes that no client of ours sends, and files that nobody reads. */
import {
  askOn,
  atOnce,
  endOf,
  type Outcome,
  onlyAnswers,
  openRaw,
  pour,
  type Row,
  rounds,
  type Target,
  tally,
  times,
  within,
} from '../tools.ts'
import { greet } from './sockets.ts'

const host = 'Host: 127.0.0.1\r\n'

/** Sends this on a connection that reads nothing, for as long as there is time; how it stands then. */
async function unread(target: Target, text: string): Promise<string> {
  const { socket, closed } = openRaw(target, text)
  socket.pause()
  const end = await within(Math.max(target.forMs, 1_000), closed, 'open')
  socket.destroy()
  return end === 'open' ? end : 'closed'
}

/** One after the other, for as long as there is time. */
async function again(target: Target, each: (left: Target) => Promise<string>): Promise<string[]> {
  const until = Date.now() + target.forMs
  const outcomes: string[] = []
  do outcomes.push(await each({ ...target, forMs: until - Date.now() }))
  while (Date.now() < until && outcomes.length < 5_000)
  return outcomes
}

/** The largest file of the console; its page where it is not built. */
async function largestFile({ base }: Target): Promise<string> {
  const page = await (await fetch(`${base}/admin/`)).text()
  return /<script[^>]+src="([^"]+)"/.exec(page)?.[1] ?? '/admin/'
}

/** What Node would answer by itself, past everybody's turn. */
const nodesOwn = {
  'an expectation that nobody knows': `${host}Expect: tea\r\n`,
  'no Host': '',
}
const mebibyte = Buffer.alloc(2 ** 20, ' ')
const trailers = Buffer.from(
  Array.from({ length: 50_000 }, (_, i) => `x${(i % 1296).toString(36)}:\r\n`).join(''),
)

const frame = (op: number, payload: string, isLast = true) =>
  Buffer.concat([
    Buffer.from([(isLast ? 0x80 : 0) | op, 0x80 | payload.length, 0, 0, 0, 0]),
    Buffer.from(payload),
  ])
const [continuation, text, ping, pong] = [0, 1, 9, 10]
/** Each of something that there is none of. */
const subscriptions = Buffer.concat(
  Array.from({ length: 500 }, (_, id) =>
    frame(text, JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: '{ nope }' } })),
  ),
)
/** A message in parts without an end, and control frames in between. */
const parts = Buffer.concat([
  frame(text, 'x', false),
  ...Array.from({ length: 5_000 }, () => [
    frame(continuation, 'x', false),
    frame(ping, 'x'.repeat(125)),
    frame(pong, 'x'),
  ]).flat(),
])

/** Sends this on 50 sockets of a barista; how they stand a while later. */
async function onSockets(target: Target, bytes: Buffer, waitMs: number): Promise<Outcome> {
  await target.begin()
  const opened = await times(50, () => greet(target, target.people.barista.token))
  const ends = opened.map(async (one) => {
    if (!one) return 'not let in'
    const { _socket: line } = one.socket as unknown as { _socket: { write(bytes: Buffer): void } }
    line.write(bytes)
    const end = await within(waitMs, one.closed, 'open')
    one.socket.terminate()
    return end
  })
  return tally(await Promise.all(ends))
}

export const shapes: Row[] = [
  ...Object.entries(nodesOwn).flatMap(([what, lines]): Row[] => [
    {
      name: `requests with ${what}, 2,000 behind one that waits, over 100 connections`,
      by: 'nobody',
      must: 'counted as any others: the connection ends',
      attack(target) {
        const first = `GET /graphql?query=%7B__typename%7D HTTP/1.1\r\n${host}\r\n`
        const all = first + `GET / HTTP/1.1\r\n${lines}\r\n`.repeat(2_000)
        return rounds(target, () => times(100, () => endOf(target, all)))
      },
      check: (outcome) => onlyAnswers(outcome, /^(\d\d\d.*|closed|open)$/),
    },
    {
      name: `POST with ${what}, a body without an end, over 100 connections`,
      by: 'nobody',
      must: 'what nobody wants is taken in a part of the time, and not kept',
      attack(target) {
        const head = `POST /graphql HTTP/1.1\r\n${lines}Content-Length: 99999999999\r\n\r\n`
        return atOnce(target, 100, () => pour(target, head, mebibyte))
      },
      check: (outcome) => onlyAnswers(outcome, /^(4\d\d|200 [A-Z_]+|open|closed)$/),
    },
  ]),
  {
    name: 'CONNECT, methods that there are none of, versions of other times, over 100 connections',
    by: 'nobody',
    must: 'closed, or answered and closed',
    attack(target) {
      const heads = ['CONNECT a:1 HTTP/1.1', 'BREW / HTTP/1.1', 'GET /', 'GET /healthz HTTP/1.0']
      return rounds(target, () =>
        times(100, (i) => endOf(target, `${heads[i % heads.length]}\r\n${host}\r\n`)),
      )
    },
    check: (outcome) => onlyAnswers(outcome, /^(200|4\d\d|closed|open)$/),
  },
  {
    name: 'trailers without an end behind a body, over 50 connections',
    by: 'nobody',
    must: 'no more of them than a head may have',
    attack(target) {
      const head = `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`
      return atOnce(target, 50, () => pour(target, head, trailers))
    },
    check: (outcome) => onlyAnswers(outcome, /^(4\d\d|200.*|open|closed)$/),
  },
  {
    name: 'a file of the apps, 16 at once over 100 connections, none of them read',
    by: 'nobody',
    must: 'held once for all',
    async attack(target) {
      const request = `GET ${await largestFile(target)} HTTP/1.1\r\n${host}\r\n`
      return atOnce(target, 100, () => unread(target, request.repeat(16)))
    },
    check: (outcome) => onlyAnswers(outcome, /^(open|closed)$/),
  },
  {
    name: 'a file of the apps, 16 at once over 100 connections, by their heads',
    by: 'nobody',
    must: 'answered in a part of the time',
    async attack(target) {
      const request = `HEAD ${await largestFile(target)} HTTP/1.1\r\n${host}Range: bytes=0-1,2-3\r\n\r\n`
      return atOnce(target, 100, () => askOn(target, request, 16))
    },
    check: (outcome) => onlyAnswers(outcome, /^(answered|open|closed)$/),
  },
  {
    name: 'GraphiQL over 100 connections, 9 MB each, read as fast as it comes',
    by: 'nobody',
    must: 'sent in a part of the time, piece by piece',
    attack(target) {
      const request = `GET /graphql HTTP/1.1\r\n${host}Accept: text/html\r\n\r\n`
      return atOnce(target, 100, () => askOn(target, request, 1))
    },
    check: (outcome) => onlyAnswers(outcome, /^(answered|open|closed)$/),
  },
  {
    name: 'POST that asks for another protocol, a body without an end, over 100 connections, each opened anew when it is closed',
    by: 'nobody',
    must: 'refused and ended in a part of the time',
    attack(target) {
      const head = `POST /graphql HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 99999999999\r\n\r\n`
      return atOnce(target, 100, () => again(target, (left) => pour(left, head, mebibyte)))
    },
    check: (outcome) => onlyAnswers(outcome, /^(401|413|open|closed)$/),
  },
  {
    name: 'subscriptions that are refused, 500 at once on each of 50 sockets, by a barista',
    must: 'refused in a part of the time',
    attack: (target) => onSockets(target, subscriptions, target.forMs),
    check: (outcome) => onlyAnswers(outcome, /^(open|closed (1006|1013)|not let in)$/),
  },
  {
    name: 'a message in parts without an end, with pings and pongs in between, over 50 sockets, by a barista',
    must: 'closed: so many parts, and so much at once',
    attack: (target) => onSockets(target, parts, 5_000),
    check: (outcome) => onlyAnswers(outcome, /^(closed (1006|1008|1009|1013)|not let in)$/),
  },
]
