/**
 * Code of ours in a page of a real browser, from an address of its own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { build, type Rolldown } from 'vite'

export type Site = {
  /** `http://127.0.0.1:41234`: an origin of its own, with nothing kept yet. */
  origin: string
  close(): Promise<void>
}

/** Where everything else that is asked of a site's address goes. */
export type Behind = {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** Serves one blank page that runs the file (a module in TypeScript, bundled with all that it imports). */
export async function serveModule(entry: string, behind?: Behind): Promise<Site> {
  const script = await bundle(entry)
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0]
    if (path === '/module.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    else if (behind) behind.request(request, response)
    else response.writeHead(404).end()
  })
  if (behind) server.on('upgrade', behind.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const page =
  '<!doctype html><meta charset="utf-8"><title>test</title><script type="module" src="/module.js"></script>'

async function bundle(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, minify: false, target: 'esnext', rolldownOptions: { input: entry } },
  })
  const [chunk] = (output as Rolldown.RolldownOutput).output
  return chunk.code
}
