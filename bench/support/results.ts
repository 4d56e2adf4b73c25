/**
 * results.md: the table of the last full run, with what it ran on. What a person wrote under "Reading" stays.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type Line, table } from './report.ts'

const file = join(import.meta.dirname, '../results.md')
const heading = '## Reading'

export async function keepResults(lines: readonly Line[], postgresVersion: string): Promise<void> {
  const before = existsSync(file) ? await readFile(file, 'utf8') : ''
  const reading = before.includes(heading) ? before.slice(before.indexOf(heading)) : `${heading}\n`
  const cores = cpus()
  const about = [
    `Run on ${new Date().toISOString().slice(0, 10)}`,
    `${cores.length} cores (${cores[0]?.model.trim()})`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${postgresVersion} with its defaults`,
    `commit ${commit()}`,
  ]
  await writeFile(file, `# Benchmarks\n\n${about.join(', ')}.\n\n${table(lines)}\n\n${reading}`)
}

/** The commit that was measured, marked where files differ from it. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  try {
    const changed = git('status', '--porcelain', '--', '../../src', '../../package-lock.json')
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}
