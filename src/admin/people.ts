/**
 * Commands about people, and their PINs.
 */
import { randomInt } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { pinPattern } from '../modules/access/contract.ts'
import { isWeakPin } from '../modules/access/weak-pin.ts'
import { type Command, CommandError, type Given } from './command.ts'
import { managerPinDigits } from './create-tenant.ts'

/** The PIN given, or one made up; and what to say of it. With an identity provider nobody has one unless it is given. */
export function choosePin({ pin, config, isDryRun }: Pick<Given, 'pin' | 'config' | 'isDryRun'>): {
  pin: string | null
  said: string[]
} {
  if (pin !== undefined) {
    if (!pinPattern.test(pin)) throw new CommandError('USAGE', 'PIN is none: it has 4 to 12 digits')
    if (isWeakPin(pin)) throw new CommandError('REFUSED', 'PIN is one that anybody would try first')
    return { pin, said: [] }
  }
  if (config.auth) return { pin: null, said: [] }
  let made: string
  do made = String(randomInt(10 ** managerPinDigits)).padStart(managerPinDigits, '0')
  while (isWeakPin(made))
  return { pin: made, said: [isDryRun ? 'a PIN would be made up' : `PIN ${made} (it is not shown again)`] }
}

type Person = { accountId: string; staffCode: string }

async function theOne({ db, tenantId, args: [staffCode] }: Given): Promise<Person> {
  const [person] = await db.rows<Person>(
    `select account_id as "accountId", staff_code as "staffCode" from member
     where tenant_id = $1 and staff_code = $2`,
    [tenantId, staffCode],
  )
  if (person) return person
  throw new CommandError('REFUSED', `there is nobody with the staff code "${staffCode}"`)
}

const branchList = (text: string | undefined) =>
  text === undefined
    ? undefined
    : text
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== '')

const change = (payload: (given: Given) => Record<string, unknown>, says: string) => async (given: Given) => {
  const { accountId, staffCode } = await theOne(given)
  await given.operator.act('staff.save', { accountId, ...payload(given) })
  return { said: [`${staffCode} ${says}`] }
}

const defined = (payload: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))

export const people: Record<string, Command> = {
  'person list': {
    args: ['TENANT'],
    does: 'who there is',
    run: async ({ db, tenantId }) => ({
      rows: await db.rows(
        `select staff_code as code, name, role, status, account_id as account, (
           select string_agg(b.branch_id, ',' order by b.branch_id) from member_branch b
           where b.tenant_id = $1 and b.account_id = m.account_id and not b.ended) as branches
         from member m where tenant_id = $1 order by staff_code`,
        [tenantId],
      ),
    }),
  },
  'person add': {
    args: ['TENANT'],
    needs: ['code', 'name', 'role'],
    takes: ['branches', 'account'],
    does: 'a new person; the PIN is that of the environment (PIN), or one made up and shown once',
    async run(given) {
      const { options } = given
      const { pin, said } = choosePin(given)
      const accountId = options.account ?? uuidv7()
      await given.operator.act('staff.save', {
        accountId,
        ...{ staffCode: options.code, name: options.name, role: options.role },
        branchIds: branchList(options.branches) ?? [],
        ...(pin !== null && { pin }),
      })
      return { said: [`${options.code} is ${options.role} as account ${accountId}`, ...said] }
    },
  },
  'person change': {
    args: ['TENANT', 'CODE'],
    takes: ['name', 'role', 'branches', 'new-code'],
    does: 'another name, role, code or other branches',
    run: change(({ options }) => {
      const changed = defined({
        name: options.name,
        role: options.role,
        branchIds: branchList(options.branches),
        staffCode: options['new-code'],
      })
      if (Object.keys(changed).length > 0) return changed
      throw new CommandError('USAGE', 'nothing to change: --name, --role, --branches or --new-code says what')
    }, 'is changed'),
  },
  'person revoke': {
    args: ['TENANT', 'CODE'],
    does: "ends somebody's access, at once",
    run: change(() => ({ status: 'REVOKED' }), 'has no access any more'),
  },
  'person restore': {
    args: ['TENANT', 'CODE'],
    does: 'lets somebody in again',
    run: change(() => ({ status: 'ACTIVE' }), 'has access again'),
  },
  'person pin': {
    args: ['TENANT', 'CODE'],
    does: 'a new PIN, as in person add; what was signed in with the old one ends',
    async run(given) {
      const { accountId, staffCode } = await theOne(given)
      const { pin, said } = choosePin(given)
      if (pin === null)
        throw new CommandError('REFUSED', 'an identity provider says who people are: there are no PINs')
      await given.operator.act('staff.save', { accountId, pin })
      return { said: [`${staffCode} has a new PIN`, ...said] }
    },
  },
}
