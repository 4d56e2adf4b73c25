/**
 * After an install: generates the Prisma client, which is not committed. An installation without Prisma's command
 * (`--omit=optional`, as in a container) brings the generated files along.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { requireNode } from './node-version.js'

requireNode()
const isGenerated = existsSync('src/generated/prisma/client.ts')
if (!existsSync('prisma/schema.prisma'))
  console.log('no prisma/schema.prisma yet: no Prisma client is generated')
else if (existsSync('node_modules/.bin/prisma'))
  process.exitCode = spawnSync('prisma', ['generate', '--no-hints'], { stdio: 'inherit' }).status ?? 1
else if (!isGenerated) {
  console.error(
    'src/generated is missing, and Prisma, which makes it, is not installed: leave out --omit=optional',
  )
  process.exitCode = 1
}
