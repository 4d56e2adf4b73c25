/** What the console says, in English. The keys are the law for every other language. */
import { overview } from './en/overview.ts'
import { shell } from './en/shell.ts'
import { words } from './en/words.ts'

export const en = { title: 'Modula console', shell, words, overview } as const
