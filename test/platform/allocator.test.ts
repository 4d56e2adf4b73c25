/** The process begins anew once, with a setting that glibc reads at its beginning. */
import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const allocator = join(import.meta.dirname, '../../src/platform/allocator.ts')
const settling = `
  const { settleAllocator } = await import(${JSON.stringify(allocator)})
  settleAllocator()`
const script = `${settling}
  const { pid, env, execArgv } = process
  console.log(JSON.stringify({ pid, threshold: env.MALLOC_MMAP_THRESHOLD_, kept: env.KEPT, execArgv: execArgv.length, flags: execArgv.filter((flag) => /^--.*(space|heap|pool)/.test(flag)) }))
  process.disconnect?.()`

/** Makes 40 MB that outlive the young space and are let go, twelve times; the most that the heap was, in MB. */
const wasting = `${settling}
  const { getHeapStatistics } = await import('node:v8')
  let most = 0
  for (let i = 0; i < 12; i += 1) {
    const kept = Array.from({ length: 400_000 }, (_, n) => ({ n, parts: [] }))
    most = Math.max(most, getHeapStatistics().total_heap_size, kept.length)
  }
  console.log(most / 1e6)`

async function started(env: Record<string, string> = {}, stdio: SpawnOptions['stdio'] = 'pipe') {
  const flags = ['--no-warnings', '--input-type=module', '-e', script]
  const child = spawn(process.execPath, flags, { env: { KEPT: 'yes', ...env }, stdio })
  const [said, complaints] = await Promise.all([text(child.stdout!), text(child.stderr!)])
  if (child.exitCode === null) await once(child, 'exit')
  return { ...JSON.parse(said), isSame: JSON.parse(said).pid === child.pid, complaints }
}

describe.runIf(process.platform === 'linux' && 'execve' in process)('the allocator', () => {
  it('is settled in the same process, with its environment and its flags', async () => {
    const kept = { isSame: true, kept: 'yes', execArgv: 8, complaints: '' }
    expect(await started()).toMatchObject({ threshold: '1048576', ...kept })
  })

  it('is told when to look for garbage and by how many threads, of what nobody has set', async () => {
    const threads = Math.max(1, Math.min(4, availableParallelism() - 1))
    const others = ['--initial-old-space-size=64', '--heap-growing-percent=60', `--v8-pool-size=${threads}`]
    expect((await started()).flags).toEqual(['--max-semi-space-size=8', ...others])
    expect((await started({ NODE_OPTIONS: '--max-semi-space-size=32' })).flags).toEqual(others)
  })

  it('looks for garbage before it is three times what is in use', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', wasting], { env: {} })
    expect(Number(await text(child.stdout))).toBeLessThan(230)
  })

  it('is left as somebody has set it', async () => {
    expect(await started({ MALLOC_MMAP_THRESHOLD_: '65536' })).toMatchObject({ threshold: '65536' })
  })

  it('is left alone where a parent talks to the process', async () => {
    const { threshold } = await started({}, ['ignore', 'pipe', 'pipe', 'ipc'])
    expect(threshold).toBeUndefined()
  })
})
