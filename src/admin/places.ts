/**
 * Commands about tenants, branches and devices.
 */
import { v7 as newId } from 'uuid'
import type { ZodMiniType } from 'zod/mini'
import { staffSave } from '../modules/access/contract.ts'
import { requestsOf } from '../modules/access/enrolment.ts'
import { unrecordedAuditRow } from '../modules/audit/index.ts'
import { tenantSave } from '../modules/tenant/contract.ts'
import { contractIssues } from '../sync/contract-issues.ts'
import { writeRows } from '../sync/sql.ts'
import { type Command, CommandError, type Given } from './command.ts'
import { createTenant, type FirstAdmin } from './create-tenant.ts'
import { operatorId } from './operator.ts'
import { choosePin } from './people.ts'

/** An id is what people type, and what stands in addresses. */
function checkId(what: string, id: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(id)) return id
  throw new CommandError(
    'USAGE',
    `${what} is ${JSON.stringify(id)}; accepted: up to 64 letters, digits, ".", "_" and "-"`,
  )
}

/** As the operations that change it later take it. */
function checked<Value>(contract: ZodMiniType<Value>, value: object): Value {
  const { data, error } = contract.safeParse(value)
  if (!error) return data
  const [issue] = contractIssues(error)
  throw new CommandError('USAGE', `the ${issue!.path.join('.')} ${issue!.message}`)
}

/** A new branch is seen by nobody who is not assigned to it: the administrators are. */
async function addBranch(given: Given, branchId: string, name: string): Promise<string> {
  const { db, tenantId, operator } = given
  await operator.act('branch.save', { name }, checkId('the branch', branchId))
  const admins = await db.rows<{ accountId: string; staffCode: string }>(
    `select account_id as "accountId", staff_code as "staffCode" from member
     where tenant_id = $1 and role = 'ADMIN' and status = 'ACTIVE' order by staff_code`,
    [tenantId],
  )
  for (const { accountId } of admins)
    await operator.act('staff.save', { accountId, addBranchIds: [branchId] })
  return `branch ${branchId} is open to ${admins.map(({ staffCode }) => staffCode).join(', ') || 'nobody yet'}`
}

const tenantStatus =
  (status: 'ACTIVE' | 'FROZEN', audit: string): Command['run'] =>
  async ({ db, tenantId, at }) => {
    const changed = await db.run('update tenant set status = $2 where tenant_id = $1 and status <> $2', [
      tenantId,
      status,
    ])
    if (changed === 0) return { said: [`${tenantId} is ${status} already`] }
    const by = { actorId: operatorId, submittedBy: operatorId, deviceId: null, lane: 'DIRECT' as const }
    const op = { clientOpId: newId(), type: 'tenant.status', tenantId, branchId: '', payload: {}, ...by }
    const row = unrecordedAuditRow({ ...op, occurredAt: at, at, happenedAt: at }, { name: audit })
    await writeRows(db, tenantId, [row])
    return { said: [`${tenantId} is ${status}`] }
  }

export const tenants: Record<string, Command> = {
  'tenant list': {
    args: [],
    does: 'which there are',
    run: async ({ db }) => ({
      rows: await db.rows(
        `select t.tenant_id as tenant, t.name, t.status, (select count(*)::int from branch b where b.tenant_id = t.tenant_id) as branches,
           (select count(*)::int from member m where m.tenant_id = t.tenant_id and m.status = 'ACTIVE') as people
         from tenant t order by t.tenant_id`,
        [],
      ),
    }),
  },
  'tenant create': {
    args: ['TENANT'],
    needs: ['name'],
    takes: ['admin-code', 'admin-name', 'account', 'branch', 'branch-name'],
    does: 'a business with its first administrator, and a branch if --branch is given; the PIN as in person add',
    async run(given) {
      const { db, tenantId, options } = given
      checkId('the tenant', tenantId)
      const [known] = await db.rows('select 1 from tenant where tenant_id = $1', [tenantId])
      if (known) throw new CommandError('REFUSED', `there is a tenant "${tenantId}" already`)
      if (given.config.auth && !options.account)
        throw new CommandError(
          'USAGE',
          '--account is missing: the id (sub) that the identity provider gives the first administrator',
        )
      const { pin, said } = choosePin(given)
      const staffCode = options['admin-code'] ?? 'admin'
      const { name } = checked(tenantSave, { name: options.name })
      const first = checked(staffSave, {
        accountId: options.account ?? `${tenantId}-${staffCode}`,
        staffCode,
        name: options['admin-name'] ?? 'Administrator',
      }) as Omit<FirstAdmin, 'pin'>
      await createTenant(db, tenantId, name!, { ...first, pin })
      const opened = options.branch
        ? [await addBranch(given, options.branch, options['branch-name'] ?? options.branch)]
        : []
      return { said: [`tenant ${tenantId}, first administrator ${staffCode}`, ...opened, ...said] }
    },
  },
  'tenant rename': {
    args: ['TENANT'],
    needs: ['name'],
    does: 'another name',
    async run({ operator, tenantId, options }) {
      await operator.act('tenant.save', { name: options.name })
      return { said: [`${tenantId} is now called ${options.name}`] }
    },
  },
  'tenant freeze': {
    args: ['TENANT'],
    does: 'nothing can be written any more; reads go on',
    run: tenantStatus('FROZEN', 'TENANT_FROZEN'),
  },
  'tenant unfreeze': {
    args: ['TENANT'],
    does: 'writes go on',
    run: tenantStatus('ACTIVE', 'TENANT_UNFROZEN'),
  },
}

export const branches: Record<string, Command> = {
  'branch list': {
    args: ['TENANT'],
    does: 'which there are',
    run: async ({ db, tenantId }) => ({
      rows: await db.rows(
        `select b.branch_id as branch, b.name, b.status, s.head_seq as "headSeq", s.epoch
         from branch b join sync_stream s on s.tenant_id = $1 and s.branch_id = b.branch_id
         where b.tenant_id = $1 order by b.branch_id`,
        [tenantId],
      ),
    }),
  },
  'branch add': {
    args: ['TENANT', 'BRANCH'],
    needs: ['name'],
    does: 'a new branch, to which the administrators are assigned',
    async run(given) {
      const [branchId = ''] = given.args
      const [known] = await given.db.rows('select 1 from branch where tenant_id = $1 and branch_id = $2', [
        given.tenantId,
        branchId,
      ])
      if (known) throw new CommandError('REFUSED', `there is a branch "${branchId}" already`)
      return { said: [await addBranch(given, branchId, given.options.name!)] }
    },
  },
  'branch freeze': {
    args: ['TENANT', 'BRANCH'],
    does: 'nothing can be written there any more; reads go on',
    async run({ operator, args: [branchId] }) {
      await operator.act('branch.freeze', {}, branchId)
      return { said: [`branch ${branchId} is FROZEN`] }
    },
  },
  'branch unfreeze': {
    args: ['TENANT', 'BRANCH'],
    does: 'writes go on',
    async run({ operator, args: [branchId] }) {
      await operator.act('branch.unfreeze', {}, branchId)
      return { said: [`branch ${branchId} is ACTIVE`] }
    },
  },
}

/** A device goes by whatever it says: of an id that nothing ever came from, somebody has perhaps mistyped another. */
async function unseen({ db, tenantId, args: [deviceId] }: Given): Promise<string[]> {
  const seen = await db.rows(
    `select from sync_device where tenant_id = $1 and device_id = $2
     union all select from device_sign_in where tenant_id = $1 and device_id = $2
     union all select from device_request where tenant_id = $1 and device_id = $2`,
    [tenantId, deviceId],
  )
  return seen.length > 0 ? [] : [`nothing ever came from ${deviceId}: see device list for how it is written`]
}

/** An operation about one device, which says so of one that nothing ever came from; `option`: what it takes beside. */
const onDevice =
  (type: string, done: string, option?: 'reason' | 'name'): Command['run'] =>
  async (given) => {
    const [deviceId] = given.args
    const said = option && given.options[option]
    await given.operator.act(type, { deviceId, ...(said && { [option]: said }) })
    return { said: [`${deviceId} ${done}`, ...(await unseen(given))] }
  }

export const devices: Record<string, Command> = {
  'device list': {
    args: ['TENANT'],
    does: 'which there are, when they last sent or pulled anything, and what waits on them',
    run: async ({ db, tenantId }) => ({
      rows: await db.rows(
        `select k.device_id as device, d.last_seen_at as "lastSeen", d.last_push_at as "lastPush", r.waiting, r.failed,
           a.shut_out_at as "shutOut"
         from (select device_id from sync_device where tenant_id = $1
             union select device_id from device_sign_in where tenant_id = $1
             union select device_id from device_access where tenant_id = $1) k
           left join sync_device d on d.tenant_id = $1 and d.device_id = k.device_id
           left join sync_device_report r on r.tenant_id = $1 and r.device_id = k.device_id
           left join device_access a on a.tenant_id = $1 and a.device_id = k.device_id
         order by k.device_id`,
        [tenantId],
      ),
    }),
  },
  'device shut-out': {
    args: ['TENANT', 'DEVICE'],
    takes: ['reason'],
    does: 'ends what is signed in there; nobody can sign in, push or pull from it',
    run: onDevice('device.shutOut', 'is shut out', 'reason'),
  },
  'device requests': {
    args: ['TENANT'],
    does: 'which wait to be let into a business that enrols its devices, and who is on them',
    run: async ({ db, tenantId }) => ({
      rows: (await requestsOf(db, tenantId, new Date())).map(({ deviceId, accountId, askedAt }) => ({
        ...{ device: deviceId, person: accountId, asked: askedAt },
      })),
    }),
  },
  'device approve': {
    args: ['TENANT', 'DEVICE'],
    takes: ['name'],
    does: 'lets a device into a business that enrols its devices',
    run: onDevice('device.approve', 'is let into the business', 'name'),
  },
  'device let-in': {
    args: ['TENANT', 'DEVICE'],
    does: 'lets it in again',
    run: onDevice('device.letIn', 'is let in'),
  },
}
