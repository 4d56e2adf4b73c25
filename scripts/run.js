/** `node scripts/run.js FILE.ts ...`: runs a command of ours where Node can read it, and says in one line where it cannot. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireNode } from './node-version.js'

requireNode()
// As if Node had been given the file itself, which a gateway that begins anew (allocator.ts) then is.
process.argv.splice(1, 1)
await import(pathToFileURL(resolve(process.argv[1])).href)
