/** `npm run admin -- ...` */
import { runAdmin } from './run.ts'

await runAdmin(process.argv.slice(2))
