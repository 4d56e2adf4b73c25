/** A server that does to requests what networks, proxies and crashes do. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type BrokenServer = {
  /** Of GraphQL. */
  url: string
  requests: () => number
  close: () => Promise<void>
}

/** What is done to a request. */
export type Deed = (response: ServerResponse, request: IncomingMessage, body: Buffer) => unknown

/** Does the same to every request. */
export async function startBrokenServer(answer: Deed): Promise<BrokenServer> {
  let requests = 0
  const server = createServer(async (request, response) => {
    requests += 1
    await answer(response, request, await buffer(request))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests: () => requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Stands before a gateway; while it is frozen nothing gets through in either direction, and nobody is told. */
export async function startFreezer(target: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createTcpServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (data) => frozen || to.write(data))
      from.on('error', () => {})
      from.on('close', () => frozen || to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    freeze: () => {
      frozen = true
    },
    thaw: () => {
      frozen = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
