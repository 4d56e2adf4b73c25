import { defineConfig } from 'prisma/config'

// The CLI would download its native schema engine before any command, also those that never run it. Told that there is
// one already, it works on a closed network; migrations are applied by src/platform/migrate.ts, with the engine as WebAssembly.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({
  schema: 'prisma',
  migrations: { path: 'prisma/migrations' },
})
