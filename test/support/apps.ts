/**
 * The till and the console as people get them: built once for a whole run of the tests.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { inject } from 'vitest'
import { isStale, root } from '../../scripts/apps-stamp.ts'

/** Builds them into `dist/apps`, as `npm start` would, unless they are up to date. */
export async function buildApps(): Promise<void> {
  // Files of tests run side by side: the first one builds, and the others wait for it.
  const turn = new pg.Client(inject('postgresUrl'))
  await turn.connect()
  try {
    await turn.query("select pg_advisory_lock(hashtext('the apps'))")
    if (isStale()) await build()
  } finally {
    await turn.end()
  }
}

async function build(): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'scripts/build-apps.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  // A warning is a fault too: whoever builds would see it.
  if (code !== 0 || said) throw new Error(`the till and the console could not be built cleanly: ${said}`)
}
