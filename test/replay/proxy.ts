/**
 * Stands between a replay and its gateway, and does to chosen pushes what networks and crashes do.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * `lose request`: it never arrives. `lose answer`: it arrives, and the answer is lost. `hold`: it arrives, and is
 * never answered. `no token`: it arrives with a token that nobody issued.
 */
export type Deed = 'pass' | 'lose request' | 'lose answer' | 'hold' | 'no token'

export type NetworkProxy = {
  url: string
  pushes: () => number
  signIns: () => number
  close: () => Promise<void>
}

/** `onPush` is asked with the number of each push, from 1; `target` for each request. */
export async function startProxy(
  target: () => string,
  onPush: (number: number) => Deed | Promise<Deed>,
): Promise<NetworkProxy> {
  let pushes = 0
  let signIns = 0

  const forward = (request: IncomingMessage, body: Buffer, authorization = request.headers.authorization) =>
    fetch(target(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: new Uint8Array(body),
    })

  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const isPush = body.includes('syncPushBatch')
    if (isPush) pushes += 1
    if (body.includes('SignInInput')) signIns += 1
    const deed = isPush ? await onPush(pushes) : 'pass'
    if (deed === 'lose request') return request.socket.destroy()
    try {
      const answer = await forward(request, body, deed === 'no token' ? 'Bearer nobody' : undefined)
      const text = await answer.text()
      if (deed === 'hold') return
      if (deed === 'lose answer') return request.socket.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    } catch {
      request.socket.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    pushes: () => pushes,
    signIns: () => signIns,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
