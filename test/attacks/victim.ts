/**
 * Who must not notice: a till that pushes and pulls while somebody attacks, and whoever asks for /healthz. Each
 * request has its time on a timetable, and is late by how much its answer came after that: a gateway that stands still
 * for a second has kept a second's requests waiting, not one.
 */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { operation, type Person } from './people.ts'

export type Lateness = { p99: number; max: number }
export type Measured = {
  till: Lateness
  healthz: Lateness
  /** What was asked and got no good answer, each with its reason. */
  failures: string[]
}

const patienceMs = 20_000
const everyMs = { push: 60, pull: 60, healthz: 30 }

export type Victim = { person: Person; branchId: string; cashSessionId: string }

/** Measures until the work is done, and a moment longer; `times` as seldom where only that it is served is looked at. */
export async function measure(
  base: string,
  victim: Victim,
  work: () => Promise<unknown>,
  times = 1,
): Promise<Measured> {
  const failures: string[] = []
  const ended = new AbortController()
  const timetable = (every: number, ask: () => Promise<void>) =>
    follow(times * every, ask, failures, ended.signal)
  const line = openLine(`${base}/graphql`, victim.person.token)
  const health = openLine(`${base}/healthz`)
  let cursor: string | undefined
  const running = [
    timetable(everyMs.push, () => line.ask(pushOf(victim)).then(expectApplied)),
    timetable(everyMs.pull, async () => {
      cursor = nextCursor(await line.ask(pullOf(victim, cursor)))
    }),
    timetable(everyMs.healthz, () => health.ask(null).then(expectUp)),
  ]
  try {
    await work()
    await delay(200)
  } finally {
    ended.abort()
  }
  const [pushes, pulls, looks] = await Promise.all(running)
  line.close()
  health.close()
  return { till: latenessOf([...pushes!, ...pulls!]), healthz: latenessOf(looks!), failures }
}

/** Milliseconds by which each answer came after its time. */
async function follow(
  every: number,
  ask: () => Promise<void>,
  failures: string[],
  ended: AbortSignal,
): Promise<number[]> {
  const late: number[] = []
  for (let due = performance.now(); !ended.aborted; due += every) {
    const early = due - performance.now()
    if (early > 0) await delay(early)
    await ask().catch((error: Error) => failures.push(error.message))
    late.push(performance.now() - due)
  }
  return late
}

function latenessOf(values: number[]): Lateness {
  const sorted = values.sort((a, b) => a - b)
  return { p99: sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0, max: sorted.at(-1) ?? 0 }
}

/** Connections that stay open, as a till's do. */
function openLine(url: string, token?: string) {
  const agent = new Agent({ keepAlive: true })
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  const ask = (body: object | null): Promise<string> =>
    new Promise((resolve, reject) => {
      const text = body ? JSON.stringify(body) : ''
      const sent = request(
        url,
        {
          agent,
          method: body ? 'POST' : 'GET',
          headers: { ...headers, ...(body ? { 'content-length': Buffer.byteLength(text) } : {}) },
          timeout: patienceMs,
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => resolve(Buffer.concat(chunks).toString()))
        },
      )
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patienceMs} ms`)))
      sent.on('error', reject)
      sent.end(text)
    })
  return { ask, close: () => agent.destroy() }
}

function pushOf({ person, branchId, cashSessionId }: Victim): object {
  const operations = [
    operation('cashSession.movement', branchId, {
      movementId: randomUUID(),
      cashSessionId,
      kind: 'PAID_IN',
      currency: 'USD',
      amount: 100,
      reason: 'change',
    }),
  ]
  const { tenantId, deviceId } = person
  return {
    query:
      'mutation ($input: SyncPushBatchInput!) { syncPushBatch(input: $input) { results { status code message } } }',
    variables: { input: { tenantId, deviceId, operations } },
  }
}

function pullOf({ person, branchId }: Victim, cursor: string | undefined): object {
  const { tenantId, deviceId } = person
  const moduleScopes = ['CASH_SESSION']
  return {
    query: `query ($input: SyncPullInput!) { syncPull(input: $input) {
      ... on SyncPullPage { changes { seq entityId } nextCursor } ... on SyncPullReset { reason }
    } }`,
    variables: { input: { tenantId, branchId, deviceId, cursor, moduleScopes } },
  }
}

function expectApplied(text: string): void {
  if (JSON.parse(text).data?.syncPushBatch?.results[0]?.status !== 'APPLIED')
    throw new Error(`a push: ${text.slice(0, 300)}`)
}

function nextCursor(text: string): string {
  const cursor = JSON.parse(text).data?.syncPull?.nextCursor
  if (!cursor) throw new Error(`a pull: ${text.slice(0, 300)}`)
  return cursor
}

function expectUp(text: string): void {
  if (!text.includes('"up"')) throw new Error(`/healthz: ${text.slice(0, 300)}`)
}
