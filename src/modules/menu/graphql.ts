import { admitted, checkedId } from '../../graphql/access.ts'
import type { AddReads, Builder } from '../../graphql/builder.ts'
import { longPages } from '../../graphql/long-page.ts'
import { pageOf } from '../../graphql/page.ts'

export const addMenuReads: AddReads = (builder) => {
  addParts(builder)
  addMenu(builder)
}

function addParts(builder: Builder): void {
  builder.prismaObject('MenuCategory', {
    fields: (t) => ({
      id: t.exposeID('id'),
      name: t.exposeString('name'),
      position: t.exposeInt('position'),
    }),
  })
  builder.prismaObject('ModifierGroup', {
    fields: (t) => ({
      id: t.exposeID('id'),
      name: t.exposeString('name'),
      minSelections: t.exposeInt('minSelections'),
      maxSelections: t.exposeInt('maxSelections'),
      options: t.field({
        type: 'JSON',
        description: '[{ id, name, priceUsd, components }]',
        resolve: ({ options }) => options as object,
      }),
    }),
  })
  builder.prismaObject('MenuItem', {
    fields: (t) => ({
      id: t.exposeID('id'),
      revision: t.exposeInt('revision'),
      name: t.exposeString('name'),
      categoryId: t.exposeID('categoryId'),
      priceUsd: t.exposeInt('priceUsd', { description: 'US cents.' }),
      modifierGroupIds: t.exposeIDList('modifierGroupIds'),
      recipe: t.field({
        type: 'JSON',
        description: '[{ stockItemId, name, unit, quantity, tracking }]',
        resolve: ({ recipe }) => recipe as object,
      }),
      visibleIn: t.field({
        type: ['ID'],
        nullable: true,
        description: 'The branches that offer it; null: all of them.',
        resolve: ({ visibleIn }) => visibleIn as string[] | null,
      }),
      archived: t.exposeBoolean('archived'),
    }),
  })
}

function addMenu(builder: Builder): void {
  // An item names up to 20,000 branches, a group 5,000 parts of recipes.
  const items = longPages(builder, 'MenuItem', 'tenantId_id')
  const groups = longPages(builder, 'ModifierGroup', 'tenantId_id')
  const Menu = builder.objectRef<{ tenantId: string }>('Menu').implement({
    description: "The tenant's menu, without what was removed.",
    fields: (t) => ({
      items: t.connection({
        type: items.type,
        args: { categoryId: t.arg.id() },
        resolve: ({ tenantId }, { categoryId, ...args }, context) =>
          items.page(args, context, {
            of: context.db.tenant(tenantId).prisma.menuItem,
            ...{ place: { tenantId }, key: 'text' },
            where: {
              tenantId,
              removed: false,
              ...(categoryId ? { categoryId: checkedId('categoryId', categoryId) } : {}),
            },
            orderBy: { id: 'asc' },
          }),
      }),
      categories: t.prismaConnection({
        type: 'MenuCategory',
        cursor: 'tenantId_id',
        resolve: (query, { tenantId }, _, { db }) =>
          pageOf(query, {
            of: db.tenant(tenantId).prisma.menuCategory,
            ...{ place: { tenantId }, key: 'text' },
            where: { tenantId, removed: false },
            orderBy: [{ position: 'asc' }, { id: 'asc' }],
          }),
      }),
      modifierGroups: t.connection({
        type: groups.type,
        resolve: ({ tenantId }, args, context) =>
          groups.page(args, context, {
            of: context.db.tenant(tenantId).prisma.modifierGroup,
            ...{ place: { tenantId }, key: 'text' },
            where: { tenantId, removed: false },
            orderBy: { id: 'asc' },
          }),
      }),
    }),
  })

  builder.queryField('menu', (t) =>
    t.field({
      type: Menu,
      args: { tenantId: t.arg.id({ required: true }) },
      resolve: async (_, { tenantId }, context) => {
        await admitted(context, tenantId, { permissions: ['menu.read'] })
        return { tenantId }
      },
    }),
  )
}
