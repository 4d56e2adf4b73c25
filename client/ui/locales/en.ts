/** What both apps say, in English. The keys are the law for every other language. */
export const en = {
  language: 'Language',
  colorScheme: { label: 'Colours', light: 'Light', dark: 'Dark', auto: 'As the device' },
  connectivity: { online: 'Online', slow: 'Slow', offline: 'Offline' },
  action: {
    cancel: 'Cancel',
    confirm: 'Confirm',
    close: 'Close',
    save: 'Save',
    back: 'Back',
    retry: 'Try again',
    reload: 'Reload',
    signIn: 'Sign in',
    signOut: 'Sign out',
  },
} as const
