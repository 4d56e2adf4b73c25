/**
 * results.md: for each group of scenarios the table of its last whole run, with what it ran on. What a person wrote
 * under "Reading" stays.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type Line, table } from './report.ts'

const file = join(import.meta.dirname, '../results.md')
const title = '# Benchmarks'

/** Puts the group's table in the place of its last one, or before what a person wrote. */
export async function keepResults(
  group: string,
  lines: readonly Line[],
  postgresVersion: string,
): Promise<void> {
  const before = existsSync(file) ? await readFile(file, 'utf8') : `${title}\n\n## Reading\n`
  const cores = cpus()
  const about = [
    `Run on ${new Date().toISOString().slice(0, 10)}`,
    `${cores.length} cores (${cores[0]?.model.trim()})`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${postgresVersion} with its defaults`,
    `commit ${commit()}`,
  ]
  const own = `## ${group}\n\n${about.join(', ')}.\n\n${table(lines)}\n\n`
  const [head, ...sections] = before.split(/^(?=## )/m)
  const at = sections.findIndex((section) => section.startsWith(`## ${group}\n`))
  const reading = sections.findIndex((section) => section.startsWith('## Reading\n'))
  if (at >= 0) sections.splice(at, 1, own)
  else sections.splice(reading >= 0 ? reading : sections.length, 0, own)
  await writeFile(file, [head, ...sections].join(''))
}

/** The commit that was measured, marked where files differ from it. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  try {
    const changed = git(
      'status',
      '--porcelain',
      '--',
      '../../src',
      '../../client/sdk',
      '../../package-lock.json',
    )
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}
