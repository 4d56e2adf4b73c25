import { core } from 'zod/mini'
import { admitted } from '../../graphql/access.ts'
import type { AddReads, Builder } from '../../graphql/builder.ts'
import { badInput } from '../../graphql/errors.ts'
import { longPages } from '../../graphql/long-page.ts'
import type { MoneyRef } from '../../graphql/money.ts'
import { pageOf } from '../../graphql/page.ts'
import { type ExportPage, exportPage } from './export.ts'
import { type Late, lateOf, outsideNow } from './look.ts'

export const addClosingReads: AddReads = (builder, { Money }) => {
  addStatements(builder, Money)
  addRefusals(builder, Money)
  addExport(builder)
}

const lateType = (builder: Builder, Money: MoneyRef) =>
  builder.objectRef<Late>('LateOperations').implement({
    description: 'Operations of one device that came too late for a closing, and what became of them.',
    fields: (t) => ({
      deviceId: t.exposeID('deviceId', { nullable: true }),
      outcome: t.exposeString('outcome', {
        nullable: true,
        description: 'As of a refusal; null: nobody has dealt with them.',
      }),
      count: t.expose('count', { type: 'SafeInt' }),
      cash: t.field({
        type: Money,
        description: 'What the drawer gained by them when they were made.',
        resolve: ({ usd, khr }) => ({ usd, khr }),
      }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt', description: "The sales' total, US cents." }),
    }),
  })

function addStatements(builder: Builder, Money: MoneyRef): void {
  builder.prismaObject('ClosingSupplement', {
    description: 'What was booked into a closed session afterwards; the statement stays as it is.',
    fields: (t) => ({
      number: t.expose('number', { type: 'SafeInt', description: 'In the branch, without gaps.' }),
      cashSessionId: t.exposeID('cashSessionId'),
      recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
      hash: t.exposeString('hash', { description: "SHA-256 of the content's RFC 8785 canonical JSON." }),
      content: t.field({ type: 'JSON', resolve: ({ content }) => content as object }),
    }),
  })

  const LateType = lateType(builder, Money)
  builder.prismaObject('ClosingStatement', {
    description: 'What a closing came to, as it was written down with it (docs/proof.md); never altered.',
    fields: (t) => ({
      number: t.expose('number', { type: 'SafeInt', description: 'In the branch, without gaps.' }),
      cashSessionId: t.exposeID('cashSessionId'),
      recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
      hash: t.exposeString('hash', { description: "SHA-256 of the content's RFC 8785 canonical JSON." }),
      content: t.field({ type: 'JSON', resolve: ({ content }) => content as object }),
      late: t.field({
        type: [LateType],
        description:
          'What was refused of its session and dealt with after it was closed, or not yet: by device and by what became of it.',
        resolve: ({ tenantId, branchId, cashSessionId, recordedAt }, _, { db }) =>
          lateOf(db.tenant(tenantId), { tenantId, branchId, cashSessionId, recordedAt }),
      }),
      supplements: t.prismaConnection({
        type: 'ClosingSupplement',
        cursor: 'tenantId_branchId_number',
        resolve: (query, { tenantId, branchId, cashSessionId }, _, { db }) =>
          pageOf(query, {
            of: db.tenant(tenantId).prisma.closingSupplement,
            ...{ place: { tenantId, branchId }, key: 'number' },
            where: { tenantId, branchId, cashSessionId },
            orderBy: { number: 'asc' },
          }),
      }),
    }),
  })

  const { type, page } = longPages(builder, 'ClosingStatement', 'tenantId_branchId_number')
  builder.queryFields((t) => ({
    closings: t.connection({
      type,
      description: 'The closing statements of the branch, newest first.',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        cashSessionId: t.arg({ type: 'UUID', description: 'Only the one of this session.' }),
        from: t.arg({ type: 'DateTime', description: 'Recorded from then on.' }),
        to: t.arg({ type: 'DateTime', description: 'Recorded before that.' }),
      },
      resolve: async (_, { tenantId, branchId, cashSessionId, from, to, ...args }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['cashSession.read'] })
        return page(args, context, {
          of: context.db.tenant(tenantId).prisma.closingStatement,
          ...{ place: { tenantId, branchId }, key: 'number' },
          where: {
            ...{ tenantId, branchId, ...(cashSessionId ? { cashSessionId } : {}) },
            ...(from || to
              ? { recordedAt: { ...(from ? { gte: from } : {}), ...(to ? { lt: to } : {}) } }
              : {}),
          },
          orderBy: { number: 'desc' },
        })
      },
    }),
    closingOutside: t.field({
      type: 'JSON',
      description:
        "What is known not to be here of a session, as its statement would say it now: { at, devices, heard, refused }; `at`: the server's clock.",
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        cashSessionId: t.arg({ type: 'UUID', required: true }),
      },
      resolve: async (_, { tenantId, branchId, cashSessionId }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['cashSession.read'] })
        const at = context.services.clock()
        const now = await outsideNow(context.db, { tenantId, branchId, cashSessionId, at, by: null })
        return { at: at.toISOString(), ...now }
      },
    }),
  }))
}

function addRefusals(builder: Builder, Money: MoneyRef): void {
  builder.prismaObject('Refusal', {
    description: "A queue's operation that was rejected, and how somebody dealt with it.",
    fields: (t) => ({
      clientOpId: t.expose('clientOpId', { type: 'UUID' }),
      type: t.exposeString('type'),
      cashSessionId: t.exposeID('cashSessionId', { nullable: true }),
      cash: t.field({
        type: Money,
        description: 'What the drawer gained by it when it was made.',
        resolve: ({ usd, khr }) => ({ usd, khr }),
      }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt', description: "A sale's total, US cents." }),
      payload: t.field({ type: 'JSON', nullable: true, resolve: ({ payload }) => payload as object | null }),
      code: t.exposeString('code'),
      message: t.exposeString('message'),
      actorId: t.exposeID('actorId'),
      deviceId: t.exposeID('deviceId', { nullable: true }),
      deviceSeq: t.expose('deviceSeq', { type: 'SafeInt', nullable: true }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
      refusedAt: t.expose('refusedAt', { type: 'DateTime' }),
      settled: t.exposeBoolean('settled'),
      outcome: t.exposeString('outcome', {
        nullable: true,
        description: 'RETRIED, BOOKED, SUPPLEMENTED or GIVEN_UP.',
      }),
      settledBy: t.exposeID('settledBy', { nullable: true }),
      settledAt: t.expose('settledAt', { type: 'DateTime', nullable: true }),
      reason: t.exposeString('reason', { nullable: true }),
      bookedAs: t.exposeID('bookedAs', {
        nullable: true,
        description: 'Who did it, as somebody has said where the person was the matter.',
      }),
    }),
  })

  const { type, page } = longPages(builder, 'Refusal', 'tenantId_clientOpId')
  builder.queryFields((t) => ({
    refusals: t.connection({
      type,
      description: 'What queues brought and was rejected in the branch, newest first (MANAGER, ADMIN).',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        settled: t.arg.boolean({ description: 'Only those that somebody has, or nobody has, dealt with.' }),
        cashSessionId: t.arg({ type: 'UUID', description: 'Only those of this session.' }),
      },
      resolve: async (_, { tenantId, branchId, settled, cashSessionId, ...args }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['operations.readRejected'] })
        return page(args, context, {
          of: context.db.tenant(tenantId).prisma.refusal,
          ...{ place: { tenantId }, key: 'uuid' },
          where: {
            ...{ tenantId, branchId },
            ...(settled == null ? {} : { settled }),
            ...(cashSessionId ? { cashSessionId } : {}),
          },
          orderBy: [{ refusedAt: 'desc' }, { clientOpId: 'asc' }],
        })
      },
    }),
  }))
}

function addExport(builder: Builder): void {
  const ExportType = builder.objectRef<ExportPage>('ProofExportPage').implement({
    fields: (t) => ({
      lines: t.exposeStringList('lines', { description: 'JSON lines, as `npm run verify` reads them.' }),
      next: t.exposeString('next', {
        nullable: true,
        description: 'Give it as `after` to go on; null: this was the last page.',
      }),
    }),
  })

  builder.queryFields((t) => ({
    proofExport: t.field({
      type: ExportType,
      complexity: 200,
      description:
        'The closings of some days with all that belongs to them, in pages (MANAGER): docs/proof.md. Days are by when the server recorded the closing.',
      args: {
        tenantId: t.arg.id({ required: true }),
        branchId: t.arg.id({ required: true }),
        from: t.arg({ type: 'DateTime', required: true }),
        to: t.arg({ type: 'DateTime', required: true, description: 'Not any more.' }),
        after: t.arg.string(),
      },
      resolve: async (_, { tenantId, branchId, from, to, after = null }, context) => {
        await admitted(context, tenantId, { branchId, permissions: ['closing.export'] })
        return exportPage(context.db.tenant(tenantId), { tenantId, branchId, from, to }, after).catch(
          (error: unknown) => {
            if (error instanceof SyntaxError || error instanceof core.$ZodError)
              throw badInput('after must be what the page before said as next.')
            throw error
          },
        )
      },
    }),
  }))
}
