import { admitted } from '../../graphql/access.ts'
import type { AddReads, Builder } from '../../graphql/builder.ts'
import type { MoneyRef } from '../../graphql/money.ts'
import { pageOf } from '../../graphql/page.ts'

export const addCashSessionReads: AddReads = (builder, { Money }) => {
  addMovement(builder, Money)
  addSession(builder, Money)

  builder.queryFields((t) => ({
    cashSession: t.prismaField({
      type: 'CashSession',
      nullable: true,
      description: 'One session of the branch; without an id, the open one.',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        cashSessionId: t.arg({ type: 'UUID' }),
      },
      resolve: async (query, _, { tenantId, branchId, cashSessionId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['cashSession.read'] })
        return context.db.tenant(tenantId).prisma.cashSession.findFirst({
          ...query,
          where: { tenantId, branchId, ...(cashSessionId ? { id: cashSessionId } : { status: 'OPEN' }) },
        })
      },
    }),
    cashSessions: t.prismaConnection({
      type: 'CashSession',
      cursor: 'tenantId_id',
      description: 'The sessions of the branch, newest first.',
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId, branchId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['cashSession.read'] })
        return pageOf(query, {
          of: context.db.tenant(tenantId).prisma.cashSession,
          ...{ place: { tenantId }, key: 'uuid' },
          where: { tenantId, branchId },
          orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
        })
      },
    }),
  }))
}

function addMovement(builder: Builder, Money: MoneyRef): void {
  builder.prismaObject('CashMovement', {
    description: 'One entry of the drawer; `amount` is what the drawer gained.',
    fields: (t) => ({
      id: t.exposeID('id'),
      kind: t.exposeString('kind', { description: 'PAID_IN, PAID_OUT, ADJUSTMENT, SALE_IN or REFUND.' }),
      amount: t.field({ type: Money, resolve: ({ usd, khr }) => ({ usd, khr }) }),
      reason: t.exposeString('reason', { nullable: true }),
      saleId: t.exposeID('saleId', { nullable: true }),
      actorId: t.exposeID('actorId'),
      occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    }),
  })
}

function addSession(builder: Builder, Money: MoneyRef): void {
  builder.prismaObject('CashSession', {
    fields: (t) => ({
      id: t.exposeID('id'),
      branchId: t.exposeID('branchId'),
      status: t.exposeString('status', { description: 'OPEN, CLOSED or FORCE_CLOSED.' }),
      openedBy: t.exposeID('openedBy'),
      openedAt: t.expose('openedAt', { type: 'DateTime' }),
      openingFloat: t.field({
        type: Money,
        resolve: (row) => ({ usd: row.openingUsd, khr: row.openingKhr }),
      }),
      expected: t.field({ type: Money, resolve: (row) => ({ usd: row.expectedUsd, khr: row.expectedKhr }) }),
      counted: t.field({
        type: Money,
        nullable: true,
        resolve: ({ countedUsd: usd, countedKhr: khr }) =>
          usd === null || khr === null ? null : { usd, khr },
      }),
      difference: t.field({
        type: Money,
        nullable: true,
        description: 'Counted less expected.',
        resolve: ({ countedUsd, countedKhr, expectedUsd, expectedKhr }) =>
          countedUsd === null || countedKhr === null
            ? null
            : { usd: countedUsd - expectedUsd, khr: countedKhr - expectedKhr },
      }),
      closedBy: t.exposeID('closedBy', { nullable: true }),
      closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
      note: t.exposeString('note', { nullable: true }),
      movements: t.prismaConnection({
        type: 'CashMovement',
        cursor: 'tenantId_id',
        resolve: (query, { tenantId, id }, _, { db }) =>
          pageOf(query, {
            of: db.tenant(tenantId).prisma.cashMovement,
            ...{ place: { tenantId }, key: 'uuid' },
            where: { tenantId, cashSessionId: id },
            orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }],
          }),
      }),
    }),
  })
}
