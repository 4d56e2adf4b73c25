/** Settings of the whole business. */
export const settings = {
  title: 'Settings of the business',
  name: 'Name of the business',
  timeZone: 'Time zone of new branches',
  actingDays: 'Days in which a till may send for somebody else',
  managerPinDigits: 'Digits in the PIN of a manager or an administrator, at least',
  enrolsDevices: 'Only devices that were let in may sign in',
  refusesOld: 'Sales at replaced prices are refused after a while',
  refuseRevisionsOlderDays: 'Days after which they are refused',
  hint: {
    name: 'Shown at the top of this console. 1 to 100 characters.',
    timeZone: 'Each branch has its own, which can be changed in the overview.',
    actingDays:
      'People share a till, and what one did there without a network may be sent while another is signed in. This many days after their last sign-in there it is refused. 0 to 3,650 days; 0: each sends their own alone.',
    managerPinDigits:
      'Asked of every new PIN, and of whoever is made manager or administrator. PINs that they have already stay good. 4 to 12 digits.',
    enrolsDevices:
      'A manager lets each new tablet or browser in, in Devices: by name, or by a code. Those on which somebody has signed in before stay in.',
    refusesOld:
      'A till without a network sells at the prices and the policy that it knows. Off: such a sale is always taken.',
    refuseRevisionsOlderDays:
      'Counted from when the price or the policy was replaced until the sale reaches the server. 1 to 3,650 days.',
  },
  wrong: {
    name: 'Write 1 to 100 characters.',
    actingDays: 'A whole number from 0 to 3,650.',
    managerPinDigits: 'A whole number from 4 to 12.',
    refuseRevisionsOlderDays: 'A whole number from 1 to 3,650.',
  },
  saved: 'The settings are saved, and hold from now on.',
} as const
