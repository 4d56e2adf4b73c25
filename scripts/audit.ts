/**
 * `npm run audit`: asks the registry what is known against the packages that are shipped. Ends with 0 where nothing of
 * weight is, 1 where something is, and 2, with one line, where the registry does not answer such questions (as some
 * mirrors do not): what was not asked is not clean.
 */
import { spawnSync } from 'node:child_process'

type Answer = {
  message?: string
  vulnerabilities?: Record<string, { severity: string; range: string; fixAvailable: unknown }>
}

/** Of the severities of npm, those that end with 1. */
const ofWeight = ['moderate', 'high', 'critical']

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit', 'dev', '--json'], { encoding: 'utf8' })
process.exit(report(read(stdout)))

function read(text: string): Answer {
  try {
    return JSON.parse(text)
  } catch {
    return { message: stderr.trim().split('\n')[0] || 'npm said nothing' }
  }
}

/** Prints the answer and returns the exit code. */
function report({ message, vulnerabilities }: Answer): number {
  if (!vulnerabilities) {
    console.log(`not audited: the registry does not answer (${message ?? 'no reason given'})`)
    return 2
  }
  const found = Object.entries(vulnerabilities)
  for (const [name, { severity, range, fixAvailable }] of found)
    console.log(`${severity}: ${name} ${range}${fixAvailable ? ', there is a fix' : ''}`)
  const grave = found.filter(([, { severity }]) => ofWeight.includes(severity))
  console.log(`audited: ${found.length} known faults, ${grave.length} of weight`)
  return grave.length > 0 ? 1 : 0
}
