/** What the console says, in English. The keys are the law for every other language. */
export const en = {
  title: 'Modula console',
} as const
