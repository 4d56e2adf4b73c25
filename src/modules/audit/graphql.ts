import { admitted, checkedText } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'
import { longPages } from '../../graphql/long-page.ts'
import type { Rows } from '../../platform/database.ts'
import { branchesOf } from '../access/caller.ts'
import { wholeSince } from './years.ts'

type OfRecord = {
  actorId: string | null
  submittedBy: string | null
  approvedFor: string | null
  deviceId: string | null
  lane: string | null
  occurredAt: Date | null
  recordedAt: Date | null
}

/** Events as the view `audit_event` has them: with what the operation's record says. */
async function told<Event extends OfRecord & { id: bigint }>(
  db: Rows,
  tenantId: string,
  events: readonly Event[],
): Promise<Event[]> {
  const ids = events.filter(({ actorId }) => actorId === null).map(({ id }) => String(id))
  const rows = await db.rows<OfRecord & { id: number }>(
    `select id, actor_id as "actorId", submitted_by as "submittedBy", approved_for as "approvedFor", device_id as "deviceId",
       lane, occurred_at as "occurredAt", recorded_at as "recordedAt"
     from audit_event where tenant_id = $1 and id = any($2::bigint[])`,
    [tenantId, ids],
  )
  const recorded = new Map(rows.map(({ id, ...row }) => [BigInt(id), row]))
  return events.map((event) => ({ ...event, ...recorded.get(event.id) }))
}

export const addAuditReads: AddReads = (builder) => {
  builder.prismaObject('AuditEvent', {
    fields: (t) => ({
      id: t.exposeID('id'),
      branchId: t.exposeID('branchId', { nullable: true }),
      name: t.exposeString('name'),
      actorId: t.id({ resolve: ({ actorId }) => actorId! }),
      submittedBy: t.id({ resolve: ({ submittedBy }) => submittedBy! }),
      approvedFor: t.exposeID('approvedFor', {
        nullable: true,
        description: 'Who asked for it, where the actor approved it by their PIN.',
      }),
      deviceId: t.exposeID('deviceId', { nullable: true }),
      lane: t.string({ description: 'REPLAY or DIRECT.', resolve: ({ lane }) => lane! }),
      clientOpId: t.expose('clientOpId', { type: 'UUID' }),
      occurredAt: t.field({
        type: 'DateTime',
        description: "By the device's clock.",
        resolve: ({ occurredAt }) => occurredAt!,
      }),
      recordedAt: t.field({
        type: 'DateTime',
        description: "By the server's clock.",
        resolve: ({ recordedAt }) => recordedAt!,
      }),
      data: t.field({ type: 'JSON', nullable: true, resolve: ({ data }) => data as object | null }),
    }),
  })
  const { type, page } = longPages(builder, 'AuditEvent', 'tenantId_id')
  builder.queryField('auditEvents', (t) =>
    t.connection(
      {
        type,
        description:
          "What happened, newest first (ADMIN), in the branches that the caller is assigned to and to what is the whole tenant's.",
        args: {
          tenantId: t.arg.id({ required: true }),
          branchId: t.arg.id(),
          name: t.arg.string({ description: 'Only events of this name.' }),
        },
        resolve: async (_, { tenantId, branchId, name, ...args }, context) => {
          const { accountId } = await admitted(context, tenantId, { branchId, permissions: ['audit.read'] })
          const db = context.db.tenant(tenantId)
          return page(args, context, {
            of: db.prisma.auditEvent,
            told: (events) => told(db, tenantId, events),
            ...{ place: { tenantId }, key: 'number' },
            where: {
              tenantId,
              ...(branchId ? { branchId } : {}),
              ...(name == null ? {} : { name: checkedText('name', name, 100) }),
            },
            orderBy: { id: 'desc' },
            ...(branchId ? {} : { branchesOf: (among) => branchesOf(db, { tenantId, accountId }, among) }),
          })
        },
      },
      {
        fields: (t) => ({
          since: t.field({
            type: 'DateTime',
            nullable: true,
            description:
              'What is older was taken out of the database by whoever runs it, and is not told here. Null: nothing was.',
            resolve: (_, _args, { db }) => wholeSince(db.own),
          }),
        }),
      },
    ),
  )
}
