/** After an install: generates the Prisma client, which is not committed. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { requireNode } from './node-version.js'

requireNode()
if (existsSync('prisma/schema.prisma'))
  process.exitCode = spawnSync('prisma', ['generate', '--no-hints'], { stdio: 'inherit' }).status ?? 1
else console.log('no prisma/schema.prisma yet: no Prisma client is generated')
