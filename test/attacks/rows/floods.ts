/** Many of what is small, or allowed: connections, heads, tiny requests, reads, reports, subscriptions. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import {
  askOn,
  atOnce,
  endOf,
  isShort,
  type Outcome,
  onlyAnswers,
  openRaw,
  post,
  pour,
  query,
  type Row,
  rounds,
  type Target,
  tally,
  times,
  within,
} from '../tools.ts'
import { greet, send } from './sockets.ts'

const served = /^(closed|4\d\d.*|503.*|200 (data|BAD_USER_INPUT|RATE_LIMITED|UNAUTHENTICATED|FORBIDDEN))$/

/** Tiny requests one after the other over so many connections that stay open, until the time is up. */
async function tiny(target: Target, connections: number, each: number): Promise<Outcome> {
  await target.begin()
  const until = Date.now() + Math.max(target.forMs, 1_000)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const url = `${target.base}/graphql?query=${encodeURIComponent('{__typename}')}`
  const one = () =>
    new Promise<string>((resolve) => {
      const sent = request(url, { agent, localAddress: target.address }, (response) => {
        response.resume()
        response.on('end', () => resolve(`${response.statusCode}`))
      })
      sent.on('error', () => resolve('closed'))
      sent.end()
    })
  const said = await times(connections, async () => {
    const answers: string[] = []
    for (let i = 0; i < each && Date.now() < until; i += 1) answers.push(await one())
    return answers
  })
  agent.destroy()
  return tally(said.flat())
}

const pull = `query ($input: SyncPullInput!) { syncPull(input: $input) {
  ... on SyncPullPage { changes { seq payload } nextCursor } ... on SyncPullReset { reason } } }`

const pullInput = ({ people: { barista } }: Target, cursor?: string) => ({
  input: {
    tenantId: barista.tenantId,
    branchId: 'riverside',
    deviceId: barista.deviceId,
    moduleScopes: ['MENU'],
    limit: 2000,
    ...(cursor ? { cursor } : {}),
  },
})

export const floods: Row[] = [
  {
    name: '300 connections whose heads come a line a second',
    by: 'nobody',
    must: 'not more of one address than it may have; the others are served',
    lasts: true,
    async attack(target) {
      const patienceMs = isShort(target) ? 2_000 : 25_000
      return atOnce(target, 300, async () => {
        const { socket, answered } = openRaw(target, 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n')
        const drip = setInterval(() => socket.writable && socket.write('X-A: 1\r\n'), 1_000)
        const came = await within(patienceMs, answered, 'open')
        clearInterval(drip)
        socket.destroy()
        return came
      })
    },
    check: (outcome) => onlyAnswers(outcome, /^(closed|408|open)$/),
  },
  {
    name: '5,000 requests on one connection, none of the answers waited for',
    by: 'nobody',
    must: 'the connection ends where more wait than may',
    async attack(target) {
      const head = 'GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
      return rounds(target, () => times(4, () => endOf(target, head.repeat(5_000))))
    },
    check: (outcome) => onlyAnswers(outcome, /^(closed|200)$/),
  },
  {
    name: 'heads that are none, 50 connections at once',
    by: 'nobody',
    must: 'refused, at little cost',
    attack: (target) => rounds(target, () => times(50, () => endOf(target, 'x\r\n\r\n'))),
    check: (outcome) => onlyAnswers(outcome, /^(400|closed)$/),
  },
  {
    name: 'empty lines without an end, 20 connections',
    by: 'nobody',
    must: 'read in a part of the time',
    async attack(target) {
      const lines = Buffer.alloc(300_000, '\r\n')
      const head = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
      return atOnce(target, 20, () => pour(target, head, lines))
    },
    check: (outcome) => onlyAnswers(outcome, /^(200|open|closed)$/),
  },
  ...['/healthz', '/readyz', '/graphql?query=%7B__typename%7D'].map(
    (path): Row => ({
      name: `GET ${path} over 200 connections, 16 at once on each, all answers read`,
      by: 'nobody',
      must: 'answered in a part of the time; the others are served',
      async attack(target) {
        const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
        return atOnce(target, 200, () => askOn(target, request, 16))
      },
      check: (outcome) => onlyAnswers(outcome, /^(answered|open|closed)$/),
    }),
  ),
  {
    name: 'requests without a token, 50 at once, each on a connection of its own',
    by: 'nobody',
    must: 'RATE_LIMITED by address, at little cost',
    attack: (target) => rounds(target, () => times(50, () => query(target, '{ __typename }'))),
    check: (outcome) => onlyAnswers(outcome, /^(200 data|200 RATE_LIMITED|closed)$/),
  },
  {
    name: 'tiny requests without a token over 50 connections that stay open',
    by: 'nobody',
    must: 'RATE_LIMITED by address, at little cost',
    attack: (target) => (isShort(target) ? tiny(target, 20, 10) : tiny(target, 50, 1_000)),
    check: (outcome) => onlyAnswers(outcome, /^(200|closed)$/),
  },
  {
    name: 'a gzip of a gzip, and JSON of 100,000 levels, ten at once, by a barista',
    must: 'refused for what they are',
    attack(target) {
      const as = target.people.barista
      const nested = gzipSync(gzipSync(Buffer.alloc(20_000_000, '[')))
      const deep = `{"query":"{ __typename }","variables":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`
      return rounds(target, () =>
        times(10, (i) =>
          i % 2
            ? post(target, nested, { as, headers: { 'content-encoding': 'gzip' } })
            : post(target, deep, { as }),
        ),
      )
    },
    check: (outcome) => onlyAnswers(outcome, served),
  },
  {
    name: 'full pages as gzip and with cursors that are none, 100 at once, by a barista',
    must: 'answered in turns, with the others being served between',
    attack(target) {
      const as = target.people.barista
      const headers = { 'accept-encoding': 'gzip' }
      return rounds(target, () =>
        times(100, (i) => {
          const variables = pullInput(target, i % 2 ? randomUUID() : undefined)
          return query(target, pull, variables, i % 4 ? { as } : { as, headers })
        }),
      )
    },
    check: (outcome) => onlyAnswers(outcome, /^(closed|4\d\d.*|503.*|200 (data|RATE_LIMITED|no JSON))$/),
  },
  {
    name: 'keys and reports of a device, 200 at once, by a barista',
    must: 'answered in turns, or RATE_LIMITED',
    attack(target) {
      const { barista } = target.people
      const key = `mutation { actorKey(tenantId: "demo", deviceId: "${barista.deviceId}") }`
      return rounds(target, () =>
        times(isShort(target) ? 50 : 200, () => query(target, key, {}, { as: barista })),
      )
    },
    check: (outcome) => onlyAnswers(outcome, served),
  },
  {
    name: 'subscriptions opened and closed, 2,000 on one socket',
    must: 'counted as requests; the socket ends where it goes too fast',
    async attack(target) {
      await target.begin()
      const opened = await greet(target, target.people.barista.token)
      if (!opened) return { 'not let in': 1 }
      const { socket, closed } = opened
      const payload = {
        query: 'subscription { syncNudge(tenantId: "demo", branchId: "riverside") { headSeq } }',
      }
      for (let i = 0; i < 2_000 && socket.readyState === socket.OPEN; i += 1) {
        send(socket, { id: `${i}`, type: 'subscribe', payload })
        send(socket, { id: `${i}`, type: 'complete' })
      }
      const end = await within(3_000, closed, 'open')
      socket.terminate()
      return { [end]: 1 }
    },
    check: (outcome) => onlyAnswers(outcome, /^(closed (1013|1006)|open|not let in)$/),
  },
]
