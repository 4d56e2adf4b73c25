/** Bodies: too large, too many, half sent, in disguise, and answers that nobody reads. */
import { gzipSync } from 'node:zlib'
import { onlyAnswers, openRaw, post, type Row, rounds, type Target, times, within } from '../tools.ts'

const MB = 1_000_000

/** JSON that takes 40 times its size in memory once it is parsed. */
const smallValues = (bytes: number, of = '[],') =>
  `{"query":"{ __typename }","variables":{"x":[${of.repeat(bytes / of.length)}1]}}`

/** Not let in, before or while it came; the connection may be gone before the answer was read. */
const refused = /^(closed|4\d\d.*)$/

const head = (length: number, token?: string) =>
  `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${
    token ? `Authorization: Bearer ${token}\r\n` : ''
  }\r\n`

/** Opens connections that send a head and a part of the body, and tells which of them were closed in time. */
function hold(target: Target, n: number, start: string, part: Buffer, withinMs: number): Promise<string[]> {
  return times(n, async () => {
    const { socket, closed } = openRaw(target, start)
    socket.write(part)
    const came = await within(withinMs, closed, 'open')
    socket.destroy()
    return came
  })
}

const gzip = { 'content-encoding': 'gzip' }

export const bodies: Row[] = [
  {
    name: 'anonymous bodies of 25 MB of small values, three at once',
    must: 'refused by their headers, unread',
    attack(target) {
      const body = smallValues(25 * MB)
      return rounds(target, () => times(3, () => post(target, body)))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'anonymous bodies of 25 MB that do not say how large they are',
    must: 'cut off after a few kB',
    attack(target) {
      const body = smallValues(25 * MB)
      return rounds(target, () => times(3, () => post(target, body, { chunked: true })))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'the same with a token that is none',
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
    must: 'refused before they are inflated, or as far as they may be',
    attack(target) {
      const bomb = gzipSync(smallValues(20 * MB))
      return rounds(target, () => times(10, () => post(target, bomb, { headers: gzip })))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'gzip bombs of a member, 400 MB in 400 kB, five at once',
    must: 'refused where the limit is passed, without the rest being inflated',
    attack(target) {
      const bomb = gzipSync(Buffer.alloc(400 * MB, '['))
      const as = target.people.barista
      return rounds(target, () => times(5, () => post(target, bomb, { headers: gzip, as })))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: '40 half-sent anonymous bodies of 16 MB',
    must: 'refused by their headers, and closed',
    attack: (target) => rounds(target, () => hold(target, 40, head(16 * MB), Buffer.alloc(MB, '['), 10_000)),
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: '40 half-sent bodies of 5 MB of a member',
    must: 'kept in bounds while they are waited for, and given up in time',
    attack(target) {
      const start = head(5 * MB, target.people.barista.token)
      return rounds({ ...target, forMs: 0 }, () => hold(target, 40, start, Buffer.alloc(4 * MB, '['), 40_000))
    },
    check: (outcome) => onlyAnswers(outcome, refused),
  },
]
