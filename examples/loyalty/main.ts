/** `npx node examples/loyalty/main.ts`: the café's gateway, with this module. The environment is that of `npm start`. */
import { join } from 'node:path'
import { cafe, runGateway } from 'modula-sync/gateway'
import { loyalty } from './index.ts'

await runGateway({
  modules: [...cafe, loyalty],
  migrations: [join(import.meta.dirname, 'migrations')],
  entry: import.meta.url,
})
