/** `node scripts/run.js FILE.ts ...`: runs a command of ours where Node can read it, and says in one line where it cannot. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireNode } from './node-version.js'

requireNode()
const [file] = process.argv.splice(2, 1)
await import(pathToFileURL(resolve(file)).href)
