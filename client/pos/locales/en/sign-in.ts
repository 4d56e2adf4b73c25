/** Signing in, taking over, choosing a branch. */
export const signIn = {
  title: 'Who is working?',
  choose: 'Tap your name, or type your staff code.',
  first: 'Sign in with your staff code and PIN.',
  known: 'People on this tablet',
  staffCode: 'Staff code',
  pin: 'PIN',
  pinOf: 'PIN of {{name}}',
  submit: 'Sign in',
  takeOver: 'Continue',
  back: 'Back to work',
  tenant: 'Café',
  tenantHelp: 'The code of your business, as your manager gave it to you.',
  otherTenant: 'Another café',
  demo: 'Demo café: staff code “cashier-1”, PIN “1234”.',
  missing: {
    tenant: 'Type the code of your café.',
    staff: 'Type your staff code.',
    pin: 'A PIN has 4 to 12 digits.',
  },
  enrolment: {
    label: 'Code for this device',
    hint: 'A manager makes it in the console (Devices), or lets this device in there: it is listed by …{{id}}. Then say your PIN again.',
  },
  offlineUnknown:
    'There is no connection. Without one, only people who have signed in on this tablet before can start.',
  pad: { label: 'Number pad', back: 'Delete the last digit', clear: 'Clear' },
  branch: {
    title: 'Which branch is this tablet in?',
    text: 'It is remembered. You can change it later in your menu.',
    moved: '{{name}} does not work at {{branch}} any more.',
    none: 'No branch is left: a manager assigns one, then sign in again.',
    left_one:
      'One operation is still on this tablet, not sent or not accepted. Tell a manager of {{branch}}.',
    left_other:
      '{{count}} operations are still on this tablet, not sent or not accepted. Tell a manager of {{branch}}.',
  },
} as const
