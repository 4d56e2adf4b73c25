/** What there is, and what was thrown away. */
export const stock = {
  title: 'Stock',
  none: 'There is no stock in this branch yet',
  noneText: 'A manager delivers it in the console.',
  low: 'Low: tell a manager',
  waste: {
    button: 'Throw away',
    buttonFor: 'Throw away {{item}}',
    title: '{{item}}: thrown away',
    quantity: 'How much ({{unit}})',
    needQuantity: 'A whole number, more than nothing.',
    reason: 'Reason',
    reasonHelp: 'For example: spilt, or past its day.',
    needReason: 'Write down why.',
    left: '{{quantity}} {{unit}} are left.',
    confirm: 'Take it off',
    done: 'It is off the stock.',
  },
} as const
