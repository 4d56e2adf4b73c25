/**
 * `npm run dev`: all at one address. The gateway starts anew when its files change, the two apps change on the page.
 * Vite serves the apps and hands everything else on to the gateway, which listens at a port of its own.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createServer as createVite, type ViteDevServer } from 'vite'
import { type AppName, appConfig } from '../client/vite.config.ts'
import { loadConfig } from '../src/config.ts'
import { freePort } from '../src/platform/embedded/free-port.ts'

const { host, port } = loadConfig(process.env)
const address = `http://${host}:${port}`
const gatewayPort = await freePort()
const server = createServer()

const vite = (name: AppName, proxy: Record<string, object> = {}): Promise<ViteDevServer> =>
  createVite({
    ...appConfig(name),
    logLevel: 'info',
    server: { middlewareMode: { server }, hmr: { server }, proxy },
  })
const pos = await vite('pos')
const admin = await vite('admin', {
  '^/(?!pos/|admin/)': { target: `http://127.0.0.1:${gatewayPort}`, ws: true },
})

server.on('request', (request, response) => {
  const { url = '/' } = request
  if (/^\/(pos|admin)$/.test(url)) response.writeHead(308, { location: `${url}/` }).end()
  else (url.startsWith('/pos/') ? pos : admin).middlewares(request, response)
})
server.listen(port, host)

const gateway = spawn(process.execPath, ['--watch', '--watch-preserve-output', join('src', 'main.ts')], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: String(gatewayPort) },
  stdio: ['ignore', 'pipe', 'inherit'],
})
createInterface({ input: gateway.stdout }).on('line', (line) =>
  console.log(line.startsWith('ready ') ? `ready ${address}` : line),
)
gateway.once('exit', (code) => process.exit(code ?? 0))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => gateway.kill(signal))
