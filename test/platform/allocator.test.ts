/** The process begins anew once, with a setting that glibc reads at its beginning. */
import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const allocator = join(import.meta.dirname, '../../src/platform/allocator.ts')
const script = `
  const { settleAllocator } = await import(${JSON.stringify(allocator)})
  settleAllocator()
  const { pid, env, execArgv } = process
  console.log(JSON.stringify({ pid, threshold: env.MALLOC_MMAP_THRESHOLD_, kept: env.KEPT, execArgv: execArgv.length, young: execArgv.find((flag) => flag.startsWith('--max-semi')) }))
  process.disconnect?.()`

async function started(env: Record<string, string> = {}, stdio: SpawnOptions['stdio'] = 'pipe') {
  const flags = ['--no-warnings', '--input-type=module', '-e', script]
  const child = spawn(process.execPath, flags, { env: { KEPT: 'yes', ...env }, stdio })
  const [said, complaints] = await Promise.all([text(child.stdout!), text(child.stderr!)])
  if (child.exitCode === null) await once(child, 'exit')
  return { ...JSON.parse(said), isSame: JSON.parse(said).pid === child.pid, complaints }
}

describe.runIf(process.platform === 'linux' && 'execve' in process)('the allocator', () => {
  it('is settled in the same process, with its environment and its flags', async () => {
    const kept = { isSame: true, kept: 'yes', execArgv: 5, complaints: '' }
    expect(await started()).toMatchObject({ threshold: '1048576', ...kept })
  })

  it('is told of a small young space, unless somebody has set one', async () => {
    expect((await started()).young).toBe('--max-semi-space-size=8')
    expect((await started({ NODE_OPTIONS: '--max-semi-space-size=32' })).young).toBeUndefined()
  })

  it('is left as somebody has set it', async () => {
    expect(await started({ MALLOC_MMAP_THRESHOLD_: '65536' })).toMatchObject({ threshold: '65536' })
  })

  it('is left alone where a parent talks to the process', async () => {
    const { threshold } = await started({}, ['ignore', 'pipe', 'pipe', 'ipc'])
    expect(threshold).toBeUndefined()
  })
})
