/** After an install: generates the Prisma client, which is not committed. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { requireNode } from './node-version.js'

requireNode()
if (existsSync('node_modules/prisma'))
  process.exitCode = spawnSync('prisma', ['generate', '--no-hints'], { stdio: 'inherit' }).status ?? 1
else if (!existsSync('src/generated/prisma')) {
  console.error(
    'what makes the Prisma client is not installed: `npm ci`, then `npm prune --omit=dev --omit=optional` for production',
  )
  process.exitCode = 1
}
