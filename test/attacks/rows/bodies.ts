/** Bodies: too large, too many, half sent, in disguise, and answers that nobody reads. */
import { gzipSync } from 'node:zlib'
import {
  atOnce,
  isShort,
  onlyAnswers,
  openRaw,
  post,
  pour,
  type Row,
  rounds,
  type Target,
  times,
  within,
} from '../tools.ts'

const MB = 1_000_000

/** JSON that takes 40 times its size in memory once it is parsed. */
const smallValues = (bytes: number, of = '[],') =>
  Buffer.from(`{"query":"{ __typename }","variables":{"x":[${of.repeat(bytes / of.length)}1]}}`)

/** Not let in, before or while it came; the connection may be gone before the answer was read. */
const refused = /^(closed|4\d\d.*|200 RATE_LIMITED)$/

/** The same for who is let in: also put off, where too much is in hand already. */
const refusedOrPutOff = /^(closed|4\d\d.*|503 SERVICE_UNAVAILABLE|200 RATE_LIMITED)$/

const head = (length: number, token?: string) =>
  `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${
    token ? `Authorization: Bearer ${token}\r\n` : ''
  }\r\n`

/** Sent as it is, without an end. */
const pieces = {
  'chunks of a byte each': Buffer.from('1\r\nx\r\n'.repeat(50_000)),
  'chunks of a byte with extensions of 16 kB': Buffer.from(`1;x=${'x'.repeat(16_000)}\r\nx\r\n`.repeat(20)),
}
const chunkedHead = (method: string, path: string, token?: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${
    token ? `Authorization: Bearer ${token}\r\n` : ''
  }Transfer-Encoding: chunked\r\n\r\n`

/** A body without an end, over as many connections. */
const endless = (
  what: keyof typeof pieces,
  to: { method: string; path: string; by: 'nobody' | 'a barista'; connections: number },
): Row => ({
  name: `${to.method} ${to.path}, ${what} without an end, over ${to.connections} connections, by ${to.by}`,
  ...(to.by === 'nobody' ? { by: to.by } : {}),
  must: 'read in a part of the time, whatever is sent; refused',
  async attack(target) {
    const token = to.by === 'nobody' ? undefined : target.people.barista.token
    const start = chunkedHead(to.method, to.path, token)
    return atOnce(target, to.connections, () => pour(target, start, pieces[what]))
  },
  check: (outcome) => onlyAnswers(outcome, /^(closed|open|4\d\d|503|200.*)$/),
})

/** In the tests nobody waits that long; `npm run attacks` does. */
const patienceOf = (target: Target) => (isShort(target) ? 2_000 : 35_000)

/** Opens connections that send a head and a part of the body, and tells what came to each of them in time. */
function hold(
  target: Target,
  n: number,
  start: string,
  part: Buffer,
  patienceMs = patienceOf(target),
): Promise<string[]> {
  return times(n, async () => {
    const { socket, answered } = openRaw(target, start)
    socket.write(part)
    const came = await within(patienceMs, answered, `open after ${patienceMs / 1000} s`)
    socket.destroy()
    return came
  })
}

const gzip = { 'content-encoding': 'gzip' }

export const bodies: Row[] = [
  {
    name: 'anonymous bodies of 25 MB of small values, three at once',
    by: 'nobody',
    must: 'refused by their headers, unread',
    attack(target) {
      const body = smallValues(25 * MB)
      return rounds(target, () => times(3, () => post(target, body)))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'anonymous bodies of 25 MB that do not say how large they are',
    by: 'nobody',
    must: 'cut off after a few kB',
    attack(target) {
      const body = smallValues(25 * MB)
      return rounds(target, () => times(3, () => post(target, body, { chunked: true })))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'the same with a token that is none',
    by: 'nobody',
    must: 'the token is looked at before the body',
    attack(target) {
      const body = smallValues(25 * MB, '{},')
      const headers = { authorization: `Bearer ${'x'.repeat(200)}` }
      return rounds(target, () => times(3, () => post(target, body, { headers })))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'anonymous gzip bombs, 20 MB in 20 kB, ten at once',
    by: 'nobody',
    must: 'refused before they are inflated, or as far as they may be',
    attack(target) {
      const bomb = gzipSync(smallValues(20 * MB))
      return rounds(target, () => times(10, () => post(target, bomb, { headers: gzip })))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'gzip bombs of a member, 100 MB in 100 kB, ten at once',
    must: 'refused by what they say that they hold; those that lie where the limit is passed, without the rest being inflated',
    attack(target) {
      const honest = gzipSync(Buffer.alloc(100 * MB, '['))
      const lying = Buffer.from(honest)
      lying.writeUInt32LE(1_000, lying.length - 4)
      const as = target.people.barista
      return rounds(target, () =>
        times(10, (i) => post(target, i % 2 ? honest : lying, { headers: gzip, as })),
      )
    },
    check: (outcome) => onlyAnswers(outcome, refusedOrPutOff),
  },
  {
    name: '40 half-sent anonymous bodies of 16 MB',
    by: 'nobody',
    must: 'refused by their headers, and closed',
    attack(target) {
      const part = Buffer.alloc(MB, '[')
      return rounds(target, () => hold(target, 40, head(16 * MB), part, 20_000))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: '40 half-sent bodies of 4 MB of a member',
    must: 'refused by their length beyond what one may send, else kept in bounds and given up when nothing more comes',
    lasts: true,
    attack(target) {
      const start = head(4 * MB, target.people.barista.token)
      const part = Buffer.alloc(3.5 * MB, '[')
      return rounds({ ...target, forMs: 0 }, () => hold(target, 40, start, part))
    },
    check: (outcome) => onlyAnswers(outcome, /^(closed|4\d\d|503|200 RATE_LIMITED|open after 2 s)$/),
  },
  {
    name: '200 bodies of a kB that come a byte a second, without a token',
    by: 'nobody',
    must: 'waited for in bounds, and given up in time; nobody else waits',
    lasts: true,
    async attack(target) {
      const patienceMs = patienceOf(target)
      return rounds({ ...target, forMs: 0 }, () =>
        times(200, async () => {
          const { socket, answered } = openRaw(target, head(1_000))
          const drip = setInterval(() => socket.writable && socket.write('['), 1_000)
          const came = await within(patienceMs, answered, `open after ${patienceMs / 1000} s`)
          clearInterval(drip)
          socket.destroy()
          return came
        }),
      )
    },
    check: (outcome) => onlyAnswers(outcome, /^(closed|4\d\d|503|open after 2 s)$/),
  },
  endless('chunks of a byte each', { method: 'POST', path: '/graphql', by: 'nobody', connections: 20 }),
  endless('chunks of a byte each', { method: 'POST', path: '/graphql', by: 'a barista', connections: 20 }),
  endless('chunks of a byte each', { method: 'GET', path: '/healthz', by: 'nobody', connections: 100 }),
  endless('chunks of a byte with extensions of 16 kB', {
    method: 'POST',
    path: '/graphql',
    by: 'nobody',
    connections: 20,
  }),
  {
    name: 'a body that is smuggled: a length and chunks at once',
    by: 'nobody',
    must: '400, and the connection ends',
    async attack(target) {
      await target.begin()
      const { closed } = openRaw(
        target,
        'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5\r\n' +
          'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      )
      return { [await within(5_000, closed, 'open')]: 1 }
    },
    check: (outcome) => onlyAnswers(outcome, /^(400|closed)$/),
  },
]
