/**
 * Reads of the sync layer's own records: rejected operations, devices.
 */
import type { SyncOperation } from '../generated/prisma/client.ts'
import { admitted } from './access.ts'
import type { Builder } from './builder.ts'
import { pageIn } from './page.ts'

type DeviceGap = { from: number; to: number }

export function addRecordReads(builder: Builder) {
  builder.prismaObject('SyncOperation', {
    name: 'RejectedOperation',
    description: 'An operation that was decided against, as it was sent.',
    fields: (t) => ({
      clientOpId: t.expose('clientOpId', { type: 'UUID' }),
      type: t.exposeString('type'),
      branchId: t.exposeID('branchId', { nullable: true }),
      payload: t.field({ type: 'JSON', nullable: true, resolve: ({ payload }) => payload as object | null }),
      code: t.exposeString('code', { nullable: true }),
      message: t.exposeString('message', { nullable: true }),
      details: t.field({ type: 'JSON', nullable: true, resolve: ({ details }) => details as object | null }),
      actorId: t.exposeID('actorId'),
      submittedBy: t.exposeID('submittedBy'),
      deviceId: t.exposeID('deviceId', { nullable: true }),
      deviceSeq: t.expose('deviceSeq', { type: 'SafeInt', nullable: true }),
      lane: t.exposeString('lane'),
      dependsOn: t.field({ type: ['UUID'], resolve: ({ dependsOn }) => dependsOn }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
      decidedAt: t.expose('decidedAt', { type: 'DateTime' }),
    }),
  })

  builder.queryField('rejectedOperations', (t) =>
    t.prismaConnection({
      type: 'SyncOperation',
      cursor: 'tenantId_clientOpId',
      description: 'Newest first (MANAGER, ADMIN), of the branches that the caller is assigned to.',
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id() },
      resolve: async (query, _, { tenantId, branchId }, context): Promise<SyncOperation[]> => {
        const { branchIds } = await admitted(context, tenantId, {
          branchId,
          permissions: ['operations.readRejected'],
        })
        const visible = branchId
          ? { branchId }
          : { OR: [{ branchId: { in: branchIds } }, { branchId: null }] }
        return context.db.prisma.syncOperation.findMany({
          ...pageIn(query, { tenantId }, 'uuid'),
          where: { tenantId, status: 'REJECTED', ...visible },
          orderBy: [{ decidedAt: 'desc' }, { clientOpId: 'asc' }],
        })
      },
    }),
  )

  const Gap = builder.objectRef<DeviceGap>('DeviceGap').implement({
    description: 'deviceSeqs that never arrived: something was lost on the device.',
    fields: (t) => ({
      from: t.expose('from', { type: 'SafeInt' }),
      to: t.expose('to', { type: 'SafeInt' }),
    }),
  })

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
        resolve: async ({ tenantId, branchId, pulledSeq }, _, { db }) => {
          const stream = await db.prisma.syncStream.findUnique({
            where: { tenantId_branchId: { tenantId, branchId } },
          })
          return Math.max(0, Number((stream?.headSeq ?? 0n) - pulledSeq))
        },
      }),
    }),
  })

  builder.prismaObject('SyncDevice', {
    name: 'Device',
    fields: (t) => ({
      deviceId: t.exposeID('deviceId'),
      firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime' }),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime' }),
      lastPushAt: t.expose('lastPushAt', { type: 'DateTime', nullable: true }),
      checkpoints: t.relation('checkpoints', { query: { orderBy: { branchId: 'asc' } } }),
      gaps: t.field({
        type: [Gap],
        resolve: ({ tenantId, deviceId }, _, { db }) =>
          db.rows<DeviceGap>(
            `select lower(gap) as "from", upper(gap) - 1 as "to"
             from sync_device d, unnest(int8multirange(int8range(1, greatest(1, upper(d.received_seqs))))
               - d.received_seqs) as gap
             where d.tenant_id = $1 and d.device_id = $2 and not isempty(d.received_seqs) order by 1`,
            [tenantId, deviceId],
          ),
      }),
    }),
  })

  builder.queryField('devices', (t) =>
    t.prismaConnection({
      type: 'SyncDevice',
      cursor: 'tenantId_deviceId',
      description: "The tenant's devices, with how far each has pulled (MANAGER, ADMIN).",
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId }, context) => {
        await admitted(context, tenantId, { permissions: ['devices.read'] })
        return context.db.prisma.syncDevice.findMany({
          ...pageIn(query, { tenantId }, 'text'),
          where: { tenantId },
          orderBy: { deviceId: 'asc' },
        })
      },
    }),
  )
}
