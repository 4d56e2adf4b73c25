/** Around every screen: opening, navigation, status, the person. */
export const shell = {
  skip: 'Skip to the content',
  nav: {
    label: 'Main',
    sell: 'Sell',
    work: 'Work',
    cash: 'Cash',
    sales: 'Sales',
    stock: 'Stock',
    device: 'This tablet',
  },
  status: {
    wentOffline: 'Offline. Go on working: everything is kept on this tablet and sent later.',
    wentOnline: 'Online again.',
    wentSlow: 'The connection is slow. Go on working.',
    waiting: 'waiting to be sent,',
    failed: 'not accepted.',
    details: 'Show details',
  },
  role: { STAFF: 'Staff', CASHIER: 'Cashier', MANAGER: 'Manager', ADMIN: 'Administrator' },
  person: {
    switch: 'Switch person',
    branch: 'Switch branch',
  },
  work: {
    start: 'Start work',
    end: 'End work',
    runs: 'At work {{hours}} h {{minutes}} min',
    started: 'Work started.',
    ended: 'Work ended.',
  },
  signOut: {
    title: 'Sign out?',
    plain: 'To sign in again you need a connection, or your PIN on this tablet.',
    waiting_one: 'One operation still waits to be sent.',
    waiting_other: '{{count}} operations still wait to be sent.',
    stays:
      'Nothing is lost: it stays on this tablet, and is sent when somebody of this café signs in here again.',
    cart: 'There is something in your cart. It stays on this tablet, and whoever comes next is asked whose it is.',
    stay: 'Stay signed in',
  },
  banner: {
    lapsed:
      'The server does not know this sign-in any more. Selling goes on; sign in again to send what waits.',
    signInAgain: 'Sign in again',
    shutOut:
      'This tablet has been shut out. What is recorded on it is kept. A manager can let it in again; then sign in.',
    frozen: 'This branch is frozen: nothing can be recorded until an administrator unfreezes it.',
    slow: 'Slow connection. Go on working: everything is kept on this tablet.',
    slowSending: 'Slow connection: {{sent}} of {{total}} sent.',
    offline: 'Offline. Go on selling: everything is kept on this tablet.',
    offlineWaiting_one: 'Offline. Go on selling: one operation waits on this tablet.',
    offlineWaiting_other: 'Offline. Go on selling: {{count}} operations wait on this tablet.',
    clockFast:
      'The clock of this tablet is {{by}} fast. Set it right; sales are dated by the right time meanwhile.',
    clockSlow:
      'The clock of this tablet is {{by}} slow. Set it right; sales are dated by the right time meanwhile.',
    hours: '{{hours}} h {{minutes}} min',
    days: '{{days}} days',
    minutes: '{{minutes}} min',
    refused_one: '{{count}} operation was not accepted.',
    refused_other: '{{count}} operations were not accepted.',
    refusedOf_one: '{{count}} operation was not accepted: {{total}} of sales are in no books.',
    refusedOf_other: '{{count}} operations were not accepted: {{total}} of sales are in no books.',
    look: 'Look',
    longSession:
      'The cash session has been open since {{time}}. Count the drawer and close it, then open a new one.',
    newVersion: 'A new version of the till is ready.',
    takeVersion: 'Update now',
    otherTenant_one: 'One operation of another café waits on this tablet until somebody of theirs signs in.',
    otherTenant_other:
      '{{count}} operations of another café wait on this tablet until somebody of theirs signs in.',
  },
  opening: 'Opening the till',
  hydrating: {
    title: 'Getting the menu and prices',
    first: 'This is needed once; after that the till works without a network.',
    slow: 'The connection is slow: this may take a minute or two.',
    loaded: '{{loaded}} loaded',
    offlineTitle: 'The menu is not on this tablet yet',
    offline: 'Connect the tablet to the network once. From then on it works without.',
    tryNow: 'Try now',
  },
  fault: {
    FULL: {
      title: 'This tablet has no space left',
      text: 'Nothing is lost, but nothing more can be kept. Delete photos or apps on the tablet, then try again.',
    },
    BLOCKED: {
      title: 'The till is open in another tab',
      text: 'That tab still runs an older version. Close all other tabs with the till, then try again.',
    },
    IN_USE: {
      title: 'The till is in use elsewhere',
      text: 'Another program on this device has the data open. Close it, then try again.',
    },
    NEWER: {
      title: 'This is an old version of the till',
      text: 'The data on this tablet was made by a newer version. Connect to the network and reload: the new version comes by itself.',
    },
    UNAVAILABLE: {
      title: 'The browser lets the till keep nothing',
      text: 'The till needs a place for its data. Leave private browsing, allow site data for this address, and reload.',
    },
    LOST: {
      title: 'The till has lost its data for the moment',
      text: 'The system has taken it away and does not give it back. Nothing can be recorded until the till is reloaded.',
    },
    FAILED: {
      title: 'The data on this tablet could not be opened',
      text: 'Reload the till. If that does not help, restart the tablet before you do anything else, and tell your manager.',
    },
  },
  unsent_one: 'One operation was not sent yet, and is lost by reloading: save it as a file first.',
  unsent_other:
    '{{count}} operations were not sent yet, and are lost by reloading: save them as a file first.',
  queueSaved: 'Saved. Read the file in under “This tablet”, here or on another tablet.',
  queueNotSaved: 'What waits here could not be read. Reload first; if that does not help, tell your manager.',
  cleared: {
    title: 'The data of this tablet was cleared',
    text: 'The browser or a person has deleted what the till kept here: people, menu, and anything that was not sent yet. Sign in with a network to set it up again.',
    understood: 'I understand',
  },
  crashed: {
    title: 'Something went wrong on this screen',
    text: 'What was recorded is safe. Reload to go on.',
  },
} as const
