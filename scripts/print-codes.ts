/** Writes docs/codes.md. A test keeps it from drifting. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { printedCodes } from '../src/codes/printed-codes.ts'

const file = join(import.meta.dirname, '../docs/codes.md')
await writeFile(file, printedCodes())
console.log(`wrote ${file}`)
