/**
 * `npm start`: the gateway, with the till and the console. They are built where they are missing or older than their
 * sources; then this process becomes the gateway, and what stops the gateway reaches it as ever.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../src/config.ts'
import { settleAllocator } from '../src/platform/allocator.ts'
import { isStale } from './apps-stamp.ts'

settleAllocator()
if (settingsAreRight() && isStale()) {
  if (canBuild()) await build()
  else
    console.log('the till and the console are not up to date, and what builds them is not installed (npm ci)')
}
await import('../src/main.ts')

/** In production what is served was built elsewhere. */
function canBuild(): boolean {
  return existsSync(join(import.meta.dirname, '../node_modules/vite'))
}

/** Nobody waits for a build to be told that a setting is wrong; the gateway says which. */
function settingsAreRight(): boolean {
  try {
    return Boolean(loadConfig(process.env))
  } catch {
    return false
  }
}

/** In a process of its own, whose memory goes with it. A signal meanwhile stops it, and there is nothing else to stop. */
async function build(): Promise<void> {
  console.log('building the till and the console')
  const child = spawn(process.execPath, [join(import.meta.dirname, 'build-apps.ts')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const stop = () => {
    child.kill()
    process.exit(0)
  }
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const [code] = await once(child, 'exit')
  for (const signal of signals) process.off(signal, stop)
  if (code === 0) return
  console.error(
    'the till and the console could not be built, see above; node src/main.ts starts without them',
  )
  process.exit(1)
}
