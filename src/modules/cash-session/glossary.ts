import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  CashSession: 'A drawer from its opening to its closing.',
  cashSessionId: 'The cash session: a UUID that the device makes.',
  movementId: 'The movement: a UUID that the device makes.',
  openingFloat: 'What was in the drawer.',
  expected: 'What should be in the drawer by all that is booked.',
  counted: 'What was counted; left out or null: nobody could count.',
  'CashSessionCloseInput.counted': 'What was counted.',
  openedAt: "By the device's clock, put right by what it knew of its error.",
  closedAt: "By the device's clock, put right by what it knew of its error; null: it is open.",
  openedBy: 'The account of who opened it.',
  closedBy: 'The account of who closed it; null: it is open.',
  note: 'What whoever counted had to say; 500 characters at most.',
  movements: 'What went into the drawer and out of it, sales too, in the order in which it happened.',
  CashMovementKind: 'PAID_IN adds to the drawer, PAID_OUT takes from it, ADJUSTMENT does either.',
  Currency: 'US dollars, counted in cents, or whole riel.',
  currency: 'The currency of the amount.',
  'CashMovement.amount': 'What the drawer gained.',
  amount: 'Cents or riel; positive, but an ADJUSTMENT may be negative; never 0.',
  kind: 'Which way it goes.',
  MoneyInput: 'US cents and whole riel, none of them negative.',
  'CashMovement.saleId': 'The sale whose cash it is; null: of none.',
}
