/**
 * One tenant's crowd: a process of its own, so that who measures waits for neither. Tills send one batch of sales after the
 * other: to the gateway; or to a server that takes what they send and says that it was applied, as late as the gateway did.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { appliedBy, branchName, signIn, Till } from '../support/cafe.ts'
import { answerRequests } from '../support/children.ts'
import { type Line, openLine } from '../support/http.ts'

type Sign = { url: string; tills: number; branches: number; people: readonly string[] }
type Request = { sign: Sign } | { flood: true } | { pretend: number } | { rest: true }

const crowd: { till: Till; line: Line }[] = []
/** Ends what goes on; resolves with how many batches were sent. */
let stop: () => Promise<number> = async () => 0

async function gather({ url, tills, branches, people }: Sign): Promise<number> {
  for (let i = 0; i < tills; i += 1) {
    const deviceId = `flood-${i}`
    const token = await signIn(url, { staffCode: people[i % people.length]!, deviceId })
    crowd.push({
      till: new Till(branchName(i % branches), deviceId),
      line: openLine(`${url}/graphql`, token),
    })
  }
  return crowd.length
}

/** Of lines of their own, or of the crowd's. */
function flood(lines = crowd.map(({ line }) => line)): () => Promise<number> {
  let over = false
  let sent = 0
  const done = crowd.map(async ({ till }, i) => {
    for (; !over; sent += 1) appliedBy(await lines[i]!.post(till.batches(1)[0]!))
  })
  return async () => {
    over = true
    await Promise.all(done)
    return sent
  }
}

/** As the gateway answers a batch that was applied. */
const applied = JSON.stringify({
  data: {
    syncPushBatch: { results: Array.from({ length: 100 }, () => ({ status: 'APPLIED', code: null })) },
  },
})

/** The same, where a batch is answered every so many milliseconds, and nothing is done. */
async function pretend(everyMs: number): Promise<() => Promise<number>> {
  let turn = Promise.resolve()
  const server = createServer((request, response) => {
    const mine = turn.then(() => setTimeout(everyMs))
    turn = mine
    request.resume().once('end', () => void mine.then(() => response.end(applied)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const lines = crowd.map(() => openLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
  const rest = flood(lines)
  return async () => {
    const sent = await rest()
    for (const line of lines) line.close()
    server.close()
    return sent
  }
}

answerRequests(async (request: Request) => {
  if ('sign' in request) return gather(request.sign)
  if ('flood' in request) stop = flood()
  else if ('pretend' in request) stop = await pretend(request.pretend)
  else {
    const sent = await stop()
    stop = async () => 0
    return sent
  }
  return 0
})
