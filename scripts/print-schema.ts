/** Writes schema.graphql: what the gateway serves while it issues its own tokens. A test keeps it from drifting. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { printedSchema } from '../src/graphql/printed-schema.ts'

const file = join(import.meta.dirname, '../schema.graphql')
await writeFile(file, printedSchema())
console.log(`wrote ${file}`)
