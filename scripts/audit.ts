/**
 * `npm run audit`: asks the registry what is known against the packages that are shipped. Ends with 0 where nothing of
 * weight is, 1 where something is, and 2, with one line, where the registry does not answer such questions (as some
 * mirrors do not): what was not asked is not clean.
 */
import { spawnSync } from 'node:child_process'
import { shippedPackages } from './sbom.ts'

type Answer = {
  message?: string
  /** `nodes`: the folders that it is about. */
  vulnerabilities?: Record<
    string,
    { severity: string; range: string; fixAvailable: unknown; nodes: string[] }
  >
}

/** Of the severities of npm, those that end with 1. */
const ofWeight = ['moderate', 'high', 'critical']

const { stdout, stderr } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8' })
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
  // What the apps are made of is for development alone in npm's eyes.
  const shipped = shippedPackages()
  const found = Object.entries(vulnerabilities).filter(([, { nodes }]) => nodes.some((at) => shipped.has(at)))
  for (const [name, { severity, range, fixAvailable }] of found)
    console.log(`${severity}: ${name} ${range}${fixAvailable ? ', there is a fix' : ''}`)
  const grave = found.filter(([, { severity }]) => ofWeight.includes(severity))
  console.log(`audited: ${found.length} known faults, ${grave.length} of weight`)
  return grave.length > 0 ? 1 : 0
}
