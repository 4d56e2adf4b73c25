/**
 * The record of operations, as people read it: what was rejected, and why.
 */

import { branchesOf } from '../modules/access/caller.ts'
import { admitted, checkedText } from './access.ts'
import type { Builder } from './builder.ts'
import { longPages } from './long-page.ts'

export function addRejectedOperations(builder: Builder) {
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
      approvedFor: t.exposeID('approvedFor', {
        nullable: true,
        description: 'Who asked for it, where the actor approved it by their PIN.',
      }),
      deviceId: t.exposeID('deviceId', { nullable: true }),
      deviceSeq: t.expose('deviceSeq', { type: 'SafeInt', nullable: true }),
      lane: t.exposeString('lane'),
      dependsOn: t.field({ type: ['UUID'], resolve: ({ dependsOn }) => dependsOn }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
      clockSkewMs: t.expose('clockSkewMs', { type: 'SafeInt', nullable: true }),
      decidedAt: t.expose('decidedAt', { type: 'DateTime' }),
    }),
  })

  const { type, page } = longPages(builder, 'SyncOperation', 'tenantId_clientOpId')
  builder.queryField('rejectedOperations', (t) =>
    t.connection({
      type,
      description: 'Newest first (MANAGER, ADMIN), of the branches that the caller is assigned to.',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id(),
        code: t.arg.string({ description: 'Only those that were rejected with it.' }),
        dependsOn: t.arg({ type: 'UUID', description: 'Only those that build on this operation.' }),
      },
      resolve: async (_, { tenantId, branchId, code, dependsOn, ...args }, context) => {
        const { accountId } = await admitted(context, tenantId, {
          branchId,
          permissions: ['operations.readRejected'],
        })
        const db = context.db.tenant(tenantId)
        return page(args, context, {
          of: db.prisma.syncOperation,
          ...{ place: { tenantId }, key: 'uuid' },
          where: {
            tenantId,
            status: 'REJECTED',
            ...(branchId ? { branchId } : {}),
            ...(code == null ? {} : { code: checkedText('code', code, 100) }),
            ...(dependsOn ? { dependsOn: { has: dependsOn } } : {}),
          },
          orderBy: [{ decidedAt: 'desc' }, { clientOpId: 'asc' }],
          ...(branchId ? {} : { branchesOf: (among) => branchesOf(db, { tenantId, accountId }, among) }),
        })
      },
    }),
  )
}
