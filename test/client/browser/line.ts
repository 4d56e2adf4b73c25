/**
 * The line between the tabs of a page and a gateway: everything is passed on, and noted where it is a push. It can be
 * cut, and it can hold back what the gateway answers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Behind } from '../../support/page.ts'

export type Push = { deviceId: string; clientOpIds: string[] }

export type Line = Behind & {
  /** Those that came, in their order. */
  pushes: Push[]
  /** Nothing goes through from now on, and what was open is broken off. */
  cut(): void
  mend(): void
  /** The gateway's answers to pushes are kept back from now on; what this returns lets them go. */
  hold(): () => void
}

export function createLine(gatewayUrl: string): Line {
  const { hostname, port } = new URL(gatewayUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  let held: Promise<void> = Promise.resolve()

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const push = pushIn(body)
    if (push) line.pushes.push(push)
    const { authorization, 'content-type': type } = request.headers
    const headers = { 'content-type': type ?? '', ...(authorization ? { authorization } : {}) }
    const answer = await fetch(gatewayUrl, { method: 'POST', headers, body })
    const answered = await answer.text()
    if (push) await held
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      .end(answered)
  }

  const line: Line = {
    pushes: [],
    request(request, response) {
      const { socket } = request
      if (!sockets.has(socket)) socket.once('close', () => sockets.delete(socket))
      sockets.add(socket)
      if (isCut) socket.destroy()
      else pass(request, response).catch(() => socket.destroy())
    },
    upgrade(request, socket, head) {
      if (isCut) return void socket.destroy()
      const through = connect(Number(port), hostname)
      sockets.add(through)
      const names = request.rawHeaders
      const headers = names.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${names[i + 1]}`] : []))
      through.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      through.write(head)
      through.pipe(socket).pipe(through)
      for (const [one, other] of [
        [socket, through],
        [through, socket],
      ] as const) {
        one.on('error', () => {})
        one.on('close', () => other.destroy())
      }
      through.once('close', () => sockets.delete(through))
    },
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
  return line
}

type Body = {
  query: string
  variables?: { input?: { deviceId: string; operations: { clientOpId: string }[] } }
}

function pushIn(body: string): Push | null {
  const { query, variables } = JSON.parse(body) as Body
  if (!query.includes('syncPushBatch')) return null
  const { deviceId, operations } = variables!.input!
  return { deviceId, clientOpIds: operations.map(({ clientOpId }) => clientOpId) }
}
