/**
 * The command that writes the proof of some days of a branch, as the console does it page by page (docs/proof.md).
 */
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { exportPage } from '../modules/closing/export.ts'
import { isLocalDay, spanOfDay } from '../modules/tenant/days.ts'
import type { Rows } from '../platform/database.ts'
import { type Command, CommandError } from './command.ts'
import { mustBeNew, writtenWhole } from './whole.ts'

type Days = { tenantId: string; branchId: string; from: Date; to: Date }

/** From the start of the first day to the end of the last, as the branch has them. */
async function daysOf(
  db: Rows,
  { tenantId, branchId }: { tenantId: string; branchId: string },
  { from = '', to = '' }: { from?: string; to?: string },
): Promise<Days> {
  const [branch] = await db.rows<{ timeZone: string }>(
    'select time_zone as "timeZone" from branch where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId],
  )
  if (!branch) throw new CommandError('REFUSED', `${tenantId} has no branch "${branchId}"`)
  for (const [name, day] of Object.entries({ from, to }))
    if (!isLocalDay(day))
      throw new CommandError('USAGE', `--${name} is a day, such as 2026-11-28, not "${day}"`)
  if (from > to) throw new CommandError('USAGE', '--from is after --to')
  const { timeZone } = branch
  return { tenantId, branchId, from: spanOfDay(from, timeZone).from, to: spanOfDay(to, timeZone).to }
}

async function* textOf(db: Rows, days: Days): AsyncGenerator<string> {
  let after: string | null = null
  do {
    const page = await exportPage(db, days, after)
    yield `${page.lines.join('\n')}\n`
    after = page.next
  } while (after !== null)
}

export const proof: Record<string, Command> = {
  proof: {
    args: ['TENANT', 'BRANCH'],
    needs: ['from', 'to', 'file'],
    does: "what the branch's closings of these days hold, as a file for `npm run verify`; the last day is in it",
    inParts: true,
    async run({ db, tenantId, args: [branchId = ''], options, isDryRun }) {
      const { file = '' } = options
      const days = await daysOf(db, { tenantId, branchId }, options)
      await mustBeNew(file)
      if (isDryRun) return { said: [`the proof would be written to ${file}`] }
      await writtenWhole(file, (part) => pipeline(textOf(db, days), createWriteStream(part, { mode: 0o600 })))
      return { said: [`the proof of ${branchId} is in ${file}: npm run verify -- ${file}`] }
    },
  },
}
