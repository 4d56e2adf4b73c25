/** What the till says, in English. The keys are the law for every other language. */
export const en = {
  title: 'Modula till',
} as const
