/**
 * One tenant's crowd, or as much bare work: a process of its own, so that who measures waits for neither. Tills send one
 * batch of sales after the other; or the processors are taken for a share of the time by nothing at all.
 */
import { Worker } from 'node:worker_threads'
import { appliedBy, branchName, signIn, Till } from '../support/cafe.ts'
import { answerRequests } from '../support/children.ts'
import { type Line, openLine } from '../support/http.ts'

type Sign = { url: string; tills: number; branches: number; people: readonly string[] }
type Request = { sign: Sign } | { flood: true } | { burn: number } | { rest: true }

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

function flood(): () => Promise<number> {
  let over = false
  let sent = 0
  const done = crowd.map(async ({ till, line }) => {
    for (; !over; sent += 1) appliedBy(await line.post(till.batches(1)[0]!))
  })
  return async () => {
    over = true
    await Promise.all(done)
    return sent
  }
}

/** So many milliseconds at a time, as a batch is worked at. */
const spell = 5
const spin = `
  const { workerData: part } = require('node:worker_threads')
  const pause = () => {
    for (const end = performance.now() + ${spell} * part; performance.now() < end; );
    setTimeout(pause, ${spell} * (1 - part))
  }
  pause()`

/** Takes `cores` of the processors, 0 to 2. */
function burn(cores: number): () => Promise<number> {
  const workers = [1, 2].map(() => new Worker(spin, { eval: true, workerData: Math.min(1, cores / 2) }))
  return async () => {
    await Promise.all(workers.map((worker) => worker.terminate()))
    return 0
  }
}

answerRequests(async (request: Request) => {
  if ('sign' in request) return gather(request.sign)
  if ('flood' in request) stop = flood()
  else if ('burn' in request) stop = burn(request.burn)
  else {
    const sent = await stop()
    stop = async () => 0
    return sent
  }
  return 0
})
