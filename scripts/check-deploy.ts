/**
 * `npm run deploy:check`: what is in deploy/ by the linters of whoever reads it. Says which of them is not installed, and
 * ends with 1 where one complains.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const checks: [program: string, ...args: string[]][] = [
  ['haproxy', '-c', '-f', 'deploy/haproxy.cfg'],
  ['promtool', 'check', 'config', 'deploy/prometheus/prometheus.yml'],
  ['systemd-analyze', 'verify', 'deploy/modula-sync.service'],
]
let failed = false
for (const [program, ...args] of checks) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' })
  const isMissing = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
  console.log(`${program}: ${isMissing ? 'not installed, not checked' : status === 0 ? 'fine' : 'complains'}`)
  if (isMissing || status === 0) continue
  console.log(stdout, stderr)
  failed = true
}
process.exit(failed ? 1 : 0)
