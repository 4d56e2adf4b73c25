/** Many sockets that listen, and say when the last of them has heard. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { answerRequests } from '../support/children.ts'
import { wallClock } from '../support/clock.ts'
import { type Subscription, subscribe } from '../support/nudges.ts'

type Open = { open: number; url: string; subscription?: Subscription }
type Arm = { arm: true }
type Heard = { heard: true }

/** At a time, so that no server's queue of new connections overflows. */
const opening = 50
const patienceMs = 5_000

let sockets = 0
let got = 0
let last = { text: '', at: 0 }
let complete = Promise.withResolvers<void>()

function onMessage(text: string): void {
  got += 1
  if (got < sockets) return
  last = { text, at: wallClock() }
  complete.resolve()
}

async function openOne({ url, subscription }: Open): Promise<void> {
  if (subscription) await subscribe(url, subscription, onMessage)
  else {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    socket.on('message', (data) => onMessage(String(data)))
    await once(socket, 'open')
  }
  sockets += 1
}

answerRequests(async (request: Open | Arm | Heard) => {
  if ('open' in request) {
    for (let left = request.open; left > 0; left -= opening)
      await Promise.all(Array.from({ length: Math.min(left, opening) }, () => openOne(request)))
    return sockets
  }
  if ('arm' in request) {
    got = 0
    complete = Promise.withResolvers<void>()
    return sockets
  }
  const late = setTimeout(() => complete.reject(new Error(`${got} of ${sockets} sockets heard`)), patienceMs)
  await complete.promise
  clearTimeout(late)
  return last
})
