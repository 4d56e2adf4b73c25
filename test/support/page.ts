/**
 * Code of ours in a page of a real browser, from an address of its own.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build, type Rolldown } from 'vite'

export type Site = {
  /** `http://127.0.0.1:41234`: an origin of its own, with nothing kept yet. */
  origin: string
  close(): Promise<void>
}

/** Serves one blank page that runs the file (a module in TypeScript, bundled with all that it imports). */
export async function serveModule(entry: string): Promise<Site> {
  const script = await bundle(entry)
  const server = createServer(({ url }, response) => {
    if (url === '/module.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else if (url === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    else response.writeHead(404).end()
  })
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
