import { admitted, identityOf } from '../../graphql/access.ts'
import type { AddReads } from '../../graphql/builder.ts'
import { pageOf } from '../../graphql/page.ts'

export const addAttendanceReads: AddReads = (builder) => {
  builder.prismaObject('Attendance', {
    fields: (t) => ({
      id: t.exposeID('id'),
      branchId: t.exposeID('branchId'),
      actorId: t.exposeID('actorId'),
      status: t.exposeString('status', { description: 'ACTIVE or COMPLETED.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime' }),
      endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true }),
      startLocation: t.field({
        type: 'JSON',
        nullable: true,
        resolve: (row) => row.startLocation as object | null,
      }),
      endLocation: t.field({
        type: 'JSON',
        nullable: true,
        resolve: (row) => row.endLocation as object | null,
      }),
    }),
  })
  builder.queryField('attendance', (t) =>
    t.prismaConnection({
      type: 'Attendance',
      cursor: 'tenantId_id',
      description:
        "Work records of the branch, newest first; people without the right to see everybody's get their own.",
      args: { tenantId: t.arg.id({ required: true }), branchId: t.arg.id({ required: true }) },
      resolve: async (query, _, { tenantId, branchId }, context) => {
        const { role } = await admitted(context, tenantId, { branchId, permissions: ['attendance.readOwn'] })
        const { may } = context.services.engine.registry.gate
        const own = may(role, 'attendance.readAll') ? {} : { actorId: identityOf(context).accountId }
        return pageOf(query, {
          of: context.db.tenant(tenantId).prisma.attendance,
          ...{ place: { tenantId }, key: 'uuid' },
          where: { tenantId, branchId, ...own },
          orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        })
      },
    }),
  )
}
