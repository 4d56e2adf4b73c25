/**
 * Devices: what they say of themselves, and what people who look after them see of each.
 */
import { type DeviceReport, type DeviceStorage, deviceStorages, keepReport } from '../sync/device-report.ts'
import { tenantStream } from '../sync/tenant-stream.ts'
import { admitted, checkedId, checkedText, identityOf } from './access.ts'
import type { Builder } from './builder.ts'
import { addChains, checkedHead, type HeadInput } from './chains.ts'
import { badInput } from './errors.ts'
import { pageOf } from './page.ts'
import { together } from './together.ts'

type DeviceGap = { from: number; to: number }

/** Of one device in an answer. */
const maxGaps = 100

/** What lies between the runs of a device's numbers, which are bounded themselves: the latest, and how many there are. */
const gapsOf = together<{ gaps: DeviceGap[]; count: number }>(async (db, tenantId, deviceIds) => {
  const gaps = await db.rows<DeviceGap & { deviceId: string; count: number }>(
    `select g.device_id as "deviceId", g."from", g."to", g.count from unnest($2::text[]) as asked (device_id), lateral (
       select d.device_id, lower(gap) as "from", upper(gap) - 1 as "to", count(*) over () as count
       from sync_device d, unnest(int8multirange(int8range(1, greatest(1, upper(d.received_seqs)))) - d.received_seqs - coalesce((
           select range_agg(int8range((g ->> 'deviceSeq')::bigint, (g ->> 'deviceSeq')::bigint + 1))
           from sync_chain c, json_array_elements(c.given_up) g where c.tenant_id = $1 and c.device_id = d.device_id
         ), '{}')) as gap
       where d.tenant_id = $1 and d.device_id = asked.device_id and not isempty(d.received_seqs)
       order by 2 desc limit $3
     ) g`,
    [tenantId, deviceIds, maxGaps],
  )
  const ofDevices = [...Map.groupBy(gaps, ({ deviceId }) => deviceId)]
  return new Map(ofDevices.map(([id, own]) => [id, { gaps: own.toReversed(), count: own[0]!.count }]))
})

const nameOf = together(async ({ prisma }, tenantId, ids) => {
  const named = await prisma.deviceName.findMany({ where: { tenantId, deviceId: { in: [...ids] } } })
  return new Map(named.map(({ deviceId, name }) => [deviceId, name]))
})

const shutOutAtOf = together(async ({ prisma }, tenantId, ids) => {
  const kept = await prisma.deviceAccess.findMany({ where: { tenantId, deviceId: { in: [...ids] } } })
  return new Map(kept.map(({ deviceId, shutOutAt }) => [deviceId, shutOutAt]))
})

/** The head of a branch's stream, with what it has not taken yet of the tenant's. */
const headOf = together(async ({ prisma }, tenantId, branchIds) => {
  const streams = await prisma.syncStream.findMany({
    where: { tenantId, branchId: { in: [tenantStream, ...branchIds] } },
  })
  const ofTenant = streams.find(({ branchId }) => branchId === tenantStream)?.headSeq ?? 0n
  return new Map(
    streams.map(({ branchId, headSeq, tenantSeq }) => [branchId, headSeq + ofTenant - tenantSeq]),
  )
})

const keyOf = ({ tenantId, deviceId }: { tenantId: string; deviceId: string }) => ({ tenantId, id: deviceId })

export function addDevices(builder: Builder) {
  const chains = addChains(builder)
  addReport(builder, chains)
  addCheckpoint(builder)
  addDevice(builder, chains)
  builder.queryField('devices', (t) =>
    t.prismaConnection({
      type: 'SyncDevice',
      cursor: 'tenantId_deviceId',
      description:
        "The tenant's devices, with how far each has pulled and what it said of itself (MANAGER, ADMIN).",
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId }, context) => {
        await admitted(context, tenantId, { permissions: ['devices.read'] })
        return pageOf(query, {
          of: context.db.tenant(tenantId).prisma.syncDevice,
          ...{ place: { tenantId }, key: 'text' },
          where: { tenantId },
          orderBy: { deviceId: 'asc' },
        })
      },
    }),
  )
}

type Chains = ReturnType<typeof addChains>

/** What a device says of itself, and how that is read. */
function addReport(builder: Builder, { HeadInput }: Chains) {
  const StorageEnum = builder.enumType('DeviceStorage', {
    description: 'Whether its browser promised to keep what is stored, or may throw it away.',
    values: deviceStorages,
  })

  const ReportInput = builder.inputType('DeviceReportInput', {
    fields: (t) => ({
      tenantId: t.id({ required: true }),
      deviceId: t.id({ required: true }),
      branchId: t.id({ description: 'Where it works; not checked.' }),
      at: t.field({ type: 'DateTime', required: true, description: "The device's clock." }),
      waiting: t.int({ required: true, description: 'Operations that the server has not decided yet.' }),
      failed: t.int({ required: true, description: 'Rejected ones that wait for a person.' }),
      oldestWaitingAt: t.field({
        type: 'DateTime',
        description: 'When the oldest of those waiting was made.',
      }),
      storage: t.field({ type: StorageEnum }),
      usageBytes: t.field({ type: 'SafeInt' }),
      quotaBytes: t.field({ type: 'SafeInt' }),
      appVersion: t.string({ description: 'At most 100 characters.' }),
      chain: t.field({ type: HeadInput, description: 'Where its chain ends, with what waits.' }),
    }),
  })
  const ReportPayload = builder.objectRef<{ serverTime: Date }>('DeviceReportPayload').implement({
    fields: (t) => ({ serverTime: t.expose('serverTime', { type: 'DateTime' }) }),
  })

  builder.mutationField('deviceReport', (t) =>
    t.field({
      type: ReportPayload,
      description: 'A device says how it is; the latest report of each is shown in `devices`.',
      args: { input: t.arg({ type: ReportInput, required: true }) },
      async resolve(_, { input }, context) {
        const receivedAt = context.services.clock()
        const { accountId } = identityOf(context)
        const report = checkedReport(input, { accountId, receivedAt })
        await admitted(context, report.tenantId, { deviceId: report.deviceId })
        await keepReport(context.db.tenant(report.tenantId), report)
        return { serverTime: receivedAt }
      },
    }),
  )

  builder.prismaObject('SyncDeviceReport', {
    name: 'DeviceReport',
    description: 'What a device last said of itself.',
    fields: (t) => ({
      accountId: t.exposeID('accountId', { description: 'Whose token it reported with.' }),
      branchId: t.exposeID('branchId', { nullable: true, description: 'Where it works, as it says.' }),
      at: t.expose('reportedAt', { type: 'DateTime', description: "The device's clock." }),
      receivedAt: t.expose('receivedAt', { type: 'DateTime', description: "The server's clock." }),
      clockSkewMs: t.field({
        type: 'SafeInt',
        description: "Milliseconds by which the device's clock was ahead of the server's.",
        resolve: ({ reportedAt, receivedAt }) => reportedAt.getTime() - receivedAt.getTime(),
      }),
      waiting: t.exposeInt('waiting', { description: 'Operations that the server has not decided yet.' }),
      failed: t.exposeInt('failed', { description: 'Rejected ones that wait for a person.' }),
      oldestWaitingAt: t.expose('oldestWaitingAt', {
        type: 'DateTime',
        nullable: true,
        description: "When the oldest of those waiting was made, by the device's clock.",
      }),
      storage: t.field({
        type: StorageEnum,
        nullable: true,
        resolve: ({ storage }) => storage as DeviceStorage | null,
      }),
      usageBytes: t.expose('usageBytes', { type: 'SafeInt', nullable: true }),
      quotaBytes: t.expose('quotaBytes', { type: 'SafeInt', nullable: true }),
      appVersion: t.exposeString('appVersion', { nullable: true }),
    }),
  })
}

function addCheckpoint(builder: Builder) {
  builder.prismaObject('SyncCheckpoint', {
    name: 'DeviceCheckpoint',
    description: 'How far a device has pulled a branch.',
    fields: (t) => ({
      branchId: t.exposeID('branchId'),
      accountId: t.exposeID('accountId', { description: 'Whose token it pulled with last.' }),
      pulledSeq: t.expose('pulledSeq', { type: 'SafeInt' }),
      pulledAt: t.expose('pulledAt', { type: 'DateTime' }),
      behind: t.field({
        type: 'SafeInt',
        description: 'Changes between it and the head of the stream.',
        resolve: async ({ tenantId, branchId, pulledSeq }, _, context) => {
          const head = (await headOf({ tenantId, id: branchId }, context)) ?? 0n
          return Math.max(0, Number(head - pulledSeq))
        },
      }),
    }),
  })
}

function addDevice(builder: Builder, { chainsOf, ChainType }: Chains) {
  const Gap = builder.objectRef<DeviceGap>('DeviceGap').implement({
    description: 'deviceSeqs that never arrived: something was lost on the device.',
    fields: (t) => ({
      from: t.expose('from', { type: 'SafeInt' }),
      to: t.expose('to', { type: 'SafeInt' }),
    }),
  })

  builder.prismaObject('SyncDevice', {
    name: 'Device',
    fields: (t) => ({
      deviceId: t.exposeID('deviceId'),
      name: t.string({
        nullable: true,
        description: 'What people call it; null: nobody has named it.',
        resolve: async (device, _, context) => (await nameOf(keyOf(device), context)) ?? null,
      }),
      firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime' }),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
      lastPushAt: t.expose('lastPushAt', { type: 'DateTime', nullable: true }),
      checkpoints: t.relation('checkpoints', { query: { orderBy: { branchId: 'asc' } } }),
      shutOutAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it is shut out; null: it is not.',
        resolve: async (device, _, context) => (await shutOutAtOf(keyOf(device), context)) ?? null,
      }),
      report: t.relation('report', { nullable: true, description: 'What it last said of itself.' }),
      gaps: t.field({
        type: [Gap],
        description: `The latest ${maxGaps}; gapCount says how many there are.`,
        resolve: async (device, _, context) => (await gapsOf(keyOf(device), context))?.gaps ?? [],
      }),
      gapCount: t.int({
        resolve: async (device, _, context) => (await gapsOf(keyOf(device), context))?.count ?? 0,
      }),
      chains: t.field({
        type: [ChainType],
        description: 'Its chains, the youngest first; none: what it sends is unproven.',
        resolve: async (device, _, context) => (await chainsOf(keyOf(device), context)) ?? [],
      }),
      straySeqs: t.expose('straySeqs', {
        type: 'SafeInt',
        description:
          'How often a number came that cannot be its next (below 1, or far beyond the highest): not counted as arrived.',
      }),
      lastStraySeq: t.expose('lastStraySeq', { type: 'SafeInt', nullable: true }),
    }),
  })
}

type ReportInput = {
  tenantId: string
  deviceId: string
  branchId?: string | null
  at: Date
  waiting: number
  failed: number
  oldestWaitingAt?: Date | null
  storage?: DeviceStorage | null
  usageBytes?: number | null
  quotaBytes?: number | null
  appVersion?: string | null
  chain?: HeadInput | null
}

/** The report as it is kept; BAD_USER_INPUT for a text that is too long and for a number below zero. */
function checkedReport(
  input: ReportInput,
  receipt: Pick<DeviceReport, 'accountId' | 'receivedAt'>,
): DeviceReport {
  for (const name of ['waiting', 'failed', 'usageBytes', 'quotaBytes'] as const)
    if ((input[name] ?? 0) < 0) throw badInput(`${name} must be 0 or more, not ${input[name]}.`)
  const { branchId, appVersion } = input
  return {
    ...receipt,
    tenantId: checkedId('tenantId', input.tenantId),
    deviceId: checkedId('deviceId', input.deviceId),
    branchId: branchId == null ? null : checkedId('branchId', branchId),
    reportedAt: input.at,
    waiting: input.waiting,
    failed: input.failed,
    oldestWaitingAt: input.oldestWaitingAt ?? null,
    storage: input.storage ?? null,
    usageBytes: input.usageBytes ?? null,
    quotaBytes: input.quotaBytes ?? null,
    appVersion: appVersion == null ? null : checkedText('appVersion', appVersion, 100),
    chain: checkedHead(input.chain ?? null),
  }
}
