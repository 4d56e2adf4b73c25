import type { Builder } from '../../graphql/builder.ts'
import type { SalesReport } from './report.ts'

/** The report's types in the schema. */
export function addSalesReport(builder: Builder) {
  const OfDay = builder.objectRef<SalesReport['days'][number]>('SalesOfDay').implement({
    fields: (t) => ({
      day: t.exposeString('day'),
      sales: t.expose('sales', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt' }),
      voided: t.expose('voided', { type: 'SafeInt' }),
    }),
  })
  const OfHour = builder.objectRef<SalesReport['hours'][number]>('SalesOfHour').implement({
    fields: (t) => ({
      hour: t.exposeInt('hour', { description: "Of the branch's clock, 0 to 23." }),
      sales: t.expose('sales', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt' }),
      voided: t.expose('voided', { type: 'SafeInt' }),
    }),
  })
  const OfItem = builder.objectRef<SalesReport['items'][number]>('SalesOfItem').implement({
    fields: (t) => ({
      menuItemId: t.exposeID('menuItemId'),
      name: t.exposeString('name'),
      categoryName: t.exposeString('categoryName'),
      quantity: t.expose('quantity', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt', description: 'Of its lines, before VAT.' }),
    }),
  })
  const OfPerson = builder.objectRef<SalesReport['people'][number]>('SalesOfPerson').implement({
    fields: (t) => ({
      actorId: t.exposeID('actorId'),
      sales: t.expose('sales', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt' }),
      voided: t.expose('voided', { type: 'SafeInt' }),
    }),
  })
  return builder.objectRef<SalesReport>('SalesReport').implement({
    description: 'What was sold, in US cents; sales that were voided are counted apart.',
    fields: (t) => ({
      sales: t.expose('sales', { type: 'SafeInt' }),
      totalUsd: t.expose('totalUsd', { type: 'SafeInt' }),
      voided: t.expose('voided', { type: 'SafeInt' }),
      days: t.expose('days', { type: [OfDay], description: 'Each day of the range.' }),
      hours: t.expose('hours', { type: [OfHour], description: 'From the first with a sale to the last.' }),
      items: t.expose('items', { type: [OfItem], description: 'What brought in most first.' }),
      people: t.expose('people', { type: [OfPerson] }),
    }),
  })
}
