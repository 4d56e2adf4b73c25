export const scopes = { LOYALTY: { read: 'loyalty.read' } } as const

/** The least role that has each. */
export const permissions = {
  'loyalty.read': 'STAFF',
  'loyalty.stamp': 'CASHIER',
  'loyalty.redeem': 'CASHIER',
} as const

export const codes = {
  LOYALTY_SALE_STAMPED: 'This sale is on the card of another guest.',
  LOYALTY_CARD_NOT_FULL: 'This guest does not have so many stamps.',
} as const

export const audits = ['LOYALTY_STAMPED', 'LOYALTY_REDEEMED'] as const
