import type { Builder } from './builder.ts'

/** Amounts in both currencies, as clients read them. */
export function addMoney(builder: Builder) {
  const Money = builder.objectRef<{ usd: number | bigint; khr: number | bigint }>('MoneyAmounts').implement({
    description: 'US cents and whole riel.',
    fields: (t) => ({ usd: t.expose('usd', { type: 'SafeInt' }), khr: t.expose('khr', { type: 'SafeInt' }) }),
  })
  return { Money }
}
export type MoneyRef = ReturnType<typeof addMoney>['Money']
